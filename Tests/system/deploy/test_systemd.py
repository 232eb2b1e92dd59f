"""The units: judged by systemd's own tools, and slotd under the restrictions that they set."""

import json
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from support.exchange import Connection
from support.metrics import key, scrape
from support.program import Program, free_port
from support.slotd import Slotd, executable, host, settings, write_settings
from support.slots import DIALECTS, ask, get, put

UNITS = Path(__file__).parents[3] / "deploy" / "systemd"
EXPOSURE_MAX = 1.5


def analyze(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, timeout=60
    )


def values(name: str, unit: str = "slotd.service") -> list[str]:
    """What the lines `name=…` of a unit say."""
    return re.findall(rf"^{name}=(.*)$", (UNITS / unit).read_text(), re.MULTILINE)


def exposure(path: Path) -> float:
    done = analyze("security", "--offline=true", path)
    found = re.search(r"Overall exposure level for slotd.service: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    return float(found[1])


def test_little_is_exposed(tmp_path):
    assert exposure(UNITS / "slotd.service") <= EXPOSURE_MAX
    weaker = tmp_path / "slotd.service"
    text = (UNITS / "slotd.service").read_text()
    weaker.write_text(re.sub(r"^(DynamicUser|SystemCallFilter)=.*$", "", text, flags=re.MULTILINE))
    assert exposure(weaker) > EXPOSURE_MAX, "the judge does not judge"


@pytest.fixture
def installed(tmp_path) -> Path:
    """A root directory with systemd's own units, ours, and the programs that ours name."""
    system = tmp_path / "usr/lib/systemd/system"
    shutil.copytree("/usr/lib/systemd/system", system, symlinks=True)
    for unit in UNITS.glob("slotd.s[eo]*"):
        shutil.copy(unit, system)
    programs = tmp_path / "usr/bin"
    programs.mkdir()
    shutil.copy(executable(), programs)
    return tmp_path


def test_systemd_understands_every_line(installed):
    units = [
        installed / "usr/lib/systemd/system" / f"slotd.{kind}" for kind in ("service", "socket")
    ]
    done = analyze("verify", f"--root={installed}", "--man=no", *(unit.name for unit in units))
    assert done.returncode == 0 and "slotd" not in done.stderr, done.stderr
    with units[0].open("a") as file:
        file.write("[Service]\nWatchdogSec=often\n")
    assert "slotd" in analyze("verify", f"--root={installed}", "--man=no", units[0].name).stderr


def test_the_socket_is_for_a_group_that_is_made(tmp_path):
    (group,) = values("SocketGroup", "slotd.socket")
    (tmp_path / "etc").mkdir()
    subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}", UNITS / "slotd.sysusers"],
        check=True,
        capture_output=True,
    )
    assert re.search(rf"^{group}:", (tmp_path / "etc/group").read_text(), re.MULTILINE)
    # A group of the service's own name would keep DynamicUser= from making a user of that name.
    assert group != "slotd"


def test_no_secret_comes_by_the_environment():
    assert values("LoadCredential") == ["slotd:/etc/slotd/credentials"]
    assert not values("Environment") and not values("EnvironmentFile")


# --- under its restrictions ---


def calls(name: str) -> set[str]:
    """The system calls of a group of systemd's."""
    lines = analyze("syscall-filter", name).stdout.splitlines()[1:]
    words = {line.strip() for line in lines} - {""}
    words = {word for word in words if not word.startswith("#")}
    groups = {word for word in words if word.startswith("@")}
    return (words - groups).union(*map(calls, groups))


@pytest.fixture(scope="module")
def confinement():
    allowed, denied = values("SystemCallFilter")
    assert not allowed.startswith("~") and denied.startswith("~")
    removed = set().union(*map(calls, denied[1:].split()))
    allowed = set().union(*map(calls, allowed.split())) - removed
    assert {"openat", "epoll_pwait"} <= allowed and not {"setrlimit", "ptrace", "mount"} & allowed
    assert values("MemoryDenyWriteExecute") == ["yes"]
    families = [getattr(socket, name) for name in values("RestrictAddressFamilies")[0].split()]
    wanted = json.dumps({"calls": sorted(allowed), "families": families})
    return ["/usr/bin/python3", "-I", Path(__file__).parent / "confine.py", wanted]


def test_the_confinement_confines(confinement):
    def tried(code: str) -> str:
        done = subprocess.run(
            [*confinement, "/usr/bin/python3", "-I", "-c", code], capture_output=True, text=True
        )
        return done.stderr

    assert tried("import os; os.pipe()") == ""
    assert "PermissionError" in tried("import os; os.nice(1)")
    assert "Errno 97" in tried("import socket; socket.socket(socket.AF_NETLINK)")
    assert "PermissionError" in tried("import mmap; mmap.mmap(-1, 4096, prot=7)")


def test_slotd_lives_in_it(confinement, rclone, tmp_path, short_directory):
    """Slots, uploads, metrics, a reload and the end, with nothing missing."""
    listen = ["127.0.0.1:0", "[::1]:0", f"unix:{short_directory}/confined.sock"]
    bucket = host(rclone.settings, get="presigned")
    values = settings({"upload.@HOST@": bucket}, listen=listen, probe_interval=1)
    with Slotd(values, tmp_path, wrapper=confinement) as slotd:
        for dialect in DIALECTS:
            slot = ask(slotd, dialect, size=4)
            assert put(slot.put, b"abcd") == 200
            assert get(slot.get) == (200, b"abcd")
        with slotd.connect(listener=2) as connection:
            assert connection.ask("GET", "/readyz").status == 200
        assert scrape(slotd)[key("process_max_fds")] > 0
        probed = key("slotd_probe_success", host="upload.@HOST@")
        assert slotd.wait_until(lambda: scrape(slotd).get(probed)) == 1
        # As ExecReload= has it.
        reload = ["reload", "--pid", str(slotd.pid), "--config", slotd.configuration]
        subprocess.run([*confinement, executable(), *reload], check=True)
        slotd.wait_until(lambda: "configuration loaded anew" in slotd.output())
        assert " error " not in slotd.output() and " warning " not in slotd.output()


def test_the_socket_starts_it(confinement, short_directory, tmp_path):
    """Both kinds of address, handed over to a confined slotd, which says when it is ready."""
    kinds = values("ListenStream", "slotd.socket")
    assert [kind.startswith("/") for kind in kinds] == [True, False]
    path = short_directory / "activated.sock"
    addresses = [f"unix:{path}", f"127.0.0.1:{free_port()}"]
    configuration = write_settings(settings(listen=["127.0.0.1:1"]), tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(short_directory / "manager"))
        manager.settimeout(20)
        activate = ["systemd-socket-activate", f"--listen={path}", f"--listen={addresses[1]}"]
        activate += [f"--setenv=NOTIFY_SOCKET={short_directory / 'manager'}"]
        serve = [*confinement, executable(), "serve", "--config", configuration]
        slotd = Program([*activate, *serve], tmp_path / "log")
        try:
            slotd.wait_until(path.exists)
            assert "ready" not in slotd.output(), "nobody has asked yet"
            for address in addresses:
                with Connection(address) as connection:
                    assert connection.ask("GET", "/livez").status == 200
            assert b"READY=1" in manager.recv(4096)
        finally:
            assert slotd.stop() == 0, slotd.output()
