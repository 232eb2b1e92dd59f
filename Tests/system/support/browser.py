"""A real browser without a window."""

from contextlib import contextmanager
from pathlib import Path

from support.program import Program


def chromium(profile: Path, *arguments: str) -> list[str]:
    """The command line of a Chromium that starts anew and prints what its console says."""
    return [
        # What Debian has in the path is a shell that starts it, and would be ended without it.
        "/usr/lib/chromium/chromium-headless-shell",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={profile}",
        "--enable-logging=stderr",
        *arguments,
    ]


@contextmanager
def visiting(url: str, directory: Path):
    """A browser that has a page open."""
    program = Program(chromium(directory / "profile", url), directory / "chromium.log")
    try:
        yield program
    finally:
        program.stop()
