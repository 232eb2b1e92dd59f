"""Asking for slots in the three dialects, and using them as a client does."""

import json
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from urllib.parse import quote

from support.exchange import Answer

UPLOAD = "urn:xmpp:http:upload:0"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"

# A request that every test's default service grants.
FIELDS = {"jid": "romeo@montague.example", "filename": "très cool.jpg", "size": 23456}


def query(fields: dict) -> str:
    """The query string as ejabberd writes it: `/` and `:` stay raw, `filename` is called `name`."""
    names = {"filename": "name"}
    return "&".join(
        f"{names.get(name, name)}={quote(str(value), safe='/:')}" for name, value in fields.items()
    )


def ask_json(slotd, fields: dict, **more) -> Answer:
    body = json.dumps(fields, ensure_ascii=False)
    return slotd.ask("POST", "/slot", body, content_type="application/json", **more)


def ask_xml(slotd, fields: dict, **more) -> Answer:
    return ask_json(slotd, fields, accept="application/xml", **more)


def ask_ejabberd(slotd, fields: dict, **more) -> Answer:
    return slotd.get(f"/slot?{query(fields)}", **more)


@dataclass(frozen=True)
class Slot:
    put: str
    get: str

    @classmethod
    def of_json(cls, answer: Answer) -> "Slot":
        assert answer.status == 201, answer
        slot = answer.json()
        return cls(slot["put"]["url"], slot["get"]["url"])

    @classmethod
    def of_xml(cls, answer: Answer) -> "Slot":
        assert answer.status == 201, answer
        slot = ElementTree.fromstring(answer.body)
        return cls(*(slot.find(f"{{{UPLOAD}}}{name}").attrib["url"] for name in ("put", "get")))

    @classmethod
    def of_lines(cls, answer: Answer) -> "Slot":
        assert answer.status == 200, answer
        put, get = answer.text.removesuffix("\n").split("\n")
        return cls(put, get)


# Each dialect: how to ask for a slot, and how to read the answer.
DIALECTS = {
    "json": (ask_json, Slot.of_json),
    "xml": (ask_xml, Slot.of_xml),
    "ejabberd": (ask_ejabberd, Slot.of_lines),
}


def ask(slotd, dialect: str = "json", **fields) -> Slot:
    """A slot for the usual request with some fields changed; one that is None is left out."""
    asking, reading = DIALECTS[dialect]
    wanted = {**FIELDS, **fields}
    return reading(
        asking(slotd, {name: value for name, value in wanted.items() if value is not None})
    )


def curl(*arguments, body: bytes | None = None) -> tuple[int, bytes]:
    """What curl makes of it: the HTTP status and the body that came."""
    done = subprocess.run(
        [
            *[
                "curl",
                "--silent",
                "--show-error",
                "--noproxy",
                "*",
                "--globoff",
                "--max-time",
                "30",
            ],
            *["--write-out", "%{stderr}%{http_code}", *arguments],
        ],
        input=body,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    return int(done.stderr), done.stdout


def put(url: str, body: bytes, content_type: str | None = None) -> int:
    """Uploads as an XMPP client does: a length, a type or none, no Expect. The HTTP status."""
    field = f"Content-Type: {content_type}" if content_type else "Content-Type:"
    fields = ["--header", field, "--header", "Expect:"]
    return curl("--request", "PUT", *fields, "--data-binary", "@-", url, body=body)[0]


def get(url: str) -> tuple[int, bytes]:
    """Downloads: the HTTP status and the bytes."""
    return curl(url)
