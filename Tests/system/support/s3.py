"""S3 servers that verify signatures: the judges of what slotd signs."""

import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import botocore.config
import botocore.session

from support.program import Program
from support.slotd import ACCESS_KEY_ID, SECRET_ACCESS_KEY

REGION = "us-east-1"
BUCKET = "uploads"


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket."""

    name: str
    endpoint: str
    # The root of a plain web server over the same objects, where there is one.
    downloads: str | None = None
    access_key_id: str = ACCESS_KEY_ID
    secret_access_key: str = SECRET_ACCESS_KEY
    region: str = REGION

    @property
    def settings(self) -> dict:
        """The section `s3` of an upload service that uses the bucket."""
        return {
            "bucket_url": f"{self.endpoint}/{BUCKET}",
            "region": self.region,
            "access_key_id": self.access_key_id,
            "secret_access_key": self.secret_access_key,
        }

    def client(self):
        """botocore's own client, for what the tests do to the bucket behind slotd's back."""
        return botocore.session.get_session().create_client(
            "s3",
            region_name=self.region,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            config=botocore.config.Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
            ),
        )

    @property
    def environment(self) -> dict:
        """What AWS's tools take their key from."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


def embedded(slotd, directory: Path) -> S3Server:
    """The bucket of a running slotd, which keeps its files and its access key in `directory`."""
    address = re.search(r"bucket listening on (\S+)", slotd.output())[1]
    key_id, secret = (directory / "access-key").read_text().split()
    return S3Server("embedded", f"http://{address}", None, key_id, secret, "local")


def script(name: str) -> Path:
    """A program that came with a Python package of this environment."""
    return Path(sys.executable).parent / name


@contextmanager
def rclone(directory: Path, keys=((ACCESS_KEY_ID, SECRET_ACCESS_KEY),)):
    """`rclone serve s3` over a directory, and `rclone serve http` over the same for downloads."""
    bucket = directory / "data" / BUCKET
    bucket.mkdir(parents=True)
    environment = {
        **os.environ,
        "RCLONE_CONFIG": str(directory / "rclone.conf"),
        "RCLONE_CACHE_DIR": str(directory / "cache"),
        "RCLONE_AUTH_KEY": ",".join(f'"{key_id},{secret}"' for key_id, secret in keys),
    }

    def serve(kind: str, what: Path, *more) -> Program:
        arguments = [script("rclone"), "serve", kind, "--addr", "127.0.0.1:0", "-vv", *more, what]
        return Program(arguments, directory / f"{kind}.log", env=environment)

    def address(program: Program) -> str:
        return program.wait_until(lambda: re.search(r"http://127\.0\.0\.1:\d+", program.output()))[
            0
        ]

    servers = []
    try:
        servers.append(serve("s3", bucket.parent))
        # It shall see each file at once.
        servers.append(serve("http", bucket, "--dir-cache-time=0s"))
        yield S3Server("rclone", *map(address, servers))
    finally:
        for server in servers:
            server.stop()
