"""Others do their worst: good requests are answered all the same, in as much memory as promised."""

import os
import re
import time
from pathlib import Path

from support.attack import FILES_MAX, Attacks, Hecklers, Herd
from support.load import Load
from support.slotd import settings
from support.slots import FIELDS, query

LIMITS = (Path(__file__).parents[2] / "Sources/Wire/Limits.swift").read_text()
WAVES, SECONDS = 2, 11
RATE = 200
SLOT = f"GET /slot?{query(FIELDS)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
DOCUMENT = b"GET /openapi.yaml HTTP/1.1\r\nHost: a\r\n\r\n"
METRICS = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /slot HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
BODY = b'{"jid":"a@b.example","filename":"x","size":1}'
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
TLS_HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(range(193))
HTTP_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000")

HECKLERS = Hecklers(
    [
        TLS_HELLO,
        HTTP_2,
        os.urandom(100),
        os.urandom(100_000),
        b"\0" * 20_000,
        b"A" * 1_000_000,
        b"GET /" + b"a" * 20_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5_000,
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 1_000_000,
        b"GET / HTTP/1.1\r\n" + b"y" * 1_000_000 + b": z\r\nHost: a\r\n\r\n",
        SLOT.replace(b"name=", b"name=" + b"%C3%A9" * 1_000),
        SLOT.replace(b"jid=", b"jid=" + b"x" * 4_000),
        # Where the one request ends, as two readers might see it.
        POST + LENGTH + CHUNKED + b"\r\n0\r\n\r\n" + SLOT,
        POST + CHUNKED + LENGTH + b"\r\n" + BODY + SLOT,
        POST + LENGTH + b"Content-Length: 0\r\n\r\n" + BODY + SLOT,
        POST + b"Content-Length: +%d\r\n\r\n" % len(BODY) + BODY,
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SLOT,
        POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SLOT,
        POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + SLOT,
        POST + CHUNKED + b"\r\n-1\r\n" + BODY + SLOT,
        POST + CHUNKED + b"\r\nfffffffffffffffff\r\n" + BODY + SLOT,
        POST + CHUNKED + b"\r\n2d;" + b"x" * 1_000_000,
        POST + b"Content-Length: 1000000\r\n\r\n" + b" " * 1_000_000,
    ]
)
# Together more than slotd has room for, wherever they come to that.
CROWD = min(10_000, FILES_MAX - 64)
HERDS = {
    "silent": Herd(CROWD),
    "heads just begun": Herd(CROWD, b"GET "),
    "slow heads": Herd(1_000, b"GET /slot?jid=", b"x"),
    "slow bodies": Herd(500, POST + b"Content-Length: 10000\r\n\r\n", b" "),
    "resets": Herd(300, POST + LENGTH + b"\r\n" + BODY[:10], resets=True),
    "slots not read": Herd(100, SLOT * 2_000, SLOT * 100, receive_buffer=4096),
    "documents not read": Herd(100, DOCUMENT * 2_000, DOCUMENT, receive_buffer=4096),
    "metrics not read": Herd(100, METRICS * 2_000, METRICS, receive_buffer=4096),
}


def limit(name: str) -> int:
    return int(re.search(rf"\b{name} = ([0-9_]+)", LIMITS)[1])


def promised_mib() -> float:
    """What the herds may cost: two buffers a connection, of which what was written is resident."""
    buffers = limit("requestBytesMax") + limit("responseBytesMax")
    # Whoever sends less than a page has begun one or two, beside the connection itself.
    costs = (buffers if len(herd.first) > 4096 else 3 * 4096 for herd in HERDS.values())
    return sum(cost * herd.size for cost, herd in zip(costs, HERDS.values(), strict=True)) / 2**20


def test_good_requests_are_answered_under_attack(start_slotd, capsys):
    slotd = start_slotd(settings(workers=2, log_level="notice"))
    address, descriptors, mib = slotd.addresses[0], slotd.descriptors, slotd.resident_mib
    with Load(address, RATE) as load:
        for _ in range(WAVES):
            samples = []
            with Attacks(address, {**HERDS, "hecklers": HECKLERS}) as attacks:
                end = time.monotonic() + SECONDS
                while time.monotonic() < end:
                    time.sleep(0.2)
                    samples.append((slotd.resident_mib, slotd.descriptors))
                done = attacks.stop()
            most_mib, most_descriptors = map(max, zip(*samples, strict=True))
            with capsys.disabled():
                print(*(f"\n{name}: {what}" for name, what in done.items()), sep="")
                print(f"{most_mib:.0f} MiB resident, {most_descriptors} descriptors at most")
            assert not done["hecklers"]["admitted"]
            # A slow machine does not get all of a crowd together in time.
            assert all(done[name]["at once"] > herd.size / 2 for name, herd in HERDS.items())
            assert most_mib < mib + promised_mib()
            assert most_descriptors < FILES_MAX
        tally = load.stop()
    with capsys.disabled():
        print(tally)
    assert not tally.lost, tally.lost[:3]
    assert tally.answered.total() > RATE * WAVES * SECONDS * 0.9
    slotd.wait_until(lambda: slotd.descriptors <= descriptors, 10)
    # It would do that within a minute, too.
    slotd.reload(slotd.configuration.read_text())
    slotd.wait_until(lambda: slotd.resident_mib < mib + 20, 5)
