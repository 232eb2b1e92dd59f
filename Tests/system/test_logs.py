"""What is logged: one line an event, in two forms, and nothing about anybody at any level."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

from support.exchange import Connection, request
from support.metrics import key, scrape
from support.slotd import SECRET_ACCESS_KEY, executable, host, settings, write_settings
from support.slots import FIELDS, ask_ejabberd, ask_json

HOST = "upload.@HOST@"
LEVELS = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
TIME = r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def lines(slotd, message: str, count: int) -> list[str]:
    """The lines with that message, once there are so many."""

    def found():
        all_lines = [line for line in slotd.output().splitlines() if message in line]
        return all_lines if len(all_lines) >= count else None

    result = slotd.wait_until(found, 5)
    assert len(result) == count, result
    return result


def objects(slotd, message: str, count: int) -> list[dict]:
    return [json.loads(line) for line in lines(slotd, f'"{message}"', count)]


def test_a_slot_is_one_line(start_slotd):
    slotd = start_slotd(settings())
    answer = ask_json(slotd, FIELDS)
    (line,) = lines(slotd, "slot granted", 1)
    match = re.fullmatch(
        rf"{TIME} info slot granted host={HOST} size=23456 duration_us=\d+ "
        r"user=[0-9a-f]{12} request=([0-9a-f]{16})",
        line,
    )
    assert match, line
    assert answer.fields["x-request-id"] == match[1]


def test_a_slot_is_one_object(start_slotd):
    slotd = start_slotd(settings({HOST: host(max_file_size=1)}, log_format="json"))
    ask_json(slotd, {**FIELDS, "size": 1})
    (granted,) = objects(slotd, "slot granted", 1)
    assert re.fullmatch(TIME, granted.pop("time"))
    assert re.fullmatch("[0-9a-f]{12}", granted["user"])
    assert isinstance(granted.pop("duration_us"), int)
    answer = ask_ejabberd(slotd, FIELDS)
    (denied,) = objects(slotd, "slot denied", 1)
    assert granted == {
        "level": "info",
        "message": "slot granted",
        "host": HOST,
        "size": 1,
        "user": denied["user"],
        "request": granted["request"],
    }
    del denied["time"]
    assert denied == {
        "level": "info",
        "message": "slot denied",
        "outcome": "file-too-large",
        "host": HOST,
        "user": granted["user"],
        "request": answer.fields["x-request-id"],
    }
    for line in slotd.output().splitlines():
        assert json.loads(line)["level"] in LEVELS


@pytest.mark.parametrize(
    ("fields", "outcome", "also"),
    [
        ({"jid": ""}, "bad-request", []),
        ({"size": 0}, "bad-request", []),
        ({"host": "elsewhere.example"}, "no-such-service", ["user"]),
        ({"jid": "a@b.example", "host": "upload.x.example"}, "forbidden", ["host", "user"]),
    ],
)
def test_a_denial_is_one_line(start_slotd, fields, outcome, also):
    slotd = start_slotd(settings(log_format="json"))
    ask_json(slotd, {**FIELDS, **fields})
    (denied,) = objects(slotd, "slot denied", 1)
    assert denied["outcome"] == outcome
    assert set(denied) == {"time", "level", "message", "outcome", "request", *also}


def test_a_user_has_one_hash_for_as_long_as_the_key_lasts(start_slotd):
    def users(slotd, jids):
        for jid in jids:
            assert ask_json(slotd, {**FIELDS, "jid": jid}).status == 201
        return [line["user"] for line in objects(slotd, "slot granted", len(jids))]

    jids = ["romeo@montague.example", "Romeo@Montague.example/orchard", "benvolio@montague.example"]
    # One worker: the lines of several may pass each other on their way.
    made_up = settings(workers=1, log_format="json")
    one, two, three = users(start_slotd(made_up), jids)
    assert one == two != three
    assert users(start_slotd(made_up), jids)[0] != one, "each start has a key of its own"
    configured = settings(
        workers=1, log_format="json", log_user_key="a-key-of-sixteen-bytes-or-more"
    )
    first = users(start_slotd(configured), jids)
    assert first == users(start_slotd(configured), jids) and first[0] != one


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"x_request_id": "my-own.id:1"}, "my-own.id:1"),
        ({"traceparent": TRACEPARENT}, TRACE),
        ({"traceparent": TRACEPARENT, "x_request_id": "mine"}, "mine"),
        ({"traceparent": TRACEPARENT, "x_request_id": "a b"}, TRACE),
        ({"traceparent": "00-" + "0" * 32 + "-00f067aa0ba902b7-01"}, None),
        ({"x_request_id": "juliet@capulet.example"}, None),
        ({"x_request_id": "x" * 65}, None),
        ({"x_request_id": 'x" y="'}, None),
        ({}, None),
    ],
)
def test_request_ids_are_taken_over_or_made(start_slotd, fields, wanted):
    slotd = start_slotd(settings(workers=1, log_format="json"))
    seen = [
        ask_json(slotd, FIELDS, **fields).fields["x-request-id"],
        ask_ejabberd(slotd, FIELDS, **fields).fields["x-request-id"],
    ]
    assert [line["request"] for line in objects(slotd, "slot granted", 2)] == seen
    if wanted:
        assert seen == [wanted, wanted]
    else:
        assert seen[0] != seen[1] and all(re.fullmatch("[0-9a-f]{16}", id) for id in seen)
    for target in ("/livez", "/metrics", "/nowhere", "/openapi.yaml", "/service"):
        assert slotd.get(target, **fields).fields["x-request-id"]


def test_a_late_body_and_a_refusal_have_ids_too(start_slotd):
    slotd = start_slotd(settings(log_format="json"))
    body = json.dumps(FIELDS)
    with slotd.connect() as connection:
        connection.send(
            f"POST /slot HTTP/1.1\r\nHost: a\r\nX-Request-Id: late\r\nContent-Length: {len(body)}"
            "\r\n\r\n"
        )
        assert slotd.get("/livez", x_request_id="between").fields["x-request-id"] == "between"
        connection.send(body)
        assert connection.answer().fields["x-request-id"] == "late"
        connection.send("GET / HTTP/1.1\r\n\r\n")
        assert connection.answer().fields["x-request-id"]
    assert objects(slotd, "slot granted", 1)[0]["request"] == "late"


def test_signals_change_the_level(start_slotd):
    slotd = start_slotd(settings())

    def send(sign):
        count = slotd.output().count("log level changed")
        slotd.process.send_signal(sign)
        slotd.wait_until(lambda: slotd.output().count("log level changed") > count)

    slotd.get("/livez")
    send(signal.SIGUSR1)
    assert "now=debug" in slotd.output()
    slotd.get("/livez")
    (line,) = lines(slotd, "request answered", 1)
    assert re.fullmatch(rf"{TIME} debug request answered route=/livez status=200 .*", line)
    for _ in range(2):
        send(signal.SIGUSR2)
    assert "now=notice" in slotd.output()
    ask_json(slotd, FIELDS)
    send(signal.SIGUSR1)
    ask_json(slotd, FIELDS)
    lines(slotd, "slot granted", 1)
    for _ in range(9):
        send(signal.SIGUSR2)
    assert "now=critical" in slotd.output()


@pytest.mark.parametrize("log_format", ["human", "json"])
@pytest.mark.parametrize("level", LEVELS)
def test_no_level_names_anybody(start_slotd, level, log_format):
    token = "a-token-that-nobody-may-read"
    hosts = {HOST: host(max_file_size=99, key_layout="user", jid_key="a-key-nobody-may-read")}
    hosts["upload.open.example"] = host({"session_token": "session-nobody-may-read"}, access="all")
    slotd = start_slotd(settings(hosts, tokens=[token], log_format=log_format, log_level="notice"))
    bearer = {"authorization": f"Bearer {token}"}
    shift = LEVELS.index(level) - LEVELS.index("notice")
    for step in range(abs(shift)):
        slotd.process.send_signal(signal.SIGUSR1 if shift < 0 else signal.SIGUSR2)
        slotd.wait_until(lambda step=step: slotd.output().count("level changed") > step)
    asked = {"jid": "juliet@capulet.example/balcony", "filename": "diary-of-juliet.txt", "size": 9}
    urls = []
    for fields in (asked, {**asked, "host": "upload.open.example"}):
        slot = ask_json(slotd, fields, **bearer).json()
        urls += [slot["put"]["url"], slot["get"]["url"]]
    for wrong in ({"size": 100}, {"size": 0}, {"host": "juliet.example"}, {"jid": "juliet@"}):
        assert ask_json(slotd, {**asked, **wrong}, **bearer).status >= 400
        assert ask_ejabberd(slotd, {**asked, **wrong}, **bearer).status >= 400
    ask_json(slotd, asked)
    slotd.get(f"/ejabberd/{token}?jid=juliet@capulet.example&name=diary-of-juliet.txt&size=1")
    slotd.get(f"/ejabberd/{token}-wrong?jid=juliet@capulet.example&name=diary&size=1")
    slotd.get("/juliet/diary", **bearer)
    slotd.get("/service?host=juliet.example", **bearer)
    slotd.get("/livez", x_request_id="juliet@capulet.example")
    slotd.get("/livez", traceparent="juliet", user_agent="juliet", referer="/diary-of-juliet.txt")
    with slotd.connect() as connection:
        connection.send("GET /juliet HTTP/1.1\r\ndiary : juliet\r\n\r\n")
        connection.answer()
    assert slotd.stop() == 0
    log = slotd.output()
    object_tokens = [url.partition("?")[0].split("/")[-2] for url in urls]
    signatures = re.findall("X-Amz-Signature=([0-9a-f]+)", " ".join(urls))
    assert len(signatures) == 2
    secrets = [token, "juliet", "capulet", "diary", "nobody-may-read", SECRET_ACCESS_KEY, "X-Amz"]
    for secret in [*secrets, *object_tokens, *signatures]:
        assert secret not in log, secret
    assert ("slot granted" in log) == (LEVELS.index(level) <= LEVELS.index("info"))


def test_nobody_waits_for_a_stderr_that_stands_still(tmp_path):
    """Every request is answered while nobody reads the log; afterwards it says what is missing."""
    configuration = write_settings(settings(workers=1, log_format="json"), tmp_path)
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", "--", executable(), "serve", "--config", configuration],
        stdin=subprocess.DEVNULL,
        stderr=writing,
    )
    os.close(writing)
    try:
        log = b""
        while b"ready" not in log:
            log += os.read(reading, 65536)
        port = int(re.search(rb"listening on 127\.0\.0\.1:(\d+)", log)[1])
        # More lines than the pipe and the ring hold together.
        count = 5000
        with Connection(f"127.0.0.1:{port}", 30) as connection:
            asked = request("GET", "/slot?jid=a@b.example&name=x&size=1", host="a")
            for _ in range(count // 50):
                connection.send(asked * 50)
                for _ in range(50):
                    assert connection.answer().status == 200
        process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        while piece := os.read(reading, 65536):
            log += piece
        assert process.wait(10) == 0
        assert time.monotonic() - start < 5
    finally:
        process.kill()
        process.wait()
        os.close(reading)
    events = [json.loads(line) for line in log.splitlines()]
    written = sum(event["message"] == "slot granted" for event in events)
    dropped = sum(event.get("count", 0) for event in events if "dropped" in event["message"])
    assert dropped > 0 and written + dropped == count


def test_what_is_logged_is_what_is_counted(start_slotd):
    slotd = start_slotd(settings(workers=3))
    for _ in range(40):
        ask_json(slotd, FIELDS)
    granted = key("slotd_slots_total", host=HOST, outcome="granted")
    assert len(lines(slotd, "slot granted", 40)) == scrape(slotd)[granted] == 40
