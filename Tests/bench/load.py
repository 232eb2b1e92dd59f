"""What servers are loaded with: wrk, connections that do nothing, and a scraper."""

import resource
import select
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scenarios import Scenario


@dataclass(frozen=True)
class Load:
    """What wrk counted; latencies in µs."""

    answers: int
    seconds: float
    median: int
    tail: int


def wrk(port: int, scenario: Scenario, seconds: int, cores: list[int], length: int) -> Load:
    """Loads a server whose every answer has so many bytes; another, or none, ends the benchmark."""
    connections = scenario.connections
    arguments = ["taskset", "--cpu-list", ",".join(map(str, cores)), "wrk"]
    arguments += ["--duration", f"{seconds}s", "--threads", str(len(cores))]
    arguments += ["--connections", str(connections), "--timeout", "5s"]
    arguments += ["--script", str(Path(__file__).with_name("load.lua"))]
    arguments += [f"http://127.0.0.1:{port}{scenario.target}", "--", *scenario.options]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("figures "))
    answers, failed, received, duration, median, tail = map(int, line.split()[1:])
    # At the end, each connection may be in the middle of what was sent at once.
    under_way = connections * scenario.depth * length
    if failed or answers == 0 or abs(received - answers * length) > under_way:
        sys.exit(f"{failed} of {answers} answers to {scenario.name} were wrong: {done.stdout}")
    return Load(answers, duration / 1e6, median, tail)


@contextmanager
def idle(port: int, count: int, request: bytes, length: int):
    """Connections that asked once, and then only stay: all of them, or the benchmark ends."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    connections = []
    try:
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=5)
            connections.append(connection)
            connection.sendall(request)
            received = 0
            while received < length:
                received += len(connection.recv(65536)) or sys.exit("an idle connection was closed")
        yield
        poll = select.poll()
        for connection in connections:
            poll.register(connection, select.POLLIN)
        if ended := poll.poll(0):
            sys.exit(f"{len(ended)} of {count} idle connections were closed")
    finally:
        for connection in connections:
            connection.close()


@contextmanager
def scraping(port: int, interval: float):
    """Asks for the metrics every so many seconds."""
    ended = threading.Event()
    failed = []

    def scrape():
        while not ended.wait(interval):
            try:
                url = f"http://127.0.0.1:{port}/metrics"
                with urllib.request.urlopen(url, timeout=5) as answer:
                    answer.read()
            except OSError as error:
                failed.append(error)

    thread = threading.Thread(target=scrape)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
    if failed:
        sys.exit(f"the metrics could not be read: {failed[0]}")
