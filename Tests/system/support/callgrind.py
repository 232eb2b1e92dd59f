"""Counting what slotd does: under callgrind, which counts instructions, not time."""

import re
import subprocess
from pathlib import Path

import pytest

from support.slotd import Slotd, executable

# A function of callgrind_annotate's table: what it cost, its name, and the file it is from.
_ROW = re.compile(r"^ *([\d,]+) \([ \d.]+%\)  [^:]*:(.+) \[(.+)\]$", re.MULTILINE)


class Profile:
    """What the only worker executed, in instructions."""

    def __init__(self, dump: Path):
        self._own = self._table(dump, inclusive="no")
        self._inclusive = self._table(dump, inclusive="yes")

    @staticmethod
    def _table(dump: Path, inclusive: str) -> list[tuple[int, str, str]]:
        command = ["callgrind_annotate", "--threshold=100", f"--inclusive={inclusive}", dump]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [(int(cost.replace(",", "")), name, file) for cost, name, file in _ROW.findall(text)]

    @property
    def functions(self) -> set[str]:
        """All that were called."""
        return {name for _, name, _ in self._own}

    def total(self, hashing: bool = False) -> int:
        """All but OpenSSL's; or those."""
        return sum(cost for cost, _, file in self._own if ("libcrypto" in file) == hashing)

    def inside(self, start: str) -> int:
        """Those of the function whose mangled name starts so, with all that it calls."""
        found = [cost for cost, name, _ in self._inclusive if name.startswith(start)]
        assert found, f"no function is named {start}: it was renamed, or became part of another"
        return max(found)


def bare_executable(directory: Path) -> Path:
    """Without what Swift's compiler writes for debuggers, which Valgrind 3.19 does not read."""
    bare = directory / "slotd"
    subprocess.run(["strip", "--strip-debug", "-o", bare, executable()], check=True)
    return bare


def counted_command(directory: Path, *arguments) -> int:
    """Instructions of one of slotd's commands, from its first to its last."""
    callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory / 'callgrind'}"]
    done = subprocess.run(
        [*callgrind, bare_executable(directory), *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


class CountedSlotd(Slotd):
    """slotd under callgrind, which counts when it is told to."""

    def __init__(self, values: dict, directory: Path):
        self.dumps = directory / "callgrind"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SLOTD", str(bare_executable(directory)))
            super().__init__(
                values,
                directory,
                wrapper=[
                    "valgrind",
                    "--tool=callgrind",
                    "--instr-atstart=no",
                    "--separate-threads=yes",
                    f"--callgrind-out-file={self.dumps}",
                ],
            )

    def profile(self, body) -> Profile:
        """What the worker executes while `body` runs."""
        self._control("--instr=on")
        body()
        self._control("--instr=off")
        before = set(self.dumps.parent.iterdir())
        self._control("--dump")
        dumps = set(self.dumps.parent.iterdir()) - before
        busy = [dump for dump in dumps if "Worker" in dump.read_text()]
        assert len(busy) == 1, f"there is one worker, but: {dumps}"
        return Profile(busy[0])

    def _control(self, command: str):
        subprocess.run(
            ["callgrind_control", command, str(self.pid)], check=True, capture_output=True
        )
