"""A stand-in for slotd, for the answers that slotd never gives: late, broken, hostile, of quotas.

The file name of a request chooses the answer: a name in `ANSWERS` gets it, any other a fixed slot.
Run as `python stub_slotd.py PORT`. It is no slotd: it checks nothing and keeps nothing.
"""

import asyncio
import json
import sys

NS = "urn:xmpp:http:upload:0"
NS_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"

SERVICE = f"""<query xmlns='http://jabber.org/protocol/disco#info'>
<identity category='store' type='file' name='Stub'/><feature var='{NS}'/>
<x xmlns='jabber:x:data' type='result'>
<field var='FORM_TYPE' type='hidden'><value>{NS}</value></field>
<field var='max-file-size'><value>1000</value></field></x></query>"""


def answer(body: str | bytes, status: str = "201 Created", fields: str = "") -> bytes:
    data = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(data)}\r\n{fields}\r\n"
    return head.encode() + data


def slot(put="https://stub.test/put", get="https://stub.test/get", headers="", ns=NS) -> str:
    return f"<slot xmlns='{ns}'><put url='{put}'>{headers}</put><get url='{get}'/></slot>"


def error(kind: str, condition: str, more: str = "", text: str = "Told by the stub") -> str:
    return (
        f"<error type='{kind}'><{condition} xmlns='{NS_ERRORS}'/>"
        f"<text xmlns='{NS_ERRORS}'>{text}</text>{more}</error>"
    )


RETRY = f"<retry xmlns='{NS}' stamp='2027-01-02T03:04:05Z'/>"

# What slotd will say one day, and the modules understand already.
ANSWERS = {
    "quota": answer(
        error("wait", "resource-constraint", RETRY), "429 Too Many Requests", "Retry-After: 60\r\n"
    ),
    # A 503 with a small Retry-After makes Erlang's own HTTP client repeat the request for ever.
    "unavailable": answer(
        error("wait", "service-unavailable"), "503 Service Unavailable", "Retry-After: 1\r\n"
    ),
    "headers": answer(
        slot(
            headers="<header name='Authorization'>Bearer a.b</header>"
            "<header name='Cookie'>c=d; e</header>"
        )
    ),
}

# No answers of slotd's at all; each with the reason it is here.
GARBAGE = {
    "nothing": b"",
    "not HTTP": b"\x00\xff\x13\x37 what?\r\n\r\n",
    "no body": answer(""),
    "cut short": answer(slot())[:-9],
    "longer than bearable": b"HTTP/1.1 201 Created\r\nContent-Length: 99999999999\r\n\r\n"
    + b" " * 200_000,
    "an endless field": b"HTTP/1.1 201 Created\r\nX: " + b"x" * 200_000,
    "HTML": answer("<html><body>It works!</body></html>", "200 OK"),
    "unclosed HTML": answer("<html><body><p>It works!", "200 OK"),
    "JSON": answer(json.dumps({"put": {"url": "https://a/"}, "get": {"url": "https://a/"}})),
    "not UTF-8": answer(
        slot(put="https://stub.test/\N{LATIN SMALL LETTER E WITH GRAVE}").encode("latin-1")
    ),
    "an entity bomb": answer(f"<!DOCTYPE s [<!ENTITY a 'aaaaaaaa'>]>{slot(put='https://a/&a;')}"),
    "a redirect": answer("", "302 Found", "Location: http://127.0.0.1:1/\r\n"),
    "another's 401": answer("go away", "401 Unauthorized"),
    "another's 404": answer("<html/>", "404 Not Found"),
    "another's 500": answer("<html/>", "500 Internal Server Error"),
    "a slot of another kind": answer(slot(ns="urn:xmpp:http:upload")),
    "a slot without GET": answer(f"<slot xmlns='{NS}'><put url='https://stub.test/'/></slot>"),
    "a URL with a space": answer(slot(put="https://stub.test/a b")),
    "a URL with a line feed": answer(slot(get="https://stub.test/a&#10;b")),
    "a URL with a line feed last": answer(slot(get="https://stub.test/a&#10;")),
    "a URL beyond ASCII": answer(
        slot(put="https://stub.test/tr\N{LATIN SMALL LETTER E WITH GRAVE}s")
    ),
    "a URL that runs": answer(slot(get="javascript:alert(1)")),
    "an empty URL": answer(slot(put="")),
    "a header of another name": answer(slot(headers="<header name='Content-Type'>a/b</header>")),
    "a header in another spelling": answer(
        slot(headers="<header name='authorization'>Basic x</header>")
    ),
    "a header with a line feed": answer(
        slot(headers="<header name='Cookie'>a&#10;X-Evil: b</header>")
    ),
    "a header without value": answer(slot(headers="<header name='Cookie'/>")),
    "an error without condition": answer("<error type='cancel'/>", "400 Bad Request"),
    "an error of no type": answer(error("shrug", "bad-request"), "400 Bad Request"),
    "an error of no RFC": answer(
        f"<error type='cancel'><oops xmlns='{NS_ERRORS}'/></error>", "400 Bad Request"
    ),
}
ANSWERS |= GARBAGE

# Seconds that a request for the file `hang` gets no answer.
HANG = 10

DEFAULT, DISCO = answer(slot()), answer(SERVICE, "200 OK")


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"POST "):
            writer.write(DISCO)
            return
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if line)
        request = json.loads(await reader.readexactly(int(fields[b"content-length"])))
        if request["filename"] == "hang":
            await asyncio.sleep(HANG)
        writer.write(ANSWERS.get(request["filename"], DEFAULT))
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(port: int):
    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
