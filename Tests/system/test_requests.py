"""What becomes of the fields of a request: names, times, hosts, purposes; and of the settings."""

import datetime
import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from support.slotd import host, settings
from support.slots import DIALECTS, FIELDS, Slot, ask, ask_json


@pytest.fixture(scope="module")
def slotd(start_shared_slotd):
    jid_key = "a-key-of-the-test's-own"
    hosts = {
        "upload.@HOST@": host(),
        "upload.all.example": host(access="all", expiration_time=300, token_bytes=16),
        "files.capulet.example": host(service_name="Capulet <files> & more", max_file_size=5),
        "upload.user.example": host(key_layout="user", jid_key=jid_key),
        "upload.cdn.example": host({"download_url": "https://cdn.example.org/x/"}),
        "upload.private.example": host(get="presigned", get_expiration_time=3600),
        "upload.acl.example": host({"add_acl": True}),
        "upload.session.example": host({"session_token": "IQoJb3JpZ2lu//+=/x"}),
        "upload.prefix.example": host({"bucket_url": "http://[::1]:9000/b/custom/prefix"}),
        "upload.chat.example": host(purposes=["message"]),
    }
    return start_shared_slotd(settings(hosts))


def key(slot: Slot, prefix: str = "/mybucket/") -> list[str]:
    """The segments of the object key, decoded."""
    path = urlsplit(slot.put).path
    assert path.startswith(prefix)
    return [unquote(segment) for segment in path.removeprefix(prefix).split("/")]


def parameters(url: str) -> dict[str, str]:
    query = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert all(len(values) == 1 for values in query.values())
    return {name: values[0] for name, values in query.items()}


NAMES = [
    ("très cool.jpg", "très cool.jpg", "kept as it is"),
    ("a/b\\c.txt", "a_b_c.txt", "separators"),
    ("../../etc/passwd", ".._.._etc_passwd", "a path"),
    ("tab\there\x01.txt", "tab_here_.txt", "control characters"),
    ("line\r\nbreak\x7f", "line__break_", "line breaks, and DEL"),
    (".hidden", ".hidden", "a dot before is no matter"),
    ("\u202egnp.exe", "\u202egnp.exe", "bidirectional marks are not ours to judge"),
    (" space ", " space ", "spaces"),
    ("n" * 255, "n" * 255, "the longest that is kept"),
    ("e\u0301.txt", "e\u0301.txt", "decomposed stays so"),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("given, kept, reason", NAMES, ids=[reason for *_, reason in NAMES])
def test_a_file_name_is_kept_as_far_as_it_can_be(slotd, dialect, given, kept, reason):
    token, name = key(ask(slotd, dialect, filename=given))
    assert name == kept, reason
    assert re.fullmatch("[0-9a-f]{64}", token)


@pytest.mark.parametrize("dots", [".", "..", "...", "." * 300])
def test_a_name_that_is_only_dots_is_none(slotd, dots):
    assert re.fullmatch("_+", key(ask(slotd, filename=dots))[1])


@pytest.mark.parametrize(
    "given",
    [
        "n" * 256 + ".jpg",
        "é" * 500 + ".jpg",
        "🦀" * 255 + ".jpg",
        "x" + "é" * 200 + ".jpg",
        "n.n" * 300 + ".jpg",
    ],
)
def test_a_long_name_is_cut_before_its_extension(slotd, given):
    name = key(ask(slotd, filename=given))[1]
    assert name.endswith(".jpg")
    # Whole characters of the stem, as many as fit.
    assert given.startswith(name.removesuffix(".jpg"))
    assert 255 - 3 <= len(name.encode()) <= 255


@pytest.mark.parametrize("given", ["n" * 1024, "n." + "e" * 1000, "." + "é" * 400])
def test_a_long_name_without_a_useful_extension_is_cut_too(slotd, given):
    name = key(ask(slotd, filename=given))[1]
    assert 255 - 3 <= len(name.encode()) <= 255
    assert set(name) <= set(given)


def test_escapes_of_json_are_characters(slotd):
    body = (
        r'{"jid":"rom\u0065o@montague.example","f\u0069lename":"\ud83e\udd80\/\\\"\n.webp",'
        r'"size":1,"unknown":{"a":[1,{"b":null}]}}'
    )
    answer = slotd.ask("POST", "/slot", body, content_type="application/json")
    assert key(Slot.of_json(answer))[1] == '🦀__"_.webp'


def test_a_slot_in_json_has_these_members_and_no_more(slotd):
    answer = ask_json(slotd, FIELDS)
    slot = answer.json()
    assert answer.fields["content-type"] == "application/json"
    assert set(slot) == {"put", "get", "expires_at"}
    assert set(slot["put"]) == {"url", "headers"} and slot["put"]["headers"] == []
    assert set(slot["get"]) == {"url"}
    assert slot["put"]["url"].partition("?")[0] == slot["get"]["url"]


def test_a_slot_in_xml_is_what_the_iq_takes(slotd):
    answer = ask_json(slotd, FIELDS, accept="application/xml")
    pattern = (
        r"<slot xmlns='urn:xmpp:http:upload:0'><put url='([^']*)'/><get url='([^']*)'/></slot>"
    )
    match = re.fullmatch(pattern, answer.text)
    assert match, answer.text
    assert "&amp;X-Amz-" in match[1] and "&amp;amp;" not in match[1]


def test_every_slot_has_its_own_token(slotd):
    assert len({key(ask(slotd))[0] for _ in range(300)}) == 300


@pytest.mark.parametrize(
    "fields, seconds",
    [
        ({}, 60),
        ({"host": "upload.all.example"}, 300),
        ({"expiration_time": 1}, 1),
        ({"expiration_time": 604799}, 604799),
    ],
)
def test_a_url_lives_as_long_as_it_was_asked_to(slotd, fields, seconds):
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    slot = ask_json(slotd, {**FIELDS, **fields}).json()
    after = datetime.datetime.now(datetime.UTC)
    query = parameters(slot["put"]["url"])
    signed = datetime.datetime.strptime(query["X-Amz-Date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    assert before <= signed <= after
    assert query["X-Amz-Expires"] == str(seconds)
    ends = signed + datetime.timedelta(seconds=seconds)
    assert slot["expires_at"] == ends.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    "fields, prefix, query",
    [
        ({"host": "upload.prefix.example", "jid": "a@prefix.example"}, "/b/custom/prefix/", {}),
        ({"jid": "a@acl.example"}, "/mybucket/", {"x-amz-acl": "public-read"}),
        (
            {"jid": "a@session.example"},
            "/mybucket/",
            {"X-Amz-Security-Token": "IQoJb3JpZ2lu//+=/x"},
        ),
    ],
)
def test_what_the_bucket_is_told(slotd, fields, prefix, query):
    slot = ask(slotd, **fields)
    assert len(key(slot, prefix)) == 2
    given = parameters(slot.put)
    fixed = {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires"}
    assert set(given) == fixed | {"X-Amz-SignedHeaders", "X-Amz-Signature"} | set(query)
    assert given["X-Amz-SignedHeaders"] == "content-length;host"
    assert {name: given[name] for name in query} == query
    assert "+" not in urlsplit(slot.put).query


def test_downloads_may_go_elsewhere(slotd):
    slot = ask(slotd, jid="a@cdn.example")
    token, _ = key(slot)
    assert slot.get == f"https://cdn.example.org/x/{token}/tr%C3%A8s%20cool.jpg"


def test_downloads_may_be_signed(slotd):
    slot = ask(slotd, jid="a@private.example")
    query = parameters(slot.get)
    assert slot.get.partition("?")[0] == slot.put.partition("?")[0]
    assert query["X-Amz-Expires"] == "3600"
    assert query["X-Amz-SignedHeaders"] == "host"


def test_a_users_files_share_a_prefix_that_does_not_name_the_user(slotd):
    def parts(jid, **fields):
        return key(ask(slotd, jid=jid, host="upload.user.example", **fields))

    purpose, user, token, name = parts("romeo@user.example")
    assert (purpose, name) == ("message", "très cool.jpg")
    assert re.fullmatch("[0-9a-f]{32,}", user) and "romeo" not in user
    assert parts("romeo@user.example/orchard")[1] == user
    assert parts("juliet@user.example")[1] != user
    assert parts("romeo@user.example")[2] != token
    for other in ("profile", "permanent"):
        assert parts("romeo@user.example", purpose=other)[:2] == [other, user]
    ephemeral = parts(
        "romeo@user.example", purpose="ephemeral", expire_before="2035-01-01T00:00:00Z"
    )
    assert ephemeral[:2] == ["ephemeral", user]


@pytest.mark.parametrize(
    "jid, at, granted",
    [
        ("romeo@montague.example", None, True),
        ("romeo@montague.example", "upload.montague.example", True),
        ("romeo@montague.example", "UPLOAD.Montague.example", True),
        ("ROMEO@MONTAGUE.EXAMPLE/x", None, True),
        ("montague.example", None, True),  # a component or a server is a user too
        ("romeo@montague.example", "upload.verona.example", False),
        ("romeo@montague.example", "upload.all.example", True),
        ("juliet@capulet.example", None, True),  # files.capulet.example stands before the pattern
        ("juliet@capulet.example", "files.capulet.example", True),
        ("romeo@montague.example", "files.capulet.example", False),
        ("romeo@sub.montague.example", "upload.montague.example", False),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_access_local_means_users_of_the_domain(slotd, dialect, jid, at, granted):
    asking, reading = DIALECTS[dialect]
    fields = {**FIELDS, "jid": jid, "size": 5}
    answer = asking(slotd, {**fields, "host": at} if at else fields)
    if granted:
        assert reading(answer).put
    else:
        assert answer.status == 403


def test_a_more_exact_host_comes_before_a_pattern(slotd):
    refused = ask_json(slotd, {**FIELDS, "jid": "juliet@capulet.example", "size": 6})
    assert refused.status == 413
    assert refused.json()["xmpp"]["file_too_large"] == {"max_file_size": 5}


def test_purposes_can_be_refused(slotd):
    fields = {**FIELDS, "jid": "a@chat.example"}
    assert ask_json(slotd, {**fields, "purpose": "message"}).status == 201
    assert ask_json(slotd, fields).status == 201
    refused = ask_json(slotd, {**fields, "purpose": "profile"})
    assert 400 <= refused.status < 500 and refused.json()["xmpp"]["condition"]


class TestService:
    def test_json(self, slotd):
        answer = slotd.get("/service?host=files.capulet.example")
        assert (answer.status, answer.media_type) == (200, "application/json")
        service = answer.json()
        assert service["name"] == "Capulet <files> & more"
        assert service["max_file_size"] == 5
        assert service["features"][0] == "urn:xmpp:http:upload:0"

    def test_no_limit_is_no_member(self, slotd):
        service = slotd.get("/service?host=upload.montague.example").json()
        assert service["name"] == "HTTP File Upload"
        assert "max_file_size" not in service

    def test_xml(self, slotd):
        answer = slotd.get("/service?host=files.capulet.example", accept="application/xml")
        assert (answer.status, answer.media_type) == (200, "application/xml")
        assert "Capulet &lt;files&gt; &amp; more" in answer.text
        assert "<value>5</value>" in answer.text
        assert answer.text.startswith("<query xmlns='http://jabber.org/protocol/disco#info'>")

    @pytest.mark.parametrize(
        "target, status",
        [
            ("/service", 400),
            ("/service?host=", 400),
            ("/service?host=montague.example", 404),
            ("/service?host=upload.montague.example&host=upload.all.example", 400),
            ("/service?host=%FF", 400),
            ("/service?host=UPLOAD.montague.EXAMPLE", 200),
            ("/service?other=1&host=upload.montague.example", 200),
        ],
    )
    def test_its_answers(self, slotd, target, status):
        assert slotd.get(target).status == status


def test_the_documents_own_example(slotd):
    """The answer of contract and README: what a module's author sees first."""
    answer = slotd.ask(
        "POST",
        "/slot",
        json.dumps({"jid": "romeo@montague.example", "filename": "a.jpg", "size": 1}),
        content_type="application/json",
    )
    assert answer.status == 201
    pattern = (
        r"https://s3-eu-west-1\.amazonaws\.com/mybucket/[0-9a-f]{64}/a\.jpg\?"
        r"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F[0-9]{8}%2F"
        r"eu-west-1%2Fs3%2Faws4_request&X-Amz-Date=[0-9]{8}T[0-9]{6}Z&X-Amz-Expires=60&"
        r"X-Amz-SignedHeaders=content-length%3Bhost&X-Amz-Signature=[0-9a-f]{64}"
    )
    assert re.fullmatch(pattern, answer.json()["put"]["url"])
