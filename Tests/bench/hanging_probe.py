"""Latency of slots beside a probe that hangs.

A bucket takes connections and says nothing, so that a probe waits 15 s for its upload and as long
to delete it again. Both slotds take turns, round after round, each started anew: what else the
machine does falls on both alike.
"""

import argparse
import os
import socket
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from load import Load, wrk
from scenarios import Scenario
from servers import ask, free_port, running

SCENARIOS = [
    Scenario("GET, 1 connection", connections=1),
    Scenario("GET, 32 connections"),
    Scenario("POST, JSON", target="/slot", body='{"jid":"a@b.example","filename":"x","size":1}'),
]

SETTINGS = """
listen = ["127.0.0.1:{port}"]
workers = 1
log_level = "warning"
probe_interval = {interval}

[hosts."upload.@HOST@"]
s3.bucket_url = "http://127.0.0.1:{bucket}/uploads"
s3.region = "eu-west-1"
"""


@contextmanager
def hanging():
    """A listener whose connections are never answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        yield listener


def measured(slotd: str, scenario: Scenario, probes: bool, seconds: int, cores: list[int]) -> Load:
    """One round; ends the benchmark where the probe did not hang all the time."""
    with tempfile.TemporaryDirectory() as place, hanging() as bucket:
        port, settings = free_port(), Path(place) / "slotd.toml"
        values = {"port": port, "bucket": bucket.getsockname()[1], "interval": int(probes)}
        settings.write_text(SETTINGS.format(**values))
        command = [slotd, "serve", "--config", settings]
        with running(command, port, cores[:1]):
            probe = bucket.accept()[0] if probes else None
            length = ask(port, scenario.request()).length
            found = wrk(port, scenario, seconds, cores[1:], length)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                if b'"status":"unknown"' not in answer.read():
                    sys.exit("the probe has ended: give fewer --seconds")
            if probe:
                probe.close()
    return found


def row(name: str, what: str, loads: list[Load]) -> str:
    line = f"{name:20} {what:14}"
    for part in ("median", "tail"):
        figures = [getattr(load, part) for load in loads]
        line += f" {f'{median(figures):.0f} ({min(figures)}-{max(figures)})':>18}"
    return line


def main():
    parser = argparse.ArgumentParser(prog="Tests/bench/hanging-probe", description=__doc__)
    parser.add_argument("--slotd", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of load in each round; at most 10")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        sys.exit("two cores are needed: one for slotd, one for the load")
    print(f"{options.rounds} rounds of {options.seconds} s; median of the rounds (lowest-highest)")
    print(f"{'':20} {'probe':14} {'p50 µs':>18} {'p99 µs':>18}")
    for scenario in SCENARIOS:
        loads: dict[bool, list[Load]] = {False: [], True: []}
        for _ in range(options.rounds):
            for probes, found in loads.items():
                found.append(
                    measured(options.slotd, scenario, probes, min(options.seconds, 10), cores)
                )
        for probes, found in loads.items():
            print(row(scenario.name, "hangs" if probes else "none", found), flush=True)


if __name__ == "__main__":
    main()
