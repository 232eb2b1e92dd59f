"""slotd for longer: nothing is lost, nothing piles up. `Tests/soak` runs it for much longer."""

import json
import re
import subprocess
import time

from support.handover import activated, listening
from support.load import SECRETS, Load
from support.metrics import difference, key, scrape
from support.slotd import host, settings
from support.slots import DIALECTS, FIELDS, query

HOST = "upload.@HOST@"


def configuration(number: int) -> dict:
    """One of several that follow each other: with another key, lifetime and set of hosts."""
    access_key_id, secret = list(SECRETS.items())[number % len(SECRETS)]
    bucket = {"access_key_id": access_key_id, "secret_access_key": secret}
    hosts = {HOST: host(bucket, expiration_time=60 + number % 7)}
    hosts |= {f"upload.{each}.example": host() for each in range(number % 3)}
    return settings(hosts, workers=2)


def test_reloads_and_a_restart_lose_no_request(tmp_path, pytestconfig, capsys):
    """A reload a second, and in the middle a restart between sockets that were handed over."""
    seconds = pytestconfig.getoption("--seconds")
    lives = []
    with listening() as socket, Load(f"127.0.0.1:{socket.getsockname()[1]}") as load:
        for life in range(2):
            directory = tmp_path / str(life)
            directory.mkdir()
            with activated(directory, configuration(0), socket) as slotd:
                lives.append(samples := [])
                begun = time.monotonic()
                for number in range(1, seconds // 2 + 1):
                    time.sleep(max(begun + number - time.monotonic(), 0))
                    samples.append((slotd.resident_mib, slotd.descriptors))
                    slotd.reload(configuration(number))
                if life == 1:
                    tally = load.stop()
    with capsys.disabled():
        print(f"\n{tally}")
        for samples in lives:
            print("resident MiB:", *(f"{mib:.1f}" for mib, _ in samples))
            print("descriptors:", *(count for _, count in samples))
    assert not tally.lost, tally.lost[:3]
    for samples in lives:
        mib, descriptors = zip(*samples, strict=True)
        assert_flat(mib, 3)
        # Each client has one connection at most, but one that it closed may still be open here.
        assert_flat(descriptors, 2 * load.clients)


def assert_flat(samples, tolerance: float):
    """The second half of the samples does not go above the first by more than that."""
    half = len(samples) // 2
    assert max(samples[half:]) <= max(samples[:half]) + tolerance, samples


def hammer(slotd, dialect: str, count: int):
    """Exactly so many requests by h2load; fails where an answer has another status or length."""
    asking, _ = DIALECTS[dialect]
    sample = asking(slotd, FIELDS)
    arguments = ["h2load", "--h1", f"--requests={count - 1}", "--clients=32"]
    if dialect == "ejabberd":
        arguments.append(f"{slotd.url}/slot?{query(FIELDS)}")
    else:
        body = slotd.log.with_name("body")
        body.write_text(json.dumps(FIELDS))
        accept = "application/xml" if dialect == "xml" else "*/*"
        arguments += [f"--data={body}", "--header=Content-Type: application/json"]
        arguments += [f"--header=Accept: {accept}", f"{slotd.url}/slot"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert f"{count - 1} done, {count - 1} succeeded, 0 failed, 0 errored" in done, done
    assert re.search(rf"\({(count - 1) * len(sample.body)}\) data$", done, re.MULTILINE), done


def test_counters_are_exact_and_memory_is_flat(start_slotd, pytestconfig, capsys):
    """As many slots as a busy server needs in a day, each of them counted once."""
    rounds = 10
    each, rest = divmod(pytestconfig.getoption("--slots") // rounds, len(DIALECTS))
    counts = dict.fromkeys(DIALECTS, each) | {"ejabberd": each + rest}
    # Without a line for each slot: they would be the larger part of a gigabyte.
    slotd = start_slotd(settings(workers=2, log_level="notice"))
    before, samples, begun = scrape(slotd), [], time.monotonic()
    for _ in range(rounds):
        for dialect, count in counts.items():
            hammer(slotd, dialect, count)
        samples.append((slotd.resident_mib, slotd.descriptors))
    after, seconds = scrape(slotd), time.monotonic() - begun
    mib, descriptors = zip(*samples, strict=True)
    granted = rounds * sum(counts.values())
    with capsys.disabled():
        print(f"\n{granted} slots in {seconds:.0f} s")
        print("resident MiB:", *(f"{each:.1f}" for each in mib))
        print("descriptors:", *descriptors)

    def rise(name: str, **labels: str) -> float:
        return after[key(name, **labels)] - before.get(key(name, **labels), 0)

    assert rise("slotd_slots_total", host=HOST, outcome="granted") == granted
    assert rise("mod_http_upload_s3_count", host_type=HOST, function="create_slot") == granted
    assert rise("slotd_slot_duration_seconds_count") == granted
    assert rise("slotd_slot_bytes_sum") == granted * FIELDS["size"]
    assert difference(before, after, "slotd_http_requests_total") == {
        frozenset({"route": "/slot", "code": "200"}.items()): rounds * (each + rest),
        frozenset({"route": "/slot", "code": "201"}.items()): rounds * each * 2,
        frozenset({"route": "/metrics", "code": "200"}.items()): 1,
    }
    assert_flat(mib, 2)
    assert_flat(descriptors, 2)
