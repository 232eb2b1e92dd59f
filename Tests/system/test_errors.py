"""The table of errors, row by row in the three dialects."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from support.slotd import host, settings
from support.slots import FIELDS, STANZAS, UPLOAD, ask_ejabberd, ask_json, ask_xml

LIMIT = 20000


@pytest.fixture(scope="module")
def slotd(start_shared_slotd):
    service = host(
        max_file_size=LIMIT,
        content_types=["image/*", "text/plain"],
        access=["montague.example", "juliet@capulet.example"],
    )
    return start_shared_slotd(settings({"upload.@HOST@": service, "upload.open.example": host()}))


# Situation: fields that differ from a request that is granted (None: left out), problem type, XMPP
# error type and condition, status in JSON and XML, status in ejabberd's dialect.
GRANTED = {**FIELDS, "size": LIMIT, "content_type": "image/jpeg"}
BAD_REQUEST = ("bad-request", "modify", "bad-request", 400, 400)
FORBIDDEN = ("forbidden", "auth", "forbidden", 403, 403)
NO_SERVICE = ("no-such-service", "cancel", "item-not-found", 404, 404)
TOO_LARGE = ("file-too-large", "modify", "not-acceptable", 413, 413)
TYPE = ("media-type-not-allowed", "modify", "not-acceptable", 422, 403)
STRANGER = "paris@capulet.example"

ROWS = {
    # Who asks
    "no jid": ({"jid": None}, BAD_REQUEST),
    "an empty jid": ({"jid": ""}, BAD_REQUEST),
    "a jid without a user": ({"jid": "@montague.example"}, BAD_REQUEST),
    "a jid without a domain": ({"jid": "romeo@"}, BAD_REQUEST),
    "a jid with a space in the user": ({"jid": "ro meo@montague.example"}, BAD_REQUEST),
    "a jid of 3072 bytes": ({"jid": "romeo@montague.example/" + "r" * 3049}, BAD_REQUEST),
    "a user of 1024 bytes": ({"jid": "r" * 1024 + "@montague.example"}, BAD_REQUEST),
    # What it is called
    "no file name": ({"filename": None}, BAD_REQUEST),
    "an empty file name": ({"filename": ""}, BAD_REQUEST),
    "a file name of 1025 bytes": ({"filename": "n" * 1025}, BAD_REQUEST),
    "a file name of 1026 bytes in 513 characters": ({"filename": "é" * 513}, BAD_REQUEST),
    # How large it is
    "no size": ({"size": None}, BAD_REQUEST),
    "no bytes": ({"size": 0}, BAD_REQUEST),
    "a negative size": ({"size": -1}, BAD_REQUEST),
    "half a byte": ({"size": 1.5}, BAD_REQUEST),
    "one byte above the limit": ({"size": LIMIT + 1}, TOO_LARGE),
    "2^63": ({"size": 2**63}, TOO_LARGE),
    "2^64 + 1": ({"size": 2**64 + 1}, TOO_LARGE),
    "a size of 31 digits": ({"size": 10**30}, TOO_LARGE),
    # What it is
    "a type without a subtype": ({"content_type": "image"}, BAD_REQUEST),
    "a type of three words": ({"content_type": "not a type"}, BAD_REQUEST),
    "a type of 256 bytes": ({"content_type": "image/" + "x" * 250}, BAD_REQUEST),
    "a type with a line break": ({"content_type": "image/jpeg\r\nx: y"}, BAD_REQUEST),
    "a type that is not allowed": ({"content_type": "text/html"}, TYPE),
    "a subtype that is not allowed": ({"content_type": "text/plainer"}, TYPE),
    "no type where types are listed": ({"content_type": None}, TYPE),
    # What it is for
    "an unknown purpose": ({"purpose": "fun"}, BAD_REQUEST),
    "ephemeral without an end": ({"purpose": "ephemeral"}, BAD_REQUEST),
    "an end without ephemeral": ({"expire_before": "2035-01-01T00:00:00Z"}, BAD_REQUEST),
    "an end of another purpose": (
        {"purpose": "profile", "expire_before": "2035-01-01T00:00:00Z"},
        BAD_REQUEST,
    ),
    "an end that is no time": ({"purpose": "ephemeral", "expire_before": "later"}, BAD_REQUEST),
    "an end in another zone": (
        {"purpose": "ephemeral", "expire_before": "2035-01-01T00:00:00+01:00"},
        BAD_REQUEST,
    ),
    "an end on a day that is none": (
        {"purpose": "ephemeral", "expire_before": "2035-02-29T00:00:00Z"},
        BAD_REQUEST,
    ),
    # How long the URL lives
    "no life": ({"expiration_time": 0}, BAD_REQUEST),
    "a life of a week": ({"expiration_time": 604800}, BAD_REQUEST),
    "a negative life": ({"expiration_time": -1}, BAD_REQUEST),
    # Whether it is allowed, and where
    "a user who is not listed": ({"jid": STRANGER}, FORBIDDEN),
    "a stranger with a file too large": ({"jid": STRANGER, "size": LIMIT + 1}, FORBIDDEN),
    "a stranger with a bad type": ({"jid": STRANGER, "content_type": "text/html"}, FORBIDDEN),
    "a service of another domain": ({"host": "upload.open.example"}, FORBIDDEN),
    "a host that is no service": ({"host": "montague.example"}, NO_SERVICE),
    "a host that is no domain": ({"host": "not a domain"}, NO_SERVICE),
}


def request_of(changes: dict) -> dict:
    fields = {**GRANTED, **changes}
    return {name: value for name, value in fields.items() if value is not None}


@pytest.fixture(params=ROWS)
def row(request):
    changes, expected = ROWS[request.param]
    return request_of(changes), *expected


def test_json(slotd, row):
    fields, kind, error_type, condition, status, _ = row
    answer = ask_json(slotd, fields)
    assert answer.status == status, answer
    assert answer.fields["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:slotd:problem:{kind}"
    assert problem["status"] == status
    assert problem["title"]
    xmpp = {"type": error_type, "condition": condition}
    if kind == "file-too-large":
        xmpp["file_too_large"] = {"max_file_size": LIMIT}
    assert problem["xmpp"] == xmpp


def test_xml(slotd, row):
    fields, kind, error_type, condition, status, _ = row
    answer = ask_xml(slotd, fields)
    assert answer.status == status, answer
    assert answer.media_type == "application/xml"
    # Without a namespace of its own, so that it takes the stanza's where it is inserted.
    error = ElementTree.fromstring(answer.body)
    assert (error.tag, error.attrib) == ("error", {"type": error_type})
    names = [child.tag for child in error if child.tag != f"{{{STANZAS}}}text"]
    expected = [f"{{{STANZAS}}}{condition}"]
    if kind == "file-too-large":
        expected.append(f"{{{UPLOAD}}}file-too-large")
        assert error.find(f".//{{{UPLOAD}}}max-file-size").text == str(LIMIT)
    assert names == expected


def test_ejabberd(slotd, row):
    fields, *_, status = row
    answer = ask_ejabberd(slotd, fields)
    assert answer.status == status, answer
    assert answer.media_type == "text/plain"
    assert "retry-after" not in answer.fields


def test_the_row_that_all_others_differ_from_is_granted(slotd):
    assert ask_json(slotd, GRANTED).status == 201
    assert ask_xml(slotd, GRANTED).status == 201
    assert ask_ejabberd(slotd, GRANTED).status == 200


# What only JSON can get wrong: the whole body, and why.
BODIES = [
    ("", "nothing"),
    ("{", "cut short"),
    ("[]", "an array"),
    ('"x"', "a string"),
    ("null", "null"),
    ("{} {}", "two values"),
    ("{'jid':'a@b'}", "single quotes"),
    ('{"jid":"a@b",}', "a comma too many"),
    ('\ufeff{"jid":"romeo@montague.example","filename":"x","size":1}', "a byte order mark"),
    ('{"jid":"romeo@montague.example","filename":"x","size":1} x', "more behind it"),
    ('{"jid":"romeo@montague.example","filename":"x","size":1,"size":1}', "a member twice"),
    ('{"jid":"romeo@montague.example","filename":"x","size":1,"s\\u0069ze":2}', "twice, escaped"),
    ('{"jid":"romeo@montague.example","filename":"x","size":1,"y":1,"y":1}', "unknown, twice"),
    ('{"jid":"romeo@montague.example","filename":"x","size":"1"}', "a size in quotes"),
    ('{"jid":"romeo@montague.example","filename":"x","size":1.0}', "a size with a point"),
    ('{"jid":"romeo@montague.example","filename":"x","size":1e3}', "a size with an exponent"),
    ('{"jid":"romeo@montague.example","filename":"x","size":01}', "a leading zero"),
    ('{"jid":"romeo@montague.example","filename":"x","size":+1}', "a sign"),
    ('{"jid":"romeo@montague.example","filename":"x","size":null}', "null for a size"),
    ('{"jid":"romeo@montague.example","filename":"x","size":true}', "true for a size"),
    ('{"jid":"romeo@montague.example","filename":null,"size":1}', "null for a name"),
    ('{"jid":["romeo@montague.example"],"filename":"x","size":1}', "an array for a jid"),
    ('{"jid":"romeo@montague.example","filename":"\\ud800","size":1}', "half a surrogate pair"),
    ('{"jid":"romeo@montague.example","filename":"a\tb","size":1}', "a raw control character"),
    ('{"jid":"romeo@montague.example","filename":"\\x41","size":1}', "an unknown escape"),
    ('{"jid":"romeo@montague.example","filename":"x","size":1,"y":' + "[" * 4000, "deep, and open"),
    (b'{"jid":"romeo@montague.example","filename":"\xe8.jpg","size":1}', "Latin-1"),
    (b'{"jid":"romeo@montague.example","filename":"\xc0\xaf","size":1}', "overlong UTF-8"),
]


@pytest.mark.parametrize("body, reason", BODIES, ids=[reason for _, reason in BODIES])
def test_a_body_that_is_no_request(slotd, body, reason):
    with slotd.connect() as connection:
        answer = connection.ask("POST", "/slot", body, content_type="application/json")
        assert answer.status == 400, reason
        assert answer.json()["xmpp"] == {"type": "modify", "condition": "bad-request"}
        # A wrong body is whole all the same, so the connection goes on.
        granted = json.dumps(GRANTED)
        again = connection.ask("POST", "/slot", granted, content_type="application/json")
        assert again.status == 201


def test_a_body_of_another_type_is_not_read(slotd):
    for kind in ("text/plain", "application/xml", "application/jsonp", "json"):
        answer = slotd.ask("POST", "/slot", json.dumps(GRANTED), content_type=kind)
        assert answer.status == 415, kind
        assert answer.json()["type"] == "urn:slotd:problem:unsupported-media-type"
    for kind in ("application/json; charset=utf-8", "Application/JSON"):
        answer = slotd.ask("POST", "/slot", json.dumps(GRANTED), content_type=kind)
        assert answer.status == 201, kind


@pytest.mark.parametrize(
    "accept, media_type",
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json, application/xml", "application/json"),
        ("application/xml, application/json", "application/xml"),
        ("text/xml", "application/xml"),
        ("application/xml", "application/xml"),
        ("application/xml, application/json;q=0.5", "application/xml"),
        ("application/json;q=0.1, application/xml;q=0.2", "application/xml"),
        ("application/json, application/xml;q=0.9", "application/json"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "application/xml"),
    ],
)
def test_accept_chooses_the_dialect(slotd, accept, media_type):
    fields = {"accept": accept} if accept else {}
    assert ask_json(slotd, GRANTED, **fields).media_type == media_type
    refused = ask_json(slotd, {**GRANTED, "size": LIMIT + 1}, **fields)
    assert refused.media_type == media_type.replace("/json", "/problem+json")
