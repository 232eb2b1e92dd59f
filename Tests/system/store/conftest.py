"""Buckets with something wrong, each for real or as near to it as can be."""

import os
import time
from email.utils import formatdate

import pytest

from support.program import Program, free_port
from support.s3 import BUCKET, S3Server, script
from support.slotd import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from support.standins import always, answering, certificate, hanging, s3_error


@pytest.fixture(scope="module")
def late():
    def respond(*_):
        date = formatdate(time.time() - 3600, usegmt=True)
        return 403, {"Date": date}, s3_error("AccessDenied")

    with answering(respond) as url:
        yield S3Server("late", url)


@pytest.fixture(scope="module")
def silent():
    with hanging() as url:
        yield S3Server("silent", url)


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    with answering(always(403), certificate(tmp_path_factory.mktemp("strange"))) as url:
        yield S3Server("strange", url)


@pytest.fixture(scope="module")
def throttling():
    with answering(always(503, s3_error("SlowDown", "Please reduce your request rate."))) as url:
        yield S3Server("throttling", url)


@pytest.fixture(scope="module")
def full_disk(tmp_path_factory):
    """rclone on a file system of one page, which a file fills already."""
    directory = tmp_path_factory.mktemp("full")
    port = free_port()
    script_text = (
        f"mount -t tmpfs -o size=4k none {directory} && mkdir {directory}/{BUCKET}"
        f" && head -c 4096 /dev/zero >{directory}/filler"
        f" && exec {script('rclone')} serve s3 --addr 127.0.0.1:{port} -vv {directory}"
    )
    log = tmp_path_factory.mktemp("log") / "rclone.log"
    server = Program(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script_text],
        log,
        env={
            **os.environ,
            "RCLONE_CONFIG": "/dev/null",
            "RCLONE_AUTH_KEY": f'"{ACCESS_KEY_ID},{SECRET_ACCESS_KEY}"',
        },
    )
    try:
        server.wait_until(lambda: "Starting s3 server" in server.output())
        yield S3Server("full", f"http://127.0.0.1:{port}")
    finally:
        server.stop()
