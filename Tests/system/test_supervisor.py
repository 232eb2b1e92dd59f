"""Between slotd and whoever starts it: sockets handed over, readiness, watchdog, orderly end."""

import contextlib
import os
import re
import signal
import socket
import time

import pytest

from support.exchange import Connection
from support.handover import activated, listening
from support.slotd import settings, write_settings
from support.slots import FIELDS, ask_json


class Notified(contextlib.AbstractContextManager):
    """The socket that a service manager listens on."""

    def __init__(self, address: str):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(10)
        self.socket.bind(address.replace("@", "\0", 1))
        self.environment = {"NOTIFY_SOCKET": address}

    def __exit__(self, *_):
        self.socket.close()

    def next(self) -> dict[str, str]:
        lines = self.socket.recv(4096).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_it_tells_how_it_goes(start_slotd, short_directory, kind):
    name = f"slotd-test-{os.getpid()}"
    address = f"@{name}" if kind == "abstract" else str(short_directory / name)
    with Notified(address) as manager:
        slotd = start_slotd(settings(), manager.environment)
        assert manager.next()["READY"] == "1"
        assert slotd.get("/readyz").status == 200
        for text in (None, "listen = ["):
            if text:
                slotd.configuration.write_text(text)
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            slotd.process.send_signal(signal.SIGHUP)
            reloading = manager.next()
            assert reloading["RELOADING"] == "1"
            after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            assert before <= int(reloading["MONOTONIC_USEC"]) <= after
            assert manager.next()["READY"] == "1"
        slotd.process.send_signal(signal.SIGTERM)
        assert manager.next()["STOPPING"] == "1"


def test_it_gives_signs_of_life(start_slotd, short_directory):
    with Notified(str(short_directory / "watchdog")) as manager:
        start_slotd(settings(), {**manager.environment, "WATCHDOG_USEC": "200000"})
        assert manager.next()["READY"] == "1"
        start = time.monotonic()
        for _ in range(5):
            assert manager.next() == {"WATCHDOG": "1"}
        assert 0.3 < time.monotonic() - start < 2


def test_it_gives_none_where_another_process_is_watched(start_slotd, short_directory):
    with Notified(str(short_directory / "other")) as manager:
        watchdog = {"WATCHDOG_USEC": "50000", "WATCHDOG_PID": str(os.getpid())}
        start_slotd(settings(), {**manager.environment, **watchdog})
        assert manager.next()["READY"] == "1"
        manager.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            manager.next()


# MARK: Sockets that are handed over


def test_sockets_that_are_handed_over_are_served(tmp_path, short_directory):
    path = str(short_directory / "handed.sock")
    with listening() as tcp, listening(socket.AF_UNIX, path) as unix:
        address = f"127.0.0.1:{tcp.getsockname()[1]}"
        with activated(tmp_path, settings(listen=["127.0.0.1:1"]), tcp, unix) as slotd:
            assert set(slotd.addresses) == {address, f"unix:{path}"}
            for each in slotd.addresses:
                with Connection(each) as connection:
                    assert connection.ask("GET", "/readyz").status == 200
            # A reload leaves them alone.
            write_settings(settings(listen=["127.0.0.1:2"]), tmp_path)
            slotd.process.send_signal(signal.SIGHUP)
            slotd.wait_until(lambda: "loaded anew" in slotd.output(), 5)
            assert slotd.get("/livez").status == 200
        assert os.path.exists(path), "it is not slotd's to remove"


def test_sockets_for_another_process_are_not_taken(tmp_path):
    with listening() as tcp, activated(tmp_path, settings(), tcp, pid="1") as slotd:
        assert slotd.addresses != [f"127.0.0.1:{tcp.getsockname()[1]}"]


def test_too_many_sockets_are_not_taken(tmp_path):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(listening()) for _ in range(65)]
        with (
            pytest.raises(AssertionError, match="handed over 65 sockets: let it hand over at most"),
            activated(tmp_path, settings(), *sockets),
        ):
            pass


def test_a_socket_for_everyone_needs_a_token(tmp_path):
    with listening(address=("0.0.0.0", 0)) as tcp:
        with (
            pytest.raises(AssertionError, match="without a token anyone there could upload"),
            activated(tmp_path, settings(), tcp),
        ):
            pass
        with activated(tmp_path, settings(tokens=["a-token-of-sixteen-bytes"]), tcp):
            pass


# MARK: The end


def test_it_is_not_ready_before_it_ends(start_slotd):
    slotd = start_slotd(settings(shutdown_delay=2))
    slotd.process.send_signal(signal.SIGTERM)
    slotd.wait_until(lambda: slotd.get("/readyz").status == 503, 1)
    answer = slotd.get("/readyz")
    assert answer.json()["reasons"] == ["slotd is shutting down."]
    assert slotd.get("/livez").status == 200
    assert ask_json(slotd, FIELDS).status == 201, "who has not noticed yet is served"
    assert slotd.process.wait(5) == 0


def test_told_twice_it_ends_at_once(start_slotd):
    slotd = start_slotd(settings(shutdown_delay=60))
    slotd.process.send_signal(signal.SIGTERM)
    slotd.wait_until(lambda: slotd.get("/readyz").status == 503, 1)
    assert re.search("notice stopping$", slotd.output(), re.MULTILINE)
    slotd.process.send_signal(signal.SIGTERM)
    assert slotd.process.wait(5) == 0
