"""From start to end: what is logged, how a running slotd is told to stop, and what it leaves."""

import signal
import threading
import time

import pytest

from support.exchange import Connection
from support.slotd import SECRET_ACCESS_KEY, Slotd, settings
from support.slots import ask_json

BODY = '{"jid":"romeo@montague.example","filename":"x","size":1}'
POST = (
    "POST /slot HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(BODY)}\r\n\r\n"
)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=lambda sign: sign.name)
def test_a_signal_ends_it_at_once_when_there_is_nothing_to_do(start_slotd, sign):
    slotd = start_slotd(settings())
    with slotd.connect() as idle:
        assert idle.ask("GET", "/livez").status == 200
        start = time.monotonic()
        assert slotd.stop(sign=sign) == 0
        assert time.monotonic() - start < 2, "an idle connection is nothing to wait for"
        assert idle.ended() == b""
    with pytest.raises(ConnectionRefusedError):
        slotd.connect()


def test_requests_under_way_are_answered(start_slotd):
    slotd = start_slotd(settings())
    with slotd.connect() as head, slotd.connect() as body, slotd.connect() as later:
        head.send("GET /livez HTTP/1.1\r\nHost:")
        body.send(POST + BODY[:10])
        assert later.ask("GET", "/livez").status == 200
        slotd.process.send_signal(signal.SIGTERM)
        slotd.wait_until(lambda: refused(slotd.addresses[0]))
        head.send(" a\r\n\r\n")
        body.send(BODY[10:])
        for connection, statuses in ((head, {200}), (body, {201, 503})):
            answer = connection.answer()
            assert answer.status in statuses
            assert answer.fields["connection"] == "close"
            assert connection.ended() == b""
        if answer.status == 503:
            assert answer.json()["xmpp"]["type"] == "wait"
        assert slotd.process.wait(5) == 0


def refused(address: str) -> bool:
    try:
        Connection(address).socket.close()
    except ConnectionRefusedError:
        return True
    return False


def test_one_that_never_ends_its_request_is_not_waited_for_for_ever(start_slotd):
    slotd = start_slotd(settings(shutdown_timeout=1, body_timeout=60))
    with slotd.connect() as connection:
        connection.send(POST + BODY[:10])
        assert slotd.get("/livez").status == 200
        start = time.monotonic()
        assert slotd.stop() == 0
        assert 0.5 < time.monotonic() - start < 4


def test_no_request_is_lost_while_it_drains(start_slotd):
    """Under load every request that was sent is answered, or its connection was never accepted."""
    slotd = start_slotd(settings())
    answered, lost = [], []

    def load():
        while True:
            try:
                connection = slotd.connect()
            except OSError:
                return
            with connection:
                for _ in range(20):
                    try:
                        answer = connection.ask("GET", "/slot?jid=a@b.example&name=x&size=1")
                    except (AssertionError, OSError) as error:
                        lost.append(error)
                        return
                    answered.append(answer.status)
                    if answer.fields.get("connection") == "close":
                        break

    workers = [threading.Thread(target=load) for _ in range(8)]
    for worker in workers:
        worker.start()
    time.sleep(0.5)
    assert slotd.stop() == 0
    for worker in workers:
        worker.join(10)
    assert len(answered) > 100 and set(answered) <= {200, 503}
    # A connection that was idle when the signal came may be closed under the next request; no more
    # than one each.
    assert len(lost) <= len(workers)


def test_ready_is_said_after_every_listener(start_slotd):
    slotd = start_slotd(settings(listen=["127.0.0.1:0", "[::1]:0"]))
    log = slotd.output()
    assert log.index("listening on 127.0.0.1:") < log.rindex("ready")
    assert log.index("listening on [::1]:") < log.rindex("ready")


def test_the_log_names_nobody_and_holds_no_secret(start_slotd):
    token = "a-token-that-nobody-may-read"
    slotd = start_slotd(settings(tokens=[token]))
    bearer = {"authorization": f"Bearer {token}"}
    name, jid = "diary-of-juliet.txt", "juliet@capulet.example"
    slot = ask_json(slotd, {"jid": jid, "filename": name, "size": 1}, **bearer).json()
    assert slotd.get(f"/ejabberd/{token}?jid={jid}&name={name}&size=1").status == 200
    assert slotd.get(f"/ejabberd/{token}x?jid={jid}&name={name}&size=1").status == 401
    assert ask_json(slotd, {"jid": jid, "filename": name, "size": 0}, **bearer).status == 400
    assert slotd.stop() == 0
    object_token = slot["get"]["url"].split("/")[-2]
    for secret in (token, name, "juliet", SECRET_ACCESS_KEY, "X-Amz-Signature", object_token):
        assert secret not in slotd.output(), secret


def test_a_crash_would_be_seen(tmp_path):
    with (
        pytest.raises(AssertionError, match="slotd ended with"),
        Slotd(settings(), tmp_path) as slotd,
    ):
        slotd.process.send_signal(signal.SIGSEGV)
        slotd.process.wait(20)
