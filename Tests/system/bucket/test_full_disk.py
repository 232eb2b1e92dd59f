"""A full disk: uploads are refused with 507, nothing of them stays, and what was there does."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from support.s3 import BUCKET, embedded
from support.slotd import Slotd, embedded_settings
from support.slots import ask, get, put

DISK = 8 << 20
FULL = (507, "InsufficientStorage")


@pytest.fixture
def slotd(tmp_path):
    """A slotd whose bucket has a small disk of its own, which goes when the process does."""
    (tmp_path / "bucket").mkdir()
    mount = f"mount -t tmpfs -o size={DISK} tmpfs '{tmp_path}/bucket'"
    wrapper = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh"]
    if subprocess.run([*wrapper, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount a disk of their own")
    with Slotd(embedded_settings(tmp_path), tmp_path, wrapper=wrapper) as slotd:
        yield slotd


@pytest.fixture
def directory(slotd, tmp_path):
    """The bucket's directory, as the process sees it."""
    return Path(f"/proc/{slotd.pid}/root{tmp_path}/bucket")


@pytest.fixture
def client(slotd, directory):
    return embedded(slotd, directory).client()


def left(directory) -> list:
    """What lies in the bucket and is no object."""
    return [*(directory / "incoming").iterdir(), *(directory / "uploads").iterdir()]


def refusal(call, **arguments) -> tuple[int, str]:
    with pytest.raises(ClientError) as caught:
        call(Bucket=BUCKET, **arguments)
    answer = caught.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def test_it_gets_full_in_the_middle_of_an_upload(slotd, directory):
    slot = ask(slotd, size=2 * DISK)
    assert put(slot.put, bytes(2 * DISK)) == 507
    assert get(slot.get)[0] == 404
    assert left(directory) == [] and list((directory / "objects").iterdir()) == []
    # The room that it took is there again.
    slot = ask(slotd, size=DISK // 2)
    assert put(slot.put, bytes(DISK // 2)) == 200
    assert get(slot.get) == (200, bytes(DISK // 2))


def test_what_is_there_stays(client, directory):
    client.put_object(Bucket=BUCKET, Key="kept", Body=b"first")
    number = 0
    while True:
        try:
            client.put_object(Bucket=BUCKET, Key=f"{number}", Body=bytes(DISK // 10))
        except ClientError:
            break
        number += 1
    assert number >= 7
    # Neither a new object nor a larger one in the place of another.
    assert refusal(client.put_object, Key="new", Body=bytes(DISK // 10)) == FULL
    assert refusal(client.put_object, Key="kept", Body=bytes(DISK // 10)) == FULL
    assert client.get_object(Bucket=BUCKET, Key="kept")["Body"].read() == b"first"
    keys = {item["Key"] for item in client.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert keys == {"kept", *map(str, range(number))}
    assert left(directory) == []
    client.delete_object(Bucket=BUCKET, Key="0")
    client.put_object(Bucket=BUCKET, Key="new", Body=bytes(DISK // 10))


def test_many_at_once_are_whole_or_not_there(client, directory):
    def upload(number):
        body = bytes([number]) * (DISK // 5)
        try:
            client.put_object(Bucket=BUCKET, Key=f"{number}", Body=body)
            return number
        except ClientError as error:
            assert error.response["Error"]["Code"] == FULL[1]

    with ThreadPoolExecutor(8) as pool:
        stored = {number for number in pool.map(upload, range(12)) if number is not None}
    assert 0 < len(stored) < 5
    listed = client.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert {item["Key"] for item in listed} == set(map(str, stored))
    for number in stored:
        body = client.get_object(Bucket=BUCKET, Key=f"{number}")["Body"].read()
        assert body == bytes([number]) * (DISK // 5)
    assert left(directory) == []


def test_the_parts_of_an_upload_fit_and_their_sum_does_not(client, directory):
    upload = client.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
    named = {"Key": "parts", "UploadId": upload}
    etag = client.upload_part(Bucket=BUCKET, PartNumber=1, Body=bytes(DISK - DISK // 4), **named)
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag["ETag"]}]}
    assert refusal(client.complete_multipart_upload, MultipartUpload=parts, **named) == FULL
    assert list((directory / "incoming").iterdir()) == []
    assert "Contents" not in client.list_objects_v2(Bucket=BUCKET)
    client.abort_multipart_upload(Bucket=BUCKET, **named)
    assert left(directory) == []
    client.put_object(Bucket=BUCKET, Key="whole", Body=bytes(DISK - DISK // 4))


def test_a_file_may_not_get_that_large(tmp_path):
    """A limit of the process's stands in for the disk, on every machine."""
    with Slotd(
        embedded_settings(tmp_path), tmp_path, wrapper=["prlimit", f"--fsize={DISK}"]
    ) as slotd:
        slot = ask(slotd, size=2 * DISK)
        assert put(slot.put, bytes(2 * DISK)) == 507
        assert get(slot.get)[0] == 404
        assert left(tmp_path / "bucket") == []
        slot = ask(slotd, size=5)
        assert put(slot.put, b"hello") == 200
