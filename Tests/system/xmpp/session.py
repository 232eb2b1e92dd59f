"""An XMPP client that shows every stanza as the server wrote it: no library rounds anything off."""

import base64
import itertools
import select
import socket
import time
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

CLIENT = "{jabber:client}"
UPLOAD = "{urn:xmpp:http:upload:0}"
DISCO_INFO = "{http://jabber.org/protocol/disco#info}"
DATA_FORM = "{jabber:x:data}"

# Every account of the tests has it.
PASSWORD = "wherefore-art-thou"


def tree(element: Element | str):
    """An element as nested tuples, to compare two whole; the languages of texts are left out."""
    if isinstance(element, str):
        element = ElementTree.fromstring(element)
    attributes = {
        name: value for name, value in element.attrib.items() if not name.endswith("}lang")
    }
    return element.tag, attributes, (element.text or "").strip(), [tree(child) for child in element]


def slot_request(filename, size, content_type=None, purpose="") -> str:
    """The `<request/>`; None leaves an attribute out, and `purpose` is the XML inside."""
    attributes = {"filename": filename, "size": size, "content-type": content_type}
    given = "".join(f" {k}={quoteattr(str(v))}" for k, v in attributes.items() if v is not None)
    return f"<request xmlns='urn:xmpp:http:upload:0'{given}>{purpose}</request>"


class Session:
    """One logged-in session: plain XMPP over a loopback socket."""

    def __init__(self, port: int, jid: str):
        self.user, self.domain = jid.split("@")
        self.ids = (f"q{number}" for number in itertools.count())
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self._open_stream()
        secret = base64.b64encode(f"\0{self.user}\0{PASSWORD}".encode()).decode()
        self.send(
            f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>"
        )
        answer = self.receive()
        assert answer.tag.endswith("}success"), ElementTree.tostring(answer)
        self._open_stream()
        bound = self.ask("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>", to=None, kind="set")
        self.jid = bound.findtext(".//{*}jid")
        # The first presence comes back once the server has put the session in its place.
        self.send("<presence/>")
        while not self.receive().tag.endswith("}presence"):
            pass

    def _open_stream(self):
        self.parser = ElementTree.XMLPullParser(["start", "end"])
        self.depth = 0
        self.send(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0'"
            f" xmlns:stream='http://etherx.jabber.org/streams' to='{self.domain}'>"
        )
        assert self.receive().tag.endswith("}features")

    def send(self, xml: str):
        self.socket.sendall(xml.encode())

    def receive(self, seconds: float = 20) -> Element:
        """The next stanza."""
        deadline = time.monotonic() + seconds
        while True:
            for event, element in self.parser.read_events():
                self.depth += 1 if event == "start" else -1
                if self.depth == 1 and event == "end":
                    return element
            readable, _, _ = select.select(
                [self.socket], [], [], max(0, deadline - time.monotonic())
            )
            assert readable, f"no stanza within {seconds} s"
            data = self.socket.recv(65536)
            assert data, "the server closed the stream"
            self.parser.feed(data)

    def receive_answer(self, seconds: float = 20) -> Element:
        """The next IQ."""
        while (stanza := self.receive(seconds)).tag != f"{CLIENT}iq":
            pass
        return stanza

    def request(self, payload: str, to: str | None, kind: str = "get") -> str:
        """Sends an IQ and does not wait; its id."""
        number = next(self.ids)
        address = f" to='{to}'" if to else ""
        self.send(f"<iq type='{kind}' id='{number}'{address}>{payload}</iq>")
        return number

    def ask(self, payload: str, to: str | None, kind: str = "get", seconds: float = 20) -> Element:
        """Sends an IQ; its answer, which must be the next to come."""
        number = self.request(payload, to, kind)
        answer = self.receive_answer(seconds)
        assert answer.get("id") == number, ElementTree.tostring(answer, "unicode")
        assert answer.get("from") in (to, None, self.domain)
        return answer

    def ask_slot(self, to: str, *arguments, **more) -> Element:
        return self.ask(slot_request(*arguments, **more), to)

    def all_answers(
        self, pending: set[str], seconds: float = 30
    ) -> dict[str, tuple[float, Element]]:
        """The answers to all of `pending`, each with the time it came."""
        answers = {}
        while pending - answers.keys():
            answer = self.receive_answer(seconds)
            assert answer.get("id") not in answers, "answered twice"
            answers[answer.get("id")] = time.monotonic(), answer
        return answers

    def close(self):
        self.socket.close()


def slot_of(answer: Element) -> tuple[str, str, list[tuple[str, str]]]:
    """PUT URL, GET URL and headers of an answer that must be a slot and nothing else."""
    assert answer.get("type") == "result", ElementTree.tostring(answer, "unicode")
    (slot,) = answer
    assert slot.tag == f"{UPLOAD}slot" and len(slot) == 2
    put, get = slot.find(f"{UPLOAD}put"), slot.find(f"{UPLOAD}get")
    assert put.attrib.keys() == get.attrib.keys() == {"url"}
    assert all(header.tag == f"{UPLOAD}header" for header in put)
    return put.get("url"), get.get("url"), [(header.get("name"), header.text) for header in put]


def error_of(answer: Element) -> Element:
    """The `<error/>` of an answer that must be one."""
    assert answer.get("type") == "error", ElementTree.tostring(answer, "unicode")
    (error,) = answer.findall(f"{CLIENT}error")
    return error
