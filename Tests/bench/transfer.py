"""Uploads a large file to slotd's embedded bucket and to nginx, and downloads it again.

Both keep their files on the same disk, use the same cores, and take turns, round after round. A
file is uploaded when it would outlive a loss of power: slotd's answer says so; after nginx's its
file is synced. It is downloaded from memory, where it still is, and from the disk.
"""

import argparse
import os
import socket
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from servers import free_port, memory, nginx, running

# What is printed of the times, and the least that slotd may come to in terms of nginx.
ROWS = [
    ("upload", "upload", 0.8),
    # nginx has written nothing by then that a loss of power would leave.
    ("upload, until answered", "answer", None),
    ("download from memory", "download", 0.8),
    ("download from disk", "cold", 0.8),
]
MEMORY_MAX = 40
BLOCK = os.urandom(1 << 20)


class Slotd:
    """The embedded bucket, through slots."""

    TEXT = """
listen = ["127.0.0.1:{port}"]
backend = "embedded"
probe_interval = 0
log_level = "warning"
[embedded]
directory = "{place}/bucket"
listen = "127.0.0.1:{bucket}"
[hosts."upload.@HOST@"]
"""

    def __init__(self, program: str, place: Path):
        self.place, self.port = place, free_port()
        file = place / "slotd.toml"
        file.write_text(self.TEXT.format(port=self.port, place=place, bucket=free_port()))
        self.command = [program, "serve", "--config", file]

    def urls(self, size: int) -> list[str]:
        """Where a new file is put, and where it is got."""
        query = f"jid=romeo@localhost&name=large.bin&size={size}"
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/slot?{query}") as answer:
            return answer.read().decode().split()

    def file(self) -> Path:
        (file,) = (self.place / "bucket" / "objects").iterdir()
        return file

    def make_safe(self):
        """It is when the bucket has answered."""


class Nginx:
    """WebDAV's PUT, and static files."""

    TEXT = """
sendfile on;
tcp_nopush on;
client_max_body_size 0;
server {{
  listen 127.0.0.1:{port};
  # On the disk of the files, where an upload is renamed and not copied.
  client_body_temp_path {place}/files/incoming;
  location / {{ root {place}/files; dav_methods PUT DELETE; }}
}}
"""

    def __init__(self, place: Path):
        self.place, self.port = place, free_port()
        (place / "files").mkdir()
        text = self.TEXT.format(port=self.port, place=place)
        self.command = nginx(place, len(os.sched_getaffinity(0)), text)

    def urls(self, size: int) -> list[str]:
        return [f"http://127.0.0.1:{self.port}/large.bin"] * 2

    def file(self) -> Path:
        return self.place / "files" / "large.bin"

    def make_safe(self):
        for path in (self.file(), self.file().parent):
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def exchange(method: str, url: str, size: int, sends: bool):
    """One request with a body of so many bytes, or with such an answer, which must be the same."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=120) as connection:
        target = f"{place.path}?{place.query}".removesuffix("?")
        length = f"Content-Length: {size}\r\n" if sends else ""
        head = f"{method} {target} HTTP/1.1\r\nHost: {place.netloc}\r\n{length}\r\n"
        connection.sendall(head.encode())
        for _ in range(size // len(BLOCK) if sends else 0):
            connection.sendall(BLOCK)
        with connection.makefile("rb", buffering=0) as stream:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += stream.read(1) or sys.exit(f"{url} closed: {head.decode()}")
            if not head.startswith(b"HTTP/1.1 20"):
                sys.exit(f"{url} answered {head.decode()}")
            block = memoryview(bytearray(len(BLOCK)))
            for _ in range(0 if sends else size // len(BLOCK)):
                filled = 0
                while filled < len(block):
                    filled += stream.readinto(block[filled:]) or sys.exit(f"{url} stopped")
                if block != BLOCK:
                    sys.exit(f"{url} is not what was uploaded")


@dataclass
class Times:
    """Seconds of each round."""

    # Until it was answered, and until the file was safe.
    answer: list[float] = field(default_factory=list)
    upload: list[float] = field(default_factory=list)
    download: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    memory: float = 0


def measure(server, size: int, times: Times):
    put, get = server.urls(size)
    os.sync()
    began = time.perf_counter()
    exchange("PUT", put, size, sends=True)
    times.answer.append(time.perf_counter() - began)
    server.make_safe()
    times.upload.append(time.perf_counter() - began)
    for found, is_cold in ((times.download, False), (times.cold, True)):
        if is_cold:
            forget(server.file())
        began = time.perf_counter()
        exchange("GET", get, size, sends=False)
        found.append(time.perf_counter() - began)
    server.file().unlink()


def forget(path: Path):
    """Has the kernel forget what it keeps of a file in memory."""
    descriptor = os.open(path, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def rates(mebibytes: int, seconds: list[float]) -> str:
    found = [mebibytes / each for each in seconds]
    return f"{median(found):.0f} ({min(found):.0f}-{max(found):.0f})"


def main():
    parser = argparse.ArgumentParser(prog="Tests/bench/transfer", description=__doc__)
    parser.add_argument("--slotd", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mebibytes", type=int, default=2048, help="of the file")
    parser.add_argument(
        "--directory", type=Path, default=".build", help="on the disk that is to be used"
    )
    options = parser.parse_args()
    size = options.mebibytes << 20
    cores = sorted(os.sched_getaffinity(0))
    found = {"slotd": Times(), "nginx": Times()}
    with ExitStack() as stack:
        places = [
            Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.directory))).resolve()
            for _ in found
        ]
        servers = {"slotd": Slotd(options.slotd, places[0]), "nginx": Nginx(places[1])}
        pids = {
            name: stack.enter_context(running(server.command, server.port, cores))
            for name, server in servers.items()
        }
        for _ in range(options.rounds):
            for name, server in servers.items():
                measure(server, size, found[name])
        for name, times in found.items():
            times.memory = memory(pids[name])

    print(f"{options.rounds} rounds of {options.mebibytes} MiB, {len(cores)} cores; MiB/s")
    print(f"{'':25} {'slotd':>20} {'nginx':>20} {'slotd of nginx':>15}")
    for title, name, ratio_min in ROWS:
        slotd, nginx = (getattr(times, name) for times in found.values())
        ratio = median(there / here for here, there in zip(slotd, nginx, strict=True))
        slotd, nginx = (rates(options.mebibytes, times) for times in (slotd, nginx))
        line = f"{title:25} {slotd:>20} {nginx:>20} {ratio:>15.2f}"
        if ratio_min:
            line += f"  ≥ {ratio_min}" + (" missed" if ratio < ratio_min else "")
        print(line)
    most = found["slotd"].memory
    missed = " missed" if most > MEMORY_MAX else ""
    print(
        f"{'MiB resident':25} {most:>20.1f} {found['nginx'].memory:>20.1f} {'':15}"
        f"  ≤ {MEMORY_MAX}{missed}"
    )


if __name__ == "__main__":
    main()
