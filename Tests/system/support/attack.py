"""Clients that mean no good, each kind in a process of its own."""

import contextlib
import multiprocessing
import os
import random
import resource
import select
import socket
import struct
from dataclasses import dataclass

# Connections that a herd opens in one turn, and the seconds that a turn lasts.
OPENED_A_TURN = 1500
TURN = 0.5
# Files that one process may have open here.
FILES_MAX = resource.getrlimit(resource.RLIMIT_NOFILE)[1]


@dataclass(frozen=True)
class Herd:
    """Connections that are opened again and again, up to `size` of them, and what is sent on each.

    Nothing is ever read from them.
    """

    size: int
    first: bytes = b""
    # What follows each turn.
    more: bytes = b""
    # Whether each is reset at the end of the turn.
    resets: bool = False
    # So that what the server sends has nowhere to go; the system's own size where it is None.
    receive_buffer: int | None = None

    def run(self, place: tuple[str, int], source: str, control) -> dict:
        members: dict[int, socket.socket] = {}
        watch = select.epoll()
        opened = peak = 0

        def leave(number: int):
            with contextlib.suppress(OSError):
                watch.unregister(number)
            members.pop(number).close()

        while not control.poll(TURN):
            for number, _ in watch.poll(0):
                leave(number)
            for _ in range(min(self.size - len(members), OPENED_A_TURN)):
                with contextlib.suppress(OSError):
                    member = self._open(place, source)
                    members[member.fileno()] = member
                    watch.register(member, select.EPOLLRDHUP)
                    opened += 1
            peak = max(peak, len(members))
            for number, member in list(members.items()) if self.more else ():
                try:
                    member.send(self.more)
                except BlockingIOError:
                    pass
                except OSError:
                    leave(number)
            if self.resets:
                for number in list(members):
                    leave(number)
        return {"opened": opened, "at once": peak}

    def _open(self, place: tuple[str, int], source: str) -> socket.socket:
        member = socket.socket()
        try:
            # Each herd has a source of its own, whose ports are its alone.
            member.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
            member.bind((source, 0))
            if self.resets:
                member.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if self.receive_buffer:
                member.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
            member.settimeout(2)
            member.connect(place)
            member.setblocking(False)
            if self.first:
                with contextlib.suppress(BlockingIOError):
                    member.send(self.first)
        except OSError:
            member.close()
            raise
        return member


@dataclass(frozen=True)
class Hecklers:
    """Bytes that are no request that anybody may answer with success, each on a new connection."""

    insults: list[bytes]
    rate: float = 200

    def run(self, place: tuple[str, int], source: str, control) -> dict:
        said, admitted = 0, []
        while not control.poll(1 / self.rate):
            insult = random.choice(self.insults)
            answer = b""
            with contextlib.suppress(OSError), socket.socket() as heckler:
                heckler.bind((source, 0))
                heckler.settimeout(2)
                heckler.connect(place)
                heckler.sendall(insult)
                heckler.shutdown(socket.SHUT_WR)
                while data := heckler.recv(65536):
                    answer += data
            said += 1
            if b"HTTP/1.1 2" in answer:
                admitted.append(f"{insult[:200]!r}: {answer[:200]!r}")
        return {"said": said, "admitted": admitted}


def _run(attack, place, source: str, control):
    # As if on another machine: what it costs must not be taken for what it costs the server.
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_MAX, FILES_MAX))
    control.send(attack.run(place, source, control))


class Attacks:
    """Attacks on one address, from the beginning of a `with` to `stop()`."""

    def __init__(self, address: str, attacks: dict[str, Herd | Hecklers]):
        host, _, port = address.rpartition(":")
        spawning = multiprocessing.get_context("spawn")
        self.running = {}
        for number, (name, attack) in enumerate(attacks.items()):
            control, theirs = spawning.Pipe()
            arguments = (attack, (host, int(port)), f"127.0.1.{number + 1}", theirs)
            process = spawning.Process(target=_run, args=arguments, daemon=True)
            process.start()
            theirs.close()
            self.running[name] = (process, control)

    def stop(self) -> dict[str, dict]:
        """What each of them says that it did."""
        for _, control in self.running.values():
            control.send("stop")
        return {name: control.recv() for name, (_, control) in self.running.items()}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process, control in self.running.values():
            control.close()
            process.terminate()
            process.join(10)
