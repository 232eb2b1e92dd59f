"""The program under test: its settings, its commands, and a running one."""

import os
import re
import signal
import subprocess
from pathlib import Path

import tomli_w

from support.exchange import Answer, Connection
from support.program import Program, free_port

# What a crash of a Swift program leaves on stderr, with or without its backtrace program.
CRASH = re.compile(r"Fatal error|Program crashed|Illegal instruction|Segmentation fault|Stack dump")

# Keys of AWS's own documentation: they open nothing.
ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

# What the log says of a reload.
LOADED, KEPT = "configuration loaded anew", "the configuration stays as it was"


def executable() -> str:
    """The binary under test: the release build, or what the variable SLOTD says."""
    built = Path(__file__).parents[3] / ".build" / "release" / "slotd"
    path = Path(os.environ.get("SLOTD") or built).resolve()
    assert path.exists(), f"there is no {path}: run ./Tests/run system, which builds it"
    return str(path)


def host(s3: dict | None = None, **settings) -> dict:
    """The settings of one upload service; the bucket is made up unless `s3` says otherwise."""
    bucket = {
        "bucket_url": "https://s3-eu-west-1.amazonaws.com/mybucket",
        "region": "eu-west-1",
        "access_key_id": ACCESS_KEY_ID,
        "secret_access_key": SECRET_ACCESS_KEY,
    }
    return {**settings, "s3": {**bucket, **(s3 or {})}}


def settings(hosts: dict | None = None, **top) -> dict:
    """A whole configuration: one service for every domain, one free loopback port, no probes."""
    # Tests look into the process, which only root may do unless slotd lets others.
    defaults = {"listen": ["127.0.0.1:0"], "probe_interval": 0, "core_dumps": os.geteuid() != 0}
    return {**defaults, **top, "hosts": hosts or {"upload.@HOST@": host()}}


def embedded_settings(directory: Path, **embedded) -> dict:
    """A service for every domain whose files the embedded bucket keeps below `directory`."""
    bucket = {
        "directory": str(directory / "bucket"),
        "listen": f"127.0.0.1:{free_port()}",
        **embedded,
    }
    return settings({"upload.@HOST@": {"backend": "embedded"}}, embedded=bucket)


def write_settings(values: dict, directory: Path) -> Path:
    path = directory / "slotd.toml"
    path.write_text(tomli_w.dumps(values))
    return path


def command(*arguments, environment: dict | None = None, seconds: float = 20):
    """Runs one of slotd's commands to its end; its status, stdout and stderr."""
    done = subprocess.run(
        [executable(), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        env={**os.environ, **(environment or {})},
    )
    assert not CRASH.search(done.stderr) and done.returncode >= 0, f"slotd crashed:\n{done.stderr}"
    return done


class Slotd(Program):
    """A running `slotd serve`. Leaving the `with` ends it, and fails where it ends badly."""

    def __init__(
        self,
        values: dict,
        directory: Path,
        environment: dict | None = None,
        wrapper=(),
        **popen,
    ):
        self.configuration = write_settings(values, directory)
        super().__init__(
            [*wrapper, executable(), "serve", "--config", self.configuration],
            directory / "slotd.log",
            stdout=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
            **popen,
        )
        if values.get("log_level") == "warning":
            # It does not say that it is ready, nor which ports it found free.
            self.addresses = values["listen"]
            self.wait_until(self._listens)
        else:
            self.wait_until(lambda: re.search(r"\bready\b", self.output()))
            self.addresses = re.findall(r"listening on ([^\s,;\"]+)", self.output())
        assert len(self.addresses) >= len(values["listen"]), self.output()
        assert self.get("/livez").status == 200

    def __enter__(self):
        return self

    def __exit__(self, *_):
        status = self.stop()
        assert not CRASH.search(self.output()), f"slotd crashed:\n{self.output()}"
        assert status == 0, f"slotd ended with {status}:\n{self.output()}"

    @property
    def url(self) -> str:
        return f"http://{self.addresses[0]}"

    def reload(self, values: dict | str, expected: str = LOADED):
        """Writes other settings and has them loaded; waits until the log says what came of it."""
        if isinstance(values, str):
            self.configuration.write_text(values)
        else:
            write_settings(values, self.configuration.parent)
        count = self.output().count(expected)
        self.process.send_signal(signal.SIGHUP)
        self.wait_until(lambda: self.output().count(expected) > count, 5)

    def _listens(self) -> bool:
        try:
            self.connect().socket.close()
        except ConnectionRefusedError:
            return False
        return True

    def connect(self, listener: int = 0, timeout: float = 10) -> Connection:
        return Connection(self.addresses[listener], timeout)

    def ask(self, method: str, target: str, body=None, **fields) -> Answer:
        """One request on a connection of its own."""
        with self.connect() as connection:
            return connection.ask(method, target, body, **fields)

    def get(self, target: str, **fields) -> Answer:
        return self.ask("GET", target, **fields)
