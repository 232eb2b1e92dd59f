"""A secret that was replaced is soon nowhere in the memory, which is for nobody to see."""

import os
import re
import secrets
import signal
import subprocess
from pathlib import Path

import pytest
from surroundings import keyless
from test_sources import first_slot, judge, write_profile

from support.slotd import Slotd, settings
from support.slots import ask


def holds(pid: int, *secrets: str) -> bool:
    """Whether one of the secrets stands anywhere in what a process may write to."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            start, end, mode = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            if mode.startswith("rw"):
                memory.seek(int(start, 16))
                written = memory.read(int(end, 16) - int(start, 16))
                if any(secret.encode() in written for secret in secrets):
                    return True
    return False


def check(slotd, sessions, replace):
    old = judge(sessions, ask(slotd).put)
    assert holds(slotd.pid, old.secret) and holds(slotd.pid, old.token)
    replace()
    slotd.wait_until(lambda: judge(sessions, ask(slotd).put) != old, 5)
    slotd.wait_until(lambda: not holds(slotd.pid, old.secret, old.token), 5)
    new = judge(sessions, ask(slotd).put)
    assert holds(slotd.pid, new.secret) and holds(slotd.pid, new.token)


def test_of_a_file(start, sessions, tmp_path):
    path = tmp_path / ".aws" / "credentials"
    write_profile(path, sessions.new())
    slotd = start({})
    check(slotd, sessions, lambda: write_profile(path, sessions.new()))


def test_of_json(start, sessions, metadata):
    metadata.seconds = 19
    slotd = start(metadata.environment, keyless({"instance_metadata": True}))
    first_slot(slotd)
    check(slotd, sessions, lambda: None)


def test_of_xml(start, sessions, sts, tmp_path):
    sts.seconds = 19
    slotd = start(sts.environment(tmp_path / "token"))
    first_slot(slotd)
    check(slotd, sessions, lambda: None)


def test_of_the_configuration(start, sessions, tmp_path):
    """A key and a token in files of their own: one is read again by itself, the other when told."""
    key_id, key, token = (tmp_path / name for name in ("id", "key", "token"))
    key_id.write_text(sessions.new().access_key_id)

    def replaced(path):
        path.write_text(secrets.token_urlsafe(30))
        return path.read_text()

    old = [replaced(path) for path in (key, token)]
    values = keyless({"access_key_id_file": str(key_id), "secret_access_key_file": str(key)})
    slotd = start({}, {**values, "tokens_file": str(token)})
    assert all(holds(slotd.pid, secret) for secret in old)
    new = [replaced(path) for path in (key, token)]
    slotd.process.send_signal(signal.SIGHUP)
    slotd.wait_until(lambda: all(holds(slotd.pid, secret) for secret in new), 5)
    slotd.wait_until(lambda: not any(holds(slotd.pid, secret) for secret in old), 5)


# Two processes of root that have none of its rights are as any two of one user.
RIGHTLESS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


@pytest.mark.parametrize("core_dumps", [True, False])
def test_memory_is_for_others_only_on_request(tmp_path, core_dumps):
    values = settings(core_dumps=True)
    if not core_dumps:
        del values["core_dumps"]
    with Slotd(values, tmp_path, wrapper=RIGHTLESS) as slotd:
        look = [*RIGHTLESS, "head", "-c1", f"/proc/{slotd.pid}/maps"]
        assert (subprocess.run(look, capture_output=True).returncode == 0) == core_dumps
        files = [Path("/proc", str(pid), "limits") for pid in (slotd.pid, "self")]
        size, mine = (re.search(r"core file size +(\S+)", file.read_text())[1] for file in files)
        assert size == (mine if core_dumps else "0")
