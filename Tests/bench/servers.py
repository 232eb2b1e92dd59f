"""Who is compared: how each is configured, and how it is run."""

import getpass
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scenarios import Scenario


@dataclass(frozen=True)
class Answer:
    """What a server says to one request of a scenario."""

    status: int
    kind: str
    body: int
    # Bytes of head and body.
    length: int


class Server:
    """What is compared, and how it differs from its likes."""

    # The upload services it is configured with, each for a domain of its own; 0: one for all.
    hosts = 0
    # Whether somebody reads its metrics meanwhile.
    scraped = False

    def command(
        self, programs: dict, place: Path, port: int, scenario: Scenario, model: Answer | None
    ) -> list:
        """The command that runs it, after its configuration was written; `model` is imitated."""
        raise NotImplementedError


class Slotd(Server):
    """slotd with nothing that its defaults do not have, but for what is asked for."""

    def __init__(self, log_level: str = "warning", hosts: int = 0, scraped: bool = False):
        self.log_level, self.hosts, self.scraped = log_level, hosts, scraped

    def command(self, programs, place, port, scenario, model):
        settings = [f'listen = ["127.0.0.1:{port}"]', f"workers = {scenario.workers}"]
        # No bucket is there to be probed. A log at its default level has a row of its own.
        settings += ["probe_interval = 0", f'log_level = "{self.log_level}"']
        # Written as briefly as can be: a configuration may have 1 MiB.
        names = [f"u.{n}.im" for n in range(1, self.hosts + 1)] or ["upload.@HOST@"]
        bucket = 'bucket_url="https://s3-eu-west-1.amazonaws.com/mybucket",region="eu-west-1"'
        settings += [f'[hosts."{name}"]\ns3={{{bucket}}}' for name in names]
        file = place / "slotd.toml"
        file.write_text("\n".join(settings))
        return [programs["slotd"], "serve", "--config", file]


def nginx(place: Path, workers: int, http: str) -> list:
    """The command that runs nginx with `http` and without a log; it writes in `place` alone."""
    file = place / "nginx.conf"
    kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    # As root it would let somebody else write, who may not.
    lines = ["daemon off;", f"user {getpass.getuser()};", f"pid {place}/nginx.pid;"]
    lines += [f"error_log {place}/nginx.log crit;", f"worker_processes {workers};"]
    lines += ["events { worker_connections 16384; }", "http {", "access_log off;"]
    lines += [f"{kind}_temp_path {place}/{kind};" for kind in kinds] + [http, "}"]
    file.write_text("\n".join(lines))
    return ["nginx", "-e", place / "nginx.log", "-p", place, "-c", file]


class Nginx(Server):
    """nginx with a fixed answer, as long as slotd's and of the same status: the floor of a server.

    No connection ends for its age; no name of the server, but a field that slotd has too, so that
    the heads are equally long. What `return` sends is in memory: no file or cache plays a part.
    With two workers, each has its own listener, as slotd's have.
    """

    TEXT = """
server_tokens off;
keepalive_requests 1000000000;
keepalive_timeout 180s;
server {{
  listen 127.0.0.1:{port} reuseport backlog=4096;
  location / {{
    default_type {kind};
    add_header Cache-Control no-store;
    return {status} "{body}";
  }}
}}
"""

    def command(self, programs, place, port, scenario, model):
        text = self.TEXT.format(
            port=port, kind=model.kind.partition(";")[0], status=model.status, body="x" * model.body
        )
        return nginx(place, scenario.workers, text)


class Go(Server):
    """Go's HTTP server with the signer of AWS's SDK, see go/main.go; it uses the cores it has."""

    def command(self, programs, place, port, scenario, model):
        return [programs["go"], "-listen", f"127.0.0.1:{port}"]


SERVERS = {
    "nginx": Nginx(),
    "slotd": Slotd(),
    "Go": Go(),
    "slotd, log": Slotd(log_level="info"),
    "slotd, metrics": Slotd(scraped=True),
    "1 host": Slotd(hosts=1),
    "100 hosts": Slotd(hosts=100),
    "10,000 hosts": Slotd(hosts=10_000),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Of AWS's own documentation: they open nothing.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}


@contextmanager
def running(command: list, port: int, cores: list[int]):
    """A server on these cores, from when it listens until it is ended by its pid.

    What it says goes into a file: a pipe that nobody reads would fill, and hold up its log.
    """
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            ["taskset", "--cpu-list", ",".join(map(str, cores)), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stderr=log,
            env=os.environ | CREDENTIALS,
        )
        try:
            for _ in range(1_000):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    if server.poll() is not None:
                        log.seek(0)
                        sys.exit(f"{command[0]} did not start: {log.read().decode()}")
                    time.sleep(0.01)
            yield server.pid
        finally:
            server.terminate()
            server.wait(10)


def ask(port: int, request: bytes) -> Answer:
    """The answer to one request."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as stream:
            lines = [stream.readline()]
            while lines[-1] not in (b"\r\n", b""):
                lines.append(stream.readline())
            status = int(lines[0].split()[1])
            fields = dict(line.decode().lower().strip().split(": ", 1) for line in lines[1:-1])
            body = stream.read(int(fields["content-length"]))
    length = sum(map(len, lines)) + len(body)
    return Answer(status, fields["content-type"], len(body), length)


def workers(pid: int) -> list[int]:
    """The processes that answer: the children of a server that has some, or itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children] or [pid]


@dataclass(frozen=True)
class Usage:
    """What a server has used: µs of CPU time in user space and in the kernel."""

    user: float
    system: float

    @classmethod
    def now(cls, pid: int) -> "Usage":
        tick = 1e6 / os.sysconf("SC_CLK_TCK")
        # The name, in parentheses, may hold anything; then utime and stime are the fields 14 and 15
        # (proc(5)).
        stats = [Path(f"/proc/{pid}/stat").read_text() for pid in workers(pid)]
        fields = [stat.rpartition(")")[2].split() for stat in stats]
        return cls(*(tick * sum(int(field[i]) for field in fields) for i in (11, 12)))

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(self.user - other.user, self.system - other.system)

    def __truediv__(self, count: int) -> "Usage":
        return Usage(self.user / count, self.system / count)


def memory(pid: int) -> float:
    """The most MiB that were resident at once."""
    status = "".join(Path(f"/proc/{pid}/status").read_text() for pid in workers(pid))
    peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return sum(map(int, peaks)) / 1024
