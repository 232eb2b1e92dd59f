"""`slotd probe` and `slotd doctor`, and what they find."""

import json
import os
import subprocess
from pathlib import Path

from support.slotd import command, executable, host, settings, write_settings

SIGNED = {"get": "presigned"}


def probe(directory: Path, s3: dict, *, wrapper=(), environment=None, **service):
    """What `slotd probe` finds: its exit status, the result, and what it says."""
    values = settings({"upload.@HOST@": host(s3, **service)})
    path = write_settings(values, directory)
    done = subprocess.run(
        [*wrapper, executable(), "probe", "--config", path, "--format", "json"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_PROXY": "*", **(environment or {})},
    )
    [result] = json.loads(done.stdout)
    return done.returncode, result, done.stderr


def doctor(directory, s3, *arguments, **service):
    """What the doctor finds out about a bucket."""
    values = settings({"upload.@HOST@": host(s3, **service)})
    return examined(write_settings(values, directory), *arguments)


def examined(path, *arguments):
    """The doctor's exit status, and its rows by their names."""
    done = command(
        "doctor", "--config", path, "--format", "json", *arguments, environment={"NO_PROXY": "*"}
    )
    [report] = json.loads(done.stdout)
    rows = {row["check"]: row for row in report["findings"]}
    assert len(rows) == len(report["findings"]), "each row once"
    assert all(row["remedy"] for row in rows.values() if row["verdict"] in ("warning", "bad"))
    return done.returncode, rows
