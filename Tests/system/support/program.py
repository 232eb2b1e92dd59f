"""Programs that a test starts: their output kept in a file, ended by pid and never by name."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import time
from pathlib import Path


def free_port() -> int:
    """A port that nothing is bound to, for programs that cannot choose one themselves.

    It is below those that the kernel gives to clients, or one of them might have it by then.
    """
    while True:
        port = random.randrange(10_000, 32_768)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("", port))
            return port


class Program:
    """One running program. It dies with the test run, however that ends: setpriv sees to it."""

    def __init__(self, arguments, log: Path, **popen):
        self.name = Path(arguments[0]).name
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=popen.pop("stdout", output),
                stderr=output,
                start_new_session=True,
                **popen,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def descriptors(self) -> int:
        """How many it has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    @property
    def resident_mib(self) -> float:
        """Memory that it has in use, as the kernel counts it."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s*(\d+) kB", status)[1]) / 1024

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_until(self, condition, seconds: float = 30):
        """The first true result of `condition`, asked again and again while the program runs."""
        deadline = time.monotonic() + seconds
        while not (result := condition()):
            if self.process.poll() is not None:
                raise AssertionError(
                    f"{self.name} ended with {self.process.returncode}:\n{self.output()}"
                )
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"{self.name} is not there after {seconds} s:\n{self.output()}"
                )
            time.sleep(0.01)
        return result

    def stop(self, seconds: float = 10, sign=signal.SIGTERM) -> int:
        """Asks the program to end, kills it where it does not within `seconds`; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
