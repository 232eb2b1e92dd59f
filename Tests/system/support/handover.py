"""Sockets that outlive the slotd that they are handed to, as those of a service manager do."""

import contextlib
import fcntl
import socket

from support.slotd import Slotd


def handing_over(*sockets, pid: str = "$$"):
    """A wrapper that hands sockets over as sd_listen_fds(3) has it, from descriptor 3 on."""
    moves = " ".join(f"{3 + i}<&{each.fileno()}" for i, each in enumerate(sockets))
    return [
        "bash",
        "-c",
        f'LISTEN_PID={pid} LISTEN_FDS={len(sockets)} exec "$@" {moves}',
        "bash",
    ]


def listening(family=socket.AF_INET, address=("127.0.0.1", 0)) -> socket.socket:
    listener = socket.socket(family)
    listener.bind(address)
    listener.listen(128)
    with listener:
        # Out of the way of the numbers that it will have in the other process.
        return socket.socket(fileno=fcntl.fcntl(listener.fileno(), fcntl.F_DUPFD_CLOEXEC, 50))


@contextlib.contextmanager
def activated(directory, values: dict, *sockets, **more):
    """A slotd that was handed the sockets."""
    numbers = [each.fileno() for each in sockets]
    wrapper = handing_over(*sockets, **more)
    with Slotd(values, directory, wrapper=wrapper, pass_fds=numbers) as slotd:
        yield slotd
