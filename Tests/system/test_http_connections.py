"""Connections from outside: persistence, pipelining, half-close, interim answers, deadlines."""

import contextlib
import email.utils
import socket
import time

import pytest

from support.exchange import Connection, request
from support.slotd import Slotd, settings

BODY = '{"jid":"romeo@montague.example","filename":"x","size":1}'
POST = (
    "POST /slot HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(BODY)}\r\n"
)
GET = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def slotd(start_shared_slotd):
    return start_shared_slotd(settings())


@pytest.fixture(scope="module")
def hasty(start_shared_slotd):
    """One whose deadlines a test can wait for."""
    deadlines = {"head_timeout": 1, "body_timeout": 1, "idle_timeout": 2, "write_timeout": 1}
    return start_shared_slotd(settings(**deadlines))


@pytest.mark.parametrize(
    "version, field, stays",
    [
        ("1.1", None, True),
        ("1.1", "keep-alive", True),
        ("1.1", "close", False),
        ("1.1", "Close", False),
        ("1.1", "x, close", False),
        ("1.1", "closer", True),
        ("1.0", None, False),
        ("1.0", "keep-alive", True),
        ("1.0", "Keep-Alive", True),
        ("1.0", "close", False),
        ("1.0", "keep-alive, close", False),
    ],
)
def test_persistence(slotd, version, field, stays):
    """RFC 9112 section 9.3."""
    fields = "Host: a\r\n" + (f"Connection: {field}\r\n" if field else "")
    with slotd.connect() as connection:
        connection.send(f"GET /livez HTTP/{version}\r\n{fields}\r\n")
        answer = connection.answer()
        assert answer.status == 200
        if stays:
            if version == "1.0":
                assert answer.fields["connection"] == "keep-alive"
            assert connection.ask("GET", "/livez").status == 200
        else:
            assert answer.fields["connection"] == "close"
            assert connection.ended() == b""


def test_answers_come_in_the_order_of_the_requests(slotd):
    """RFC 9112 section 9.3.2, with bodies of both framings between."""
    with slotd.connect() as connection:
        for round_ in range(50):
            connection.send(
                f"GET /slot?jid=a@b.example&name=first-{round_}&size=1 HTTP/1.1\r\nHost: a\r\n\r\n"
                + f"GET /nothing-{round_} HTTP/1.1\r\nHost: a\r\n\r\n"
                + f"{POST}\r\n{BODY}"
                + "POST /slot HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + f"Transfer-Encoding: chunked\r\n\r\n{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n"
                + "HEAD /livez HTTP/1.1\r\nHost: a\r\n\r\n"
            )
        for round_ in range(50):
            first = connection.answer()
            assert first.status == 200 and f"/first-{round_}?".encode() in first.body
            assert connection.answer().status == 404
            assert connection.answer().status == 201
            assert connection.answer().status == 201
            assert connection.answer("HEAD").status == 200


def test_the_last_of_a_pipeline_can_close(slotd):
    with slotd.connect() as connection:
        connection.send(GET + GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n") + GET)
        assert connection.answer().status == 200
        assert connection.answer().fields["connection"] == "close"
        assert connection.ended() == b""


@pytest.mark.parametrize("count", [1, 3])
def test_a_client_may_half_close_and_is_answered(slotd, count):
    with slotd.connect() as connection:
        connection.send(GET * count)
        connection.finish()
        for _ in range(count):
            assert connection.answer().status == 200
        assert connection.ended() == b""


class TestExpectations:
    """RFC 9110 section 10.1.1."""

    EXPECTING = f"{POST}Expect: 100-continue\r\n\r\n"

    def test_a_body_is_asked_for(self, slotd):
        with slotd.connect() as connection:
            connection.send(self.EXPECTING)
            assert connection.interim() == 100
            connection.send(BODY)
            assert connection.answer().status == 201
            assert connection.ask("GET", "/livez").status == 200

    def test_one_that_came_already_is_not(self, slotd):
        with slotd.connect() as connection:
            connection.send(self.EXPECTING + BODY)
            answer = connection.answer()
            assert answer.status == 201

    def test_a_body_that_is_not_wanted_is_not_asked_for(self, slotd):
        with slotd.connect() as connection:
            large = self.EXPECTING.replace(f"Length: {len(BODY)}", "Length: 1000000")
            connection.send(large)
            status, fields, _ = connection._head()
            assert status == 413 and fields["connection"] == "close"

    def test_http_1_0_knows_no_interim_answers(self, slotd):
        with slotd.connect() as connection:
            connection.send(self.EXPECTING.replace("HTTP/1.1", "HTTP/1.0"))
            assert connection.silent(0.3)
            connection.send(BODY)
            assert connection._head()[0] == 201

    def test_without_a_body_there_is_nothing_to_ask_for(self, slotd):
        with slotd.connect() as connection:
            connection.send(GET.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"))
            assert connection._head()[0] == 200

    def test_curl_expects_it(self, slotd):
        with slotd.connect() as connection:
            sent = request(
                "POST", "/slot", BODY, content_type="application/json", expect="100-Continue"
            )
            head, _, body = sent.partition(b"\r\n\r\n")
            connection.send(head + b"\r\n\r\n")
            assert connection.interim() == 100
            connection.send(body)
            assert connection.answer().status == 201


def test_date_is_now(slotd):
    """RFC 9110 section 6.6.1, in the form of section 5.6.7."""
    date = slotd.get("/livez").fields["date"]
    then = email.utils.parsedate_to_datetime(date)
    assert abs(then.timestamp() - time.time()) < 3
    assert email.utils.format_datetime(then, usegmt=True) == date


def waited(connection: Connection) -> float:
    start = time.monotonic()
    connection.ended()
    return time.monotonic() - start


class TestDeadlines:
    @pytest.mark.parametrize("sent", ["G", GET[:-2], "\r\nG", GET + "GET /"])
    def test_a_head_must_come_in_time(self, hasty, sent):
        with hasty.connect() as connection:
            connection.send(sent)
            if sent.startswith(GET):
                assert connection.answer().status == 200
            start = time.monotonic()
            answer = connection.answer()
            assert answer.status == 408 and answer.fields["connection"] == "close"
            assert connection.ended() == b""
            assert 0.5 < time.monotonic() - start < 5

    def test_a_byte_now_and_then_is_not_in_time(self, hasty):
        start = time.monotonic()
        with hasty.connect() as connection:
            try:
                for byte in GET * 10:
                    connection.send(byte)
                    time.sleep(0.1)
                    if time.monotonic() - start > 8:
                        break
            except (BrokenPipeError, ConnectionResetError):
                pass
        assert time.monotonic() - start < 5

    def test_a_body_must_not_pause(self, hasty):
        with hasty.connect() as connection:
            connection.send(f"{POST}\r\n{BODY[:10]}")
            start = time.monotonic()
            assert connection.answer().status == 408
            assert connection.ended() == b""
            assert 0.5 < time.monotonic() - start < 5

    def test_an_idle_connection_ends_without_a_word(self, hasty):
        with hasty.connect() as connection:
            assert connection.ask("GET", "/livez").status == 200
            assert 1 < waited(connection) < 6

    def test_a_connection_that_never_asks_ends_too(self, hasty):
        with hasty.connect() as connection:
            assert waited(connection) < 6

    def test_answers_must_be_read(self, hasty):
        """A client that sends and never reads is dropped, and others do not notice."""
        with socket.socket() as greedy:
            greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            address, port = hasty.addresses[0].rsplit(":", 1)
            greedy.connect((address, int(port)))
            greedy.settimeout(1)
            start = time.monotonic()
            with pytest.raises((BrokenPipeError, ConnectionResetError)):
                while time.monotonic() - start < 15:
                    try:
                        greedy.send(b"GET /openapi.yaml HTTP/1.1\r\nHost: a\r\n\r\n" * 100)
                    except TimeoutError:
                        assert hasty.get("/livez").status == 200
            assert hasty.get("/livez").status == 200

    def test_the_default_lets_idle_connections_be_for_longer_than_ejabberd_does(self, slotd):
        """ejabberd closes after 120 s; a few seconds have to do here for an alarm too early."""
        with slotd.connect() as connection:
            assert connection.ask("GET", "/livez").status == 200
            assert connection.silent(4)
            assert connection.ask("GET", "/livez").status == 200


@pytest.mark.parametrize("address", ["127.0.0.1:0", "[::1]:0", "unix"])
def test_every_kind_of_listener(start_slotd, short_directory, address):
    path = short_directory / "slotd.sock"
    other = "[::1]:0" if address.startswith("127") else "127.0.0.1:0"
    listen = [f"unix:{path}" if address == "unix" else address, other]
    slotd = start_slotd(settings(listen=listen))
    assert len(slotd.addresses) == 2
    for listener in range(2):
        with slotd.connect(listener) as connection:
            for _ in range(3):
                answer = connection.ask("GET", "/slot?jid=a@b.example&name=x&size=1")
                assert answer.status == 200
    if address == "unix":
        assert slotd.addresses[0] == f"unix:{path}"
        slotd.stop()
        assert not path.exists(), "the socket's file goes with its slotd"


def test_a_socket_that_was_left_behind_is_taken_over(start_slotd, short_directory):
    path = short_directory / "left.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    slotd = start_slotd(settings(listen=[f"unix:{path}"]))
    assert slotd.get("/livez").status == 200


def test_many_connections_at_once(slotd):
    connections = [slotd.connect() for _ in range(500)]
    try:
        for connection in connections:
            connection.send(GET)
        assert {connection.answer().status for connection in connections} == {200}
    finally:
        for connection in connections:
            connection.socket.close()


class TestCrowds:
    """More clients than descriptors: whoever is waited for for longest makes room."""

    @pytest.fixture
    def crowded(self, tmp_path):
        limit = ["prlimit", "--nofile=64:64", "--"]
        with Slotd(settings(workers=1), tmp_path, wrapper=limit) as slotd:
            yield slotd

    def test_whoever_idles(self, crowded):
        with contextlib.ExitStack() as all_:
            idle, busy = ([all_.enter_context(crowded.connect()) for _ in range(15)] for _ in "ab")
            for connection in idle:
                assert connection.ask("GET", "/livez").status == 200
            for connection in busy:
                connection.send(GET[:10])
            for _ in range(15):
                new = all_.enter_context(crowded.connect())
                assert new.ask("GET", "/livez").status == 200
            for connection in busy:
                connection.send(GET[10:])
                assert connection.answer().status == 200
            assert idle[0].ended() == b""

    def test_whoever_stands_in_the_middle(self, crowded):
        with contextlib.ExitStack() as all_:
            busy = [all_.enter_context(crowded.connect()) for _ in range(100)]
            for connection in busy:
                connection.send(GET[:10])
            assert crowded.get("/livez").status == 200
            assert busy[0].ended() == b""
            busy[-1].send(GET[10:])
            assert busy[-1].answer().status == 200
            # There is a descriptor left for the file.
            crowded.reload(settings())
