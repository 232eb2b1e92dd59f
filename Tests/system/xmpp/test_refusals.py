"""Every way to get no slot: the exact stanza error, and what the operator reads."""

import time

import pytest
from services import LIMITS, STUB_TIMEOUT
from session import error_of, slot_of, tree
from stub_slotd import GARBAGE

UPLOADER, SERVICE = "romeo@one.test", "upload.one.test"
STUBBED, STUB = "nurse@stub.test", "upload.stub.test"

ERRORS = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"


def error(kind: str, condition: str, text: str, more: str = ""):
    """The `<error/>` that a refusal must be, whole."""
    return tree(
        f"<error xmlns='jabber:client' type='{kind}'><{condition} {ERRORS}/>"
        f"<text {ERRORS}>{text}</text>{more}</error>"
    )


def told(element) -> tuple[str, str]:
    """Type and condition of an `<error/>`, whose text is slotd's to choose but must be there."""
    assert element.findtext("{urn:ietf:params:xml:ns:xmpp-stanzas}text")
    return element.get("type"), element[0].tag.removeprefix("{urn:ietf:params:xml:ns:xmpp-stanzas}")


OUT_OF_ORDER = error("cancel", "internal-server-error", "The upload service is out of order")
NO_ANSWER = error(
    "wait", "remote-server-timeout", "The upload service does not answer; try again later"
)
BUSY = error(
    "wait", "resource-constraint", "Too many uploads are being prepared; try again in a moment"
)


@pytest.mark.parametrize("size", [LIMITS[SERVICE] + 1, 2**63, 10**30])
def test_too_large(server, size):
    refused = error_of(server.session(UPLOADER).ask_slot(SERVICE, "a.bin", size))
    assert told(refused) == ("modify", "not-acceptable")
    assert tree(refused[-1]) == tree(
        "<file-too-large xmlns='urn:xmpp:http:upload:0'>"
        f"<max-file-size>{LIMITS[SERVICE]}</max-file-size></file-too-large>"
    )


def test_each_host_has_its_own_limit(server):
    size = LIMITS["upload.two.test"]
    session = server.session("juliet@two.test")
    slot_of(session.ask_slot("upload.two.test", "a.bin", size))
    refused = error_of(session.ask_slot("upload.two.test", "a.bin", size + 1))
    assert refused.findtext(".//{*}max-file-size") == str(size)
    slot_of(server.session(UPLOADER).ask_slot(SERVICE, "a.bin", size + 1))


@pytest.mark.parametrize(
    "size", ["0", "-1", "+5", "1.5", "0x10", "1e3", "5 ", "", "٣", "many", '1,"size":2', None]
)
def test_malformed_size(server, size):
    refused = error_of(server.session(UPLOADER).ask_slot(SERVICE, "a.bin", size))
    assert told(refused) == ("modify", "bad-request")


@pytest.mark.parametrize("name", [None, "", "n" * 1025])
def test_malformed_name(server, name):
    refused = error_of(server.session(UPLOADER).ask_slot(SERVICE, name, 1))
    assert told(refused) == ("modify", "bad-request")


@pytest.mark.parametrize(
    "name", ['"', "\\", '\\","jid":"x', "a\tb\nc", "\u202egpj.exe", "../../etc"]
)
def test_names_that_could_break_out_of_json(server, name):
    slot_of(server.session(UPLOADER).ask_slot(SERVICE, name, 1))


@pytest.mark.parametrize(
    ("purpose", "reason"),
    [
        ("<shrug xmlns='urn:xmpp:http:upload:purpose:0'/>", "unknown"),
        ("<ephemeral xmlns='urn:xmpp:http:upload:purpose:0'/>", "ephemeral for how long"),
        ("<ephemeral xmlns='urn:xmpp:http:upload:purpose:0' expire-before='soon'/>", "no time"),
        ("<profile xmlns='urn:xmpp:http:upload:purpose:0'/>" * 2, "which one"),
    ],
    ids=lambda value: value if " " not in value else "",
)
def test_malformed_purpose(server, purpose, reason):
    refused = error_of(server.session(UPLOADER).ask_slot(SERVICE, "a", 1, purpose=purpose))
    assert told(refused) == ("modify", "bad-request"), reason


def test_forbidden_by_slotd(server):
    refused = error_of(server.session("mercutio@one.test").ask_slot(SERVICE, "a.bin", 1))
    assert told(refused) == ("auth", "forbidden")


def test_forbidden_by_the_server(server):
    refused = error_of(server.session("tybalt@one.test").ask_slot(SERVICE, "a.bin", 1))
    assert tree(refused) == error("auth", "forbidden", "Access denied by service policy")


def test_the_server_is_asked_before_slotd(server):
    """So that who may not upload cannot make slotd work either."""
    refused = error_of(server.session("tybalt@one.test").ask_slot("upload.dead.test", "a", 1))
    assert refused[0].tag.endswith("}forbidden")


def test_quota(server):
    refused = error_of(server.session(STUBBED).ask_slot(STUB, "quota", 1))
    assert tree(refused) == error(
        "wait",
        "resource-constraint",
        "Told by the stub",
        "<retry xmlns='urn:xmpp:http:upload:0' stamp='2027-01-02T03:04:05Z'/>",
    )


def test_unavailable_for_now(server):
    """A 503 with a small Retry-After: answered at once, not asked again for ever."""
    refused = error_of(server.session(STUBBED).ask_slot(STUB, "unavailable", 1))
    assert tree(refused) == error("wait", "service-unavailable", "Told by the stub")


def test_headers_reach_the_client(server):
    _, _, headers = slot_of(server.session(STUBBED).ask_slot(STUB, "headers", 1))
    assert headers == [("Authorization", "Bearer a.b"), ("Cookie", "c=d; e")]


NO_ANSWERS = {"nothing", "not HTTP", "cut short", "an endless field", "longer than bearable"}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage(server, name):
    started = time.monotonic()
    refused = tree(error_of(server.session(STUBBED).ask_slot(STUB, name, 1)))
    assert time.monotonic() - started < STUB_TIMEOUT + 1
    assert refused == OUT_OF_ORDER or (name in NO_ANSWERS and refused == NO_ANSWER)
    slot_of(server.session(STUBBED).ask_slot(STUB, "a.bin", 1))


def test_the_operator_reads_what_is_wrong(server):
    server.session(STUBBED).ask_slot(STUB, "another's 401", 1)
    server.session(STUBBED).ask_slot(STUB, "HTML", 1)
    # Servers write their logs with a delay.
    server.wait_until(lambda: "slotd wants a token (status 401)" in server.log_text())
    server.wait_until(lambda: "status 200 with an answer that is not slotd's" in server.log_text())


def test_stopped(server):
    started = time.monotonic()
    refused = error_of(server.session("friar@dead.test").ask_slot("upload.dead.test", "a.bin", 1))
    assert tree(refused) == NO_ANSWER
    assert time.monotonic() - started < 1, "a refused connection is known at once"


def test_hanging(server):
    started = time.monotonic()
    refused = error_of(server.session(STUBBED).ask_slot(STUB, "hang", 1))
    assert tree(refused) == NO_ANSWER
    assert STUB_TIMEOUT - 0.1 < time.monotonic() - started < STUB_TIMEOUT + 1
