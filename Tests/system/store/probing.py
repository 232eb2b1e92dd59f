"""`slotd probe`, and what it finds."""

import json
import os
import subprocess
from pathlib import Path

from support.slotd import executable, host, settings, write_settings

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
