"""The container's file system, made by the image's own steps, and slotd running in it.

Bubblewrap takes the engine's place: a read-only root, another user, no rights, and processes of
which slotd is number 1.
"""

import os
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from support.exchange import Connection
from support.metrics import key, scrape
from support.program import Program, free_port
from support.slotd import CRASH, command, executable, host, settings, write_settings
from support.slots import FIELDS, ask, get, put, query

CONTAINER = Path(__file__).parents[3] / "deploy" / "container"
USER = 65532
PROGRAM = "/usr/bin/slotd"


@pytest.fixture(scope="session")
def image():
    """What the image holds; the user that slotd runs as can reach it."""
    directory = Path(tempfile.mkdtemp(prefix="slotd-image-"))
    directory.chmod(0o755)
    made = directory / "image"
    subprocess.run([CONTAINER / "rootfs", executable(), made], check=True)
    yield made
    shutil.rmtree(directory)


@pytest.fixture
def place():
    """A directory for what is mounted into a container."""
    directory = Path(tempfile.mkdtemp(prefix="slotd-container-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def contained(image: Path, configuration: Path, *arguments) -> list:
    """The command line that runs the image's program as an engine does."""
    user = []
    if os.geteuid() == 0:
        user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        user += ["--pdeathsig=KILL", "--"]
    sandbox = ["bwrap", "--unshare-all", "--share-net", "--as-pid-1", "--die-with-parent"]
    sandbox += ["--unshare-user", "--uid", USER, "--gid", USER]
    sandbox += ["--cap-drop", "ALL", "--clearenv", "--chdir", "/"]
    mounts = ["--ro-bind", image / "root", "/", "--proc", "/proc", "--dev", "/dev"]
    mounts += ["--ro-bind", configuration.parent, "/etc/slotd"]
    mounts += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return [*user, *sandbox, *mounts, "--", PROGRAM, *arguments]


class Container(Program):
    """`slotd serve`, the image's command, in the image."""

    def __init__(self, image: Path, values: dict, place: Path):
        (place / "etc").mkdir(exist_ok=True)
        self.configuration = write_settings(values, place / "etc")
        self.address = values["listen"][0]
        self.image = image
        self.begun = time.monotonic()
        super().__init__(contained(image, self.configuration, "serve"), place / "log")
        self.wait_until(lambda: re.search(r"\bready\b", self.output()))
        self.seconds = time.monotonic() - self.begun

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with suppress(ProcessLookupError):
            os.kill(self.inside, signal.SIGTERM)
        try:
            status = self.process.wait(20)
        finally:
            self.stop()
        assert status == 0 and not CRASH.search(self.output()), self.output()

    @property
    def inside(self) -> int:
        """slotd's own number out here: bubblewrap's only child."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        assert len(children) == 1, children
        return int(children[0])

    def connect(self, timeout: float = 10):
        return Connection(self.address, timeout)

    def ask(self, method: str, target: str, body=None, **fields):
        with self.connect() as connection:
            return connection.ask(method, target, body, **fields)

    def get(self, target: str, **fields):
        return self.ask("GET", target, **fields)

    def health(self) -> subprocess.CompletedProcess:
        """The image's HEALTHCHECK, run in it as an engine does."""
        return subprocess.run(
            [*map(str, contained(self.image, self.configuration, "health"))],
            capture_output=True,
            text=True,
            timeout=20,
        )


def listening(**hosts) -> dict:
    return settings(hosts or None, listen=[f"127.0.0.1:{free_port()}"])


def files(image: Path) -> list[Path]:
    return [path for path in image.rglob("*") if path.is_file() and not path.is_symlink()]


def test_only_what_slotd_needs_is_in_it(image):
    listed = subprocess.check_output(["ldd", executable()], text=True)
    libraries = {Path(path).name for path in re.findall(r"(/\S+)", listed)}
    assert not re.search("libswift|libFoundation", listed), "Swift's own are inside the program"
    found = files(image)
    assert {path.name for path in found if ".so" in path.name} == libraries
    programs = {path.name for path in found if path.stat().st_mode & 0o111}
    assert programs - libraries == {"slotd"}, "no shell, no tool"
    modes = {path: path.stat().st_mode for path in [*found, *image.rglob("*/")]}
    assert not [path for path, mode in modes.items() if mode & 0o6002]


def test_scanners_find_the_packages(image):
    """As they do in images without a package manager: a file a package, with name and version."""
    statuses = list((image / "root/var/lib/dpkg/status.d").iterdir())
    for status in statuses:
        assert re.search(rf"^Package: {re.escape(status.name)}$", status.read_text(), re.MULTILINE)
        assert re.search(r"^Version: \S+$", status.read_text(), re.MULTILINE)
    assert {"libc6", "libssl3", "ca-certificates"} <= {status.name for status in statuses}


def test_it_makes_nothing_twice_and_says_what_is_missing(image, tmp_path):
    def made(*arguments) -> str:
        done = subprocess.run([CONTAINER / "rootfs", *arguments], capture_output=True, text=True)
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr
        return done.stderr

    assert "is there already" in made(executable(), image)
    assert "build slotd first" in made(tmp_path / "slotd", tmp_path / "image")
    assert "name the program" in made()


def test_uploads_from_a_read_only_container(image, place, rclone):
    values = listening(**{"upload.@HOST@": host(rclone.settings, get="presigned")})
    with Container(image, values, place) as slotd:
        slot = ask(slotd, size=4)
        assert put(slot.put, b"abcd") == 200
        assert get(slot.get) == (200, b"abcd")
        status = Path(f"/proc/{slotd.inside}/status").read_text()
        assert re.search(r"^NSpid:\s+\d+\s+1$", status, re.MULTILINE), "it is number 1 there"
        assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
        if os.geteuid() == 0:
            assert re.search(rf"^Uid:\s+{USER}\s", status, re.MULTILINE)
        mounts = Path(f"/proc/{slotd.inside}/mounts").read_text()
        assert re.search(r"^\S+ / \S+ ro[, ]", mounts, re.MULTILINE), "the root is read-only"


def test_its_health(image, place):
    with Container(image, listening(), place) as slotd:
        assert slotd.health().returncode == 0
        os.kill(slotd.inside, signal.SIGSTOP)
        ill = slotd.health()
        os.kill(slotd.inside, signal.SIGCONT)
    assert ill.returncode == 1 and "longer than 3 s" in ill.stderr
    gone = slotd.health()
    assert gone.returncode == 1 and "Connection refused" in gone.stderr


def test_a_wrong_configuration_ends_it(image, place):
    configuration = write_settings({**listening(), "no_such_key": 1}, place)
    line = [*map(str, contained(image, configuration, "serve"))]
    done = subprocess.run(line, capture_output=True, text=True, timeout=20)
    assert done.returncode == 78 and "/etc/slotd/slotd.toml:" in done.stderr, done.stderr
    assert command("check", "--config", configuration).returncode == 1


def test_figures(image, place, capsys):
    """What it takes: printed, with generous bounds."""
    starts = []
    for _ in range(5):
        with Container(image, listening(), place) as slotd:
            starts.append(slotd.seconds)
        (place / "log").unlink()
    with Container(image, {**listening(), "workers": 2}, place) as slotd:

        def resident() -> float:
            return scrape(slotd)[key("process_resident_memory_bytes")]

        idle = resident()
        target = f"/slot?{query(FIELDS)}"
        count = 4000

        def load():
            with slotd.connect() as connection:
                for _ in range(count):
                    assert connection.ask("GET", target).status == 200

        threads = [threading.Thread(target=load) for _ in range(8)]
        held = [slotd.connect() for _ in range(500)]
        for thread in threads:
            thread.start()
        busy = []
        while any(thread.is_alive() for thread in threads):
            busy.append(resident())
            time.sleep(0.1)
        granted = sum(
            value
            for (name, labels), value in scrape(slotd).items()
            if name == "slotd_slots_total" and ("outcome", "granted") in labels
        )
        for connection in held:
            connection.socket.close()
    assert granted == 8 * count
    size = sum(path.stat().st_size for path in files(image))
    with capsys.disabled():
        print(
            f"\nimage {size / 1e6:.1f} MB, ready after {statistics.median(starts) * 1000:.0f} ms,"
            f" resident {idle / 1e6:.1f} MB idle and {max(busy) / 1e6:.1f} MB"
            f" with 500 connections and {granted:.0f} slots"
        )
    assert size < 60e6 and statistics.median(starts) < 5
    assert max(busy) < 200e6
