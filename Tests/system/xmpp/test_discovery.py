"""Service discovery: what clients learn of an upload service before they use it."""

import time

import pytest
from services import LIMITS
from session import CLIENT, DATA_FORM, DISCO_INFO, UPLOAD, error_of, tree

INFO = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
ITEMS = "<query xmlns='http://jabber.org/protocol/disco#items'/>"
PURPOSES = ["message", "profile", "ephemeral", "permanent"]


def service_of(answer):
    """Name, features and the largest file that an answer to disco#info tells."""
    (query,) = answer
    assert query.tag == f"{DISCO_INFO}query"
    (identity,) = query.iter(f"{DISCO_INFO}identity")
    assert (identity.get("category"), identity.get("type")) == ("store", "file")
    features = [feature.get("var") for feature in query.iter(f"{DISCO_INFO}feature")]
    assert len(features) == len(set(features))
    forms = [
        {field.get("var"): field.findtext(f"{DATA_FORM}value") for field in form}
        for form in query.iter(f"{DATA_FORM}x")
    ]
    # Servers add forms of their own.
    ours = [form for form in forms if form["FORM_TYPE"] == UPLOAD.strip("{}")]
    assert len(ours) <= 1
    return identity.get("name"), features, ours[0]["max-file-size"] if ours else None


def settled(session, service):
    """What is told once the server has heard from slotd, which it asks every few seconds."""
    deadline = time.monotonic() + 15
    while True:
        found = service_of(session.ask(INFO, service))
        if found[2] or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


@pytest.mark.parametrize(
    ("jid", "service"),
    [("romeo@one.test", "upload.one.test"), ("juliet@two.test", "upload.two.test")],
)
def test_the_service_is_as_slotd_says(server, jid, service):
    name, features, largest = settled(server.session(jid), service)
    assert name == f"Files of {service}"
    assert largest == str(LIMITS[service])
    assert UPLOAD.strip("{}") in features
    assert {f"urn:xmpp:http:upload:purpose:0#{purpose}" for purpose in PURPOSES} <= set(features)


def test_the_service_is_among_the_items_of_its_domain(server):
    answer = server.session("romeo@one.test").ask(ITEMS, "one.test")
    assert "upload.one.test" in [item.get("jid") for item in answer.findall("{*}query/{*}item")]


def test_the_service_has_no_items_and_no_nodes(server):
    session = server.session("romeo@one.test")
    answer = session.ask(ITEMS, "upload.one.test")
    assert answer.get("type") == "result" and len(answer[0]) == 0
    error = error_of(session.ask(INFO.replace("/>", " node='x'/>"), "upload.one.test"))
    assert error.get("type") == "cancel" and error[0].tag.endswith("}item-not-found")


def test_without_slotd_the_service_is_still_told(server):
    """Clients ask once, when they log in: they must not miss the service for that moment."""
    name, features, largest = service_of(
        server.session("friar@dead.test").ask(INFO, "upload.dead.test")
    )
    assert (name, largest) == ("HTTP File Upload", None)
    assert UPLOAD.strip("{}") in features


@pytest.mark.parametrize(
    "payload",
    [
        "<request xmlns='urn:xmpp:http:upload'><filename>a</filename><size>1</size></request>",
        "<vCard xmlns='vcard-temp'/>",
        "<request xmlns='urn:example:no-such-thing'/>",
    ],
)
def test_other_requests_are_refused(server, payload):
    error = error_of(server.session("romeo@one.test").ask(payload, "upload.one.test"))
    assert error.get("type") == "cancel"
    assert tree(error[0]) == tree(
        "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    ), "what XEP-0030 wants for what is not advertised"


def test_a_slot_is_asked_for_and_not_set(server):
    request = "<request xmlns='urn:xmpp:http:upload:0' filename='a' size='1'/>"
    answer = server.session("romeo@one.test").ask(request, "upload.one.test", kind="set")
    assert error_of(answer)[0].tag.endswith("}service-unavailable")


def test_answers_and_messages_to_the_service_do_no_harm(server):
    session = server.session("romeo@one.test")
    session.send("<iq type='result' id='r' to='upload.one.test'/>")
    session.send("<iq type='error' id='e' to='upload.one.test'/>")
    session.send("<presence to='upload.one.test'/>")
    session.send("<message to='upload.one.test'><body>hello?</body></message>")
    session.send("<message type='error' to='upload.one.test'><body>no</body></message>")
    assert session.ask(INFO, "upload.one.test").tag == f"{CLIENT}iq"
