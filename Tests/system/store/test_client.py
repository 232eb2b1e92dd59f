"""The client for buckets: what the tests of its module do to slotd's own, done to others."""

import os
import re
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[3] / ".build" / "debug" / "slotdPackageTests.xctest"


@pytest.mark.skipif(not TESTS.exists(), reason="build the tests: swift build --build-tests")
@pytest.mark.parametrize("server", ["rclone", "swift"])
def test_the_client(request, server):
    bucket = request.getfixturevalue(server)
    done = subprocess.run(
        [TESTS, "--testing-library", "swift-testing", "--filter", "S3ClientTests"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        env={
            **os.environ,
            **bucket.environment,
            "SLOTD_TEST_BUCKET": bucket.settings["bucket_url"],
            "NO_PROXY": "*",
        },
    )
    assert done.returncode == 0, done.stdout
    assert re.search("with [1-9] tests in 1 suite passed", done.stdout), done.stdout
