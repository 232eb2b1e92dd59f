"""However large a file is, and however many come at once, slotd's memory stays small."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from support.exchange import Connection
from support.slotd import embedded_settings
from support.slots import ask

BLOCK = os.urandom(1 << 20)
MEBIBYTES = 256
PEAK_MAX = 40 << 10


def peak(pid: int) -> int:
    """The most KiB of a process that were resident at once."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def upload(slot, blocks: int) -> int:
    url = urlsplit(slot.put)
    with Connection(url.netloc, timeout=60) as connection:
        fields = f"Host: {url.netloc}\r\nContent-Length: {blocks << 20}"
        connection.send(f"PUT {url.path}?{url.query} HTTP/1.1\r\n{fields}\r\n\r\n")
        for _ in range(blocks):
            connection.send(BLOCK)
        return connection.answer().status


def is_back(slot, blocks: int) -> bool:
    """Whether what was uploaded comes down again, block by block."""
    url = urlsplit(slot.get)
    with Connection(url.netloc, timeout=60) as connection:
        connection.send(
            f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n"
        )
        with connection.socket.makefile("rb") as stream:
            while stream.readline() != b"\r\n":
                pass
            return all(stream.read(1 << 20) == BLOCK for _ in range(blocks)) and not stream.read()


def test_a_large_file(start_slotd, tmp_path):
    slotd = start_slotd(embedded_settings(tmp_path))
    slot = ask(slotd, size=MEBIBYTES << 20)
    assert upload(slot, MEBIBYTES) == 200
    assert is_back(slot, MEBIBYTES)
    assert peak(slotd.pid) < PEAK_MAX


def test_many_files(start_slotd, tmp_path):
    slotd = start_slotd(embedded_settings(tmp_path))
    slots = [ask(slotd, size=4 << 20) for _ in range(32)]
    with ThreadPoolExecutor(len(slots)) as pool:
        assert set(pool.map(lambda slot: upload(slot, 4), slots)) == {200}
        assert all(pool.map(lambda slot: is_back(slot, 4), slots))
    assert peak(slotd.pid) < PEAK_MAX
