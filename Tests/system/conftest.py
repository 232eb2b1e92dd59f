"""Fixtures: running slotd processes, and the S3 servers that judge what they sign."""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.register_assert_rewrite("support")

from support import s3  # noqa: E402
from support.openstack import openstack_swift  # noqa: E402
from support.slotd import Slotd, embedded_settings  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--seconds", type=int, default=10, help="of load in the test of endurance")
    parser.addoption("--slots", type=int, default=200_000, help="in the test of counters")


def _short_directory() -> Path:
    """A directory for sockets (paths below 108 bytes) and for Swift (user attributes of files)."""
    path = Path(tempfile.mkdtemp(prefix="slotd-"))
    try:
        os.setxattr(path, "user.slotd", b"")
    except OSError:
        path.rmdir()
        path = Path(tempfile.mkdtemp(prefix="slotd-", dir=Path.home()))
    return path


@pytest.fixture(scope="session")
def short_directory():
    path = _short_directory()
    yield path
    shutil.rmtree(path)


def _starter(directories):
    """Starts slotd with given settings; at the end of the scope each must end cleanly."""
    with ExitStack() as stack:

        def start(values: dict, environment: dict | None = None) -> Slotd:
            return stack.enter_context(Slotd(values, directories(), environment))

        yield start


@pytest.fixture
def start_slotd(tmp_path_factory):
    """Starts a slotd for one test: `start_slotd(settings(…))`."""
    yield from _starter(lambda: tmp_path_factory.mktemp("slotd"))


@pytest.fixture(scope="module")
def start_shared_slotd(tmp_path_factory):
    """Starts a slotd that the tests of one file share."""
    yield from _starter(lambda: tmp_path_factory.mktemp("slotd"))


@pytest.fixture(scope="session")
def rclone(tmp_path_factory):
    with s3.rclone(tmp_path_factory.mktemp("rclone")) as server:
        yield server


@pytest.fixture(scope="session")
def swift(short_directory):
    directory = short_directory / "swift"
    directory.mkdir()
    with openstack_swift(directory) as server:
        yield server


@pytest.fixture(scope="session")
def embedded(tmp_path_factory):
    """The embedded bucket, as one more server that judges what is signed for it."""
    directory = tmp_path_factory.mktemp("embedded")
    with Slotd(embedded_settings(directory), directory) as slotd:
        yield s3.embedded(slotd, directory / "bucket")


@pytest.fixture(scope="session", params=["rclone", "swift", "embedded"])
def s3_server(request):
    """Each S3 server in turn."""
    return request.getfixturevalue(request.param)
