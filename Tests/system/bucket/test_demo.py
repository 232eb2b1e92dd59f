"""`slotd demo`: what it prints works when it is pasted, and it finds its files again."""

import os
import re
import shlex
import socket
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from support.program import Program, free_port
from support.s3 import script
from support.slotd import CRASH, command, executable

ROOT = Path(__file__).parents[3]


def free_ports() -> int:
    """A port that is free, as is the next one."""
    while True:
        port = free_port()
        with suppress(OSError, OverflowError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port + 1))
            return port


@contextmanager
def demo(directory: Path, port: int):
    """A running demonstration, which must end well."""
    arguments = ["demo", "--port", str(port), "--directory", directory / "data"]
    (directory / "demo.log").unlink(missing_ok=True)
    program = Program([executable(), *arguments], directory / "demo.log", cwd=directory)
    try:
        program.wait_until(lambda: "s3 ls" in program.output())
        yield program
    finally:
        status = program.stop()
    assert status == 0 and not CRASH.search(program.output()), program.output()


def printed(output: str) -> list[str]:
    """The lines that it wants to be pasted."""
    return [line.strip() for line in output.splitlines() if re.match(r"  \S", line)]


def paste(*lines: str) -> str:
    """What a terminal shows when these lines are pasted into it, as they are."""
    programs = f"{script('aws').parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PATH": programs, "no_proxy": "*", "AWS_CONFIG_FILE": os.devnull},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_it_prints_works_when_pasted(tmp_path):
    port = free_ports()
    with demo(tmp_path, port) as program:
        *tries, key, listing = printed(program.output())
        assert len(tries) == 3
        put, get, *downloaded = paste(*tries).splitlines()
        assert downloaded == ["hello"]
        assert get.endswith("/hello.txt") and put.startswith(f"{get}?X-Amz-Algorithm=")
        assert re.search(r"PRE [0-9a-f]{64}/", paste(key, listing))
        # Each request is a line of the log that tells no signature.
        log = program.output()
        path = get.removeprefix(f"http://127.0.0.1:{port + 1}")
        assert len(re.findall("slot granted", log)) == 1
        assert re.findall(rf"(PUT|GET) {re.escape(path)} (\d+)", log) == [
            ("PUT", "200"),
            ("GET", "200"),
        ]
        assert "Signature" not in log
    with demo(tmp_path, port):
        assert paste(f"curl {shlex.quote(get)}") == "hello"
        # The URL to upload with is good until it ends, too.
        assert paste(tries[1].replace('"$(echo "$slot" | head -n 1)"', shlex.quote(put))) == ""
        assert paste(*tries).splitlines()[0] != put


def test_the_readme_shows_the_same(tmp_path):
    port = free_ports()
    with demo(tmp_path, port) as program:
        tries = printed(program.output())[:3]
    readme = (ROOT / "README.md").read_text()
    assert "\n".join(tries).replace(str(port), "5480") in readme


@pytest.mark.parametrize("port", ["0", "65535"])
def test_it_needs_two_ports(tmp_path, port):
    done = command("demo", "--port", port, "--directory", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "--port must be from 1 to 65534: the bucket has the one above.\n"


def test_a_directory_is_one_bucket_s(tmp_path):
    with demo(tmp_path, free_ports()):
        again = ["--port", free_ports(), "--directory", tmp_path / "data"]
        done = command("demo", *again)
        assert done.returncode != 0
        assert "in use" in done.stderr and len(done.stderr.splitlines()) == 1


def test_its_ports_are_its_own(tmp_path):
    port = free_ports()
    with demo(tmp_path, port):
        done = command("demo", "--port", port, "--directory", tmp_path / "other")
        assert done.returncode == 1
        words = f"slotd cannot listen on 127.0.0.1:{port} (Address already in use): end the program"
        assert done.stderr.startswith(words) and len(done.stderr.splitlines()) == 1
