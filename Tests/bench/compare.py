"""Runs slotd and nginx in turn, each alone on one core with wrk on another, and prints a table.

nginx answers a fixed body of the same length and status: what a slot costs above that is what slotd
does for it. CPU time is what the kernel counted for the server while wrk was running.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BODY = (
    '{"jid":"romeo@montague.example","filename":"très cool.jpg","size":23456,'
    '"content_type":"image/jpeg"}'
)
TARGET = (
    "/slot?jid=romeo%40montague.example&name=tr%C3%A8s%20cool.jpg&size=23456"
    "&content_type=image/jpeg"
)


@dataclass(frozen=True)
class Scenario:
    name: str
    target: str
    body: str | None
    status: int
    # The most that slotd may take, in terms of nginx.
    goal: float


SCENARIOS = [
    Scenario("GET /slot", TARGET, None, 200, 1.15),
    Scenario("POST /slot", "/slot", BODY, 201, 1.5),
]

SLOTD = """
listen = ["127.0.0.1:{port}"]
workers = 1
probe_interval = 0
log_level = "{log_level}"

[hosts."upload.@HOST@"]
s3.bucket_url = "https://s3-eu-west-1.amazonaws.com/mybucket"
s3.region = "eu-west-1"
s3.access_key_id = "AKIAIOSFODNN7EXAMPLE"
s3.secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
"""

NGINX = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{ default_type {type}; return {status} "{body}"; }}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(port: int, scenario: Scenario) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    body = scenario.body.encode() if scenario.body else None
    kind = {"Content-Type": "application/json"} if body else {}
    connection.request("POST" if body else "GET", scenario.target, body, kind)
    return connection.getresponse()


@contextmanager
def running(arguments, port: int, core: int):
    """A server on one core, from when it listens until it is ended by its pid.

    What it says goes into a file: a pipe that nobody reads would fill, and hold up its log.
    """
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            ["taskset", "--cpu-list", str(core), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            await_listener(server, log, port)
            yield server.pid
        finally:
            server.terminate()
            server.wait(10)


def await_listener(server: subprocess.Popen, log, port: int):
    for _ in range(500):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if server.poll() is not None:
                log.seek(0)
                sys.exit(f"{server.args} did not start: {log.read().decode()}")
            time.sleep(0.01)
    sys.exit(f"{server.args} does not listen")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, with all its threads, and of its children (proc(5))."""
    process = Path(f"/proc/{pid}")
    # The name, in parentheses, may hold anything; utime and stime are the fields 14 and 15.
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = (process / "task" / str(pid) / "children").read_text().split()
    return own + sum(cpu_seconds(int(child)) for child in children)


def load(port: int, scenario: Scenario, seconds: float, connections: int, core: int):
    """Answers, seconds of load and latencies (50 and 99 percent, in µs) that wrk counted."""
    script = Path(__file__).with_name("load.lua")
    arguments = ["taskset", "--cpu-list", str(core), "wrk", "--threads", "1"]
    arguments += ["--connections", str(connections), "--duration", f"{seconds}s"]
    arguments += ["--script", str(script), f"http://127.0.0.1:{port}{scenario.target}"]
    arguments += ["--", scenario.body] if scenario.body else []
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("figures "))
    answers, failed, duration, median, tail = map(int, line.split()[1:])
    if failed:
        sys.exit(f"{failed} of {answers} answers to {scenario.name} were wrong: {done.stdout}")
    return answers, duration / 1e6, median, tail


def measure(arguments, port: int, scenario: Scenario, options):
    """One run: CPU µs per answer, answers per second, latencies."""
    with running(arguments, port, options.cores[0]) as pid:
        load(port, scenario, 1, options.connections, options.cores[1])
        before = cpu_seconds(pid)
        answers, seconds, *latencies = load(
            port, scenario, options.seconds, options.connections, options.cores[1]
        )
        cpu = cpu_seconds(pid) - before
    return cpu / answers * 1e6, answers / seconds, *latencies


def servers(slotd: str, scenario: Scenario, directory: Path) -> dict:
    """The command line and port of each server, set up so that their answers have one length."""
    port = free_port()

    def configured(log_level: str) -> list:
        settings = directory / f"{log_level}.toml"
        settings.write_text(SLOTD.format(port=port, log_level=log_level))
        return [slotd, "serve", "--config", settings]

    slotd_command = configured("warning")
    with running(slotd_command, port, 0):
        sample = answer(port, scenario)
        body, kind = sample.read(), sample.headers["Content-Type"]
        if sample.status != scenario.status:
            sys.exit(f"slotd answers {sample.status} to {scenario.name}: {body.decode()}")
    nginx_port = free_port()
    configuration = directory / "nginx.conf"
    configuration.write_text(
        NGINX.format(
            directory=directory,
            port=nginx_port,
            type=kind.partition(";")[0],
            body="x" * len(body),
            status=scenario.status,
        )
    )
    nginx_command = ["nginx", "-e", directory / "nginx.log", "-p", directory, "-c", configuration]
    with running(nginx_command, nginx_port, 0):
        fixed = answer(nginx_port, scenario)
        if (fixed.status, len(fixed.read())) != (scenario.status, len(body)):
            sys.exit("nginx does not answer as many bytes as slotd")
    return {
        "slotd": (slotd_command, port),
        "logging": (configured("info"), port),
        "nginx": (nginx_command, nginx_port),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slotd", help="the binary")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of load in each run")
    parser.add_argument("--connections", type=int, default=32)
    options = parser.parse_args()
    options.cores = sorted(os.sched_getaffinity(0))[:2]
    if len(options.cores) < 2:
        sys.exit("two cores are needed: one for the server, one for wrk")

    print(f"{options.rounds} rounds of {options.seconds} s, {options.connections} connections")
    print(f"{'':12} {'':7} {'CPU µs/answer':>24} {'answers/s':>10} {'p50 µs':>7} {'p99 µs':>7}")
    with tempfile.TemporaryDirectory(prefix="slotd-bench-") as directory:
        for scenario in SCENARIOS:
            commands = servers(options.slotd, scenario, Path(directory))
            runs = {name: [] for name in commands}
            for _ in range(options.rounds):
                for name, (arguments, port) in commands.items():
                    runs[name].append(measure(arguments, port, scenario, options))
            for name, figures in runs.items():
                cpu, rate, median, tail = zip(*figures, strict=True)
                spread = f"{statistics.median(cpu):.2f} ({min(cpu):.2f}-{max(cpu):.2f})"
                rate, median, tail = map(statistics.median, (rate, median, tail))
                row = f"{scenario.name:12} {name:7} {spread:>24}"
                print(f"{row} {rate:>10.0f} {median:>7.0f} {tail:>7.0f}")
            for name in ("slotd", "logging"):
                pairs = zip(runs[name], runs["nginx"], strict=True)
                ratio = statistics.median(slotd[0] / nginx[0] for slotd, nginx in pairs)
                row = f"{scenario.name:12} {name + ' / nginx':>15} {ratio:>16.2f}"
                print(
                    f"{row} (goal: at most {scenario.goal})" if name == "slotd" else row, flush=True
                )


if __name__ == "__main__":
    main()
