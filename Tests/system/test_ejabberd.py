"""ejabberd's dialect, byte for byte: what its client sends, and what it takes for an answer."""

import re

import pytest

from support.slotd import host, settings
from support.slots import Slot

# Recorded from ejabberd 23.01 on OTP 25: an empty `te`, and a `content-length` on a GET.
RECORDED = (
    "GET {target} HTTP/1.1\r\n"
    "content-length: 0\r\n"
    "te: \r\n"
    "host: 127.0.0.1:18080\r\n"
    "connection: keep-alive\r\n"
    "\r\n"
)
GRANTED = "/slot?jid=romeo%40localhost&name=tr%C3%A8s%20cool.jpg&size=23456&content_type=image/jpeg"
TOKEN = "a-token/with+signs=and-more"
PATH_TOKEN = "a-token%2Fwith%2Bsigns%3Dand-more"


@pytest.fixture(scope="module")
def slotd(start_shared_slotd):
    hosts = {"upload.localhost": host(max_file_size=30000, content_types=["image/*"])}
    return start_shared_slotd(settings(hosts))


@pytest.fixture(scope="module")
def guarded(start_shared_slotd):
    hosts = {"upload.localhost": host()}
    return start_shared_slotd(settings(hosts, tokens=[TOKEN]))


def recorded(target: str) -> str:
    return RECORDED.format(target=target)


def test_the_recorded_request_gets_two_lines(slotd):
    with slotd.connect() as connection:
        connection.send(recorded(GRANTED))
        answer = connection.answer()
    assert answer.status == 200
    assert b"\r" not in answer.body, "a CR would become part of the URL"
    put, get = answer.body.decode().removesuffix("\n").split("\n")
    assert re.fullmatch(r"https://[!-~]+/[0-9a-f]{64}/tr%C3%A8s%20cool\.jpg", get)
    assert re.fullmatch(re.escape(get) + r"\?X-Amz-[!-~]+", put)
    assert int(answer.fields["content-length"]) == len(answer.body)
    assert answer.media_type == "text/plain"


def test_one_connection_serves_request_after_request(slotd):
    """httpc keeps its connection without limit: none may be asked to close it."""
    with slotd.connect() as connection:
        for _ in range(1000):
            connection.send(recorded(GRANTED))
            answer = connection.answer()
            assert answer.status == 200
            assert answer.fields.get("connection", "keep-alive") == "keep-alive"


@pytest.mark.parametrize(
    "target, name",
    [
        ("/slot?jid=d%5C27artagnan%40localhost&name=x&size=1", "x"),
        ("/slot?jid=j%C3%BCrgen%2Bx%40localhost&name=a%2Bb&size=1", "a%2Bb"),
        ("/slot?jid=romeo%40localhost&name=../../etc/passwd&size=1", ".._.._etc_passwd"),
        ("/slot?jid=romeo%40localhost&name=100%25.jpg&size=1", "100%25.jpg"),
        ("/slot?size=1&name=x&jid=romeo%40localhost", "x"),
        ("/slot?jid=romeo%40localhost&name=x&size=1&unknown=1", "x"),
        ("/slot?jid=romeo%40localhost/orchard&name=x&size=1", "x"),
        ("/slot?jid=romeo%40localhost&name=x&size=005", "x"),
    ],
)
@pytest.mark.parametrize("suffix", ["", "&content_type=IMAGE/JPEG", "&type=image/png"])
def test_what_ejabberd_encodes_is_understood(slotd, target, name, suffix):
    if not suffix:
        target += "&content_type=image/x-any"
    with slotd.connect() as connection:
        connection.send(recorded(target + suffix))
        slot = Slot.of_lines(connection.answer())
    assert slot.get.rsplit("/", 1)[1] == name


@pytest.mark.parametrize(
    "change, status",
    [
        ("size=23456 -> size=0", 400),
        ("size=23456 -> size=-1", 400),
        ("size=23456 -> size=", 400),
        ("size=23456 -> size=1.5", 400),
        ("size=23456 -> size=0x10", 400),
        ("&size=23456 -> ", 400),
        ("size=23456 -> size=23456&size=23456", 400),
        ("jid=romeo%40localhost -> jid=", 400),
        ("jid=romeo%40localhost -> jid=%40localhost", 400),
        ("jid=romeo%40localhost& -> ", 400),
        ("name=tr%C3%A8s%20cool.jpg -> name=", 400),
        ("name=tr%C3%A8s -> name=%E8", 400),  # no UTF-8
        ("name=tr%C3 -> name=tr%C", 400),  # a broken escape
        ("name=tr%C3%A8s%20cool.jpg& -> ", 400),
        ("localhost -> elsewhere.example", 404),
        ("size=23456 -> size=30001", 413),
        ("size=23456 -> size=1000000000000000000000000000000", 413),
        ("size=23456 -> size=" + "9" * 400, 413),
        ("size=23456 -> size=18446744073709551617", 413),  # 2^64 + 1
        ("image/jpeg -> text/html", 403),
    ],
)
def test_an_error_is_a_status_and_never_says_when_to_retry(slotd, change, status):
    before, after = change.split(" -> ")
    assert before in GRANTED
    with slotd.connect() as connection:
        connection.send(recorded(GRANTED.replace(before, after)))
        answer = connection.answer()
        assert answer.status == status
        assert "retry-after" not in answer.fields, "503 with it freezes ejabberd for ever"
        # The connection lives on: a refused slot is no fault of the connection.
        connection.send(recorded(GRANTED))
        assert connection.answer().status == 200


def test_a_size_without_limit_has_one_all_the_same(guarded):
    """No file has 10^30 bytes, and no bucket's number for it does not overflow."""
    target = f"/ejabberd/{PATH_TOKEN}?jid=romeo%40localhost&name=x&size=1{'0' * 30}"
    assert guarded.get(target).status == 413


@pytest.mark.parametrize(
    "path, status",
    [
        (f"/ejabberd/{PATH_TOKEN}", 200),
        ("/ejabberd/another-token-of-some-length", 401),
        (f"/ejabberd/{PATH_TOKEN}x", 401),
        (f"/ejabberd/{PATH_TOKEN[:-1]}", 401),
        ("/ejabberd/", 404),
        ("/slot", 401),
    ],
)
def test_the_path_can_carry_the_token(guarded, path, status):
    query = GRANTED.partition("?")[2]
    with guarded.connect() as connection:
        connection.send(recorded(f"{path}?{query}"))
        answer = connection.answer()
    assert answer.status == status
    assert "retry-after" not in answer.fields
    assert ("www-authenticate" in answer.fields) == (status == 401)
