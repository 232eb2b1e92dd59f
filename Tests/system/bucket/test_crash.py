"""Whatever dies when, an object is whole or it is not there."""

import contextlib
import hashlib
import http.client
import os
import random
import signal
import threading
import time
from urllib.parse import urlsplit

from support.s3 import BUCKET, embedded
from support.slotd import Slotd, embedded_settings

ROUNDS = 8
UPLOADERS = 4


def contents(key: str) -> bytes:
    """What belongs under a key: known from the key alone."""
    generator = random.Random(key)
    return generator.randbytes(generator.randint(1, 400_000))


def upload(client, prefix: str, stopped: threading.Event, done: list):
    """Puts one object after the other, until the server is gone."""
    number = 0
    with contextlib.suppress(OSError, http.client.HTTPException):
        while not stopped.is_set():
            key = f"{prefix}/{number}"
            body = contents(key)
            url = urlsplit(
                client.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": key})
            )
            connection = http.client.HTTPConnection(url.netloc, timeout=10)
            with contextlib.closing(connection):
                connection.request("PUT", f"{url.path}?{url.query}", body)
                if connection.getresponse().status == 200:
                    done.append(key)
            number += 1


def test_killed_at_any_time(tmp_path):
    """SIGKILL during uploads: what was confirmed is there, and nothing is there in part."""
    generator = random.Random(1)
    confirmed = []
    for number in range(ROUNDS):
        run = tmp_path / f"run-{number}"
        run.mkdir()
        slotd = Slotd(embedded_settings(tmp_path), run)
        server = embedded(slotd, tmp_path / "bucket")
        check(server, tmp_path / "bucket", confirmed)
        stopped = threading.Event()
        threads = [
            threading.Thread(
                target=upload, args=(server.client(), f"{number}-{i}", stopped, confirmed)
            )
            for i in range(UPLOADERS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(generator.uniform(0.05, 0.5))
        os.kill(slotd.pid, signal.SIGKILL)
        stopped.set()
        for thread in threads:
            thread.join()
        slotd.stop()
    run = tmp_path / "last"
    run.mkdir()
    with Slotd(embedded_settings(tmp_path), run) as slotd:
        check(embedded(slotd, tmp_path / "bucket"), tmp_path / "bucket", confirmed)
    assert len(confirmed) > ROUNDS, "hardly anything was uploaded"


def check(server, directory, confirmed):
    client = server.client()
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    listed = {item["Key"]: item for page in pages for item in page.get("Contents", [])}
    assert set(confirmed) <= set(listed)
    connection = http.client.HTTPConnection(urlsplit(server.endpoint).netloc, timeout=10)
    with contextlib.closing(connection):
        for key, item in listed.items():
            body = contents(key)
            assert item["Size"] == len(body)
            assert item["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
            connection.request("GET", f"/{BUCKET}/{key}")
            assert connection.getresponse().read() == body
    assert len(list((directory / "objects").iterdir())) == len(listed)
    assert list((directory / "incoming").iterdir()) == []
