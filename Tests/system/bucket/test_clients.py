"""The embedded bucket and AWS's own tools, unmodified."""

import base64
import hashlib
import io
import os
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from support.exchange import Connection
from support.s3 import BUCKET, script

# Keys that are one file each, whatever a file system thinks of them.
KEYS = ["a", "a/b", "A", "a//b", "../a", "très cool.jpg", "ü" * 500, ".", "x" * 1024, "🦀/🎉"]

CHECKSUM_BYTES = {"CRC32": 4, "SHA1": 20, "SHA256": 32}


@pytest.fixture
def client(embedded):
    return boto3.client(
        "s3",
        endpoint_url=embedded.endpoint,
        region_name=embedded.region,
        aws_access_key_id=embedded.access_key_id,
        aws_secret_access_key=embedded.secret_access_key,
    )


@pytest.fixture
def aws(embedded):
    def run(*arguments, status=0):
        done = subprocess.run(
            [script("aws"), "--endpoint-url", embedded.endpoint, "s3", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, **embedded.environment},
        )
        assert done.returncode == status, done.stderr
        return done.stdout

    return run


def delete_all(client, prefix=""):
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    keys = [{"Key": item["Key"]} for page in pages for item in page.get("Contents", [])]
    for start in range(0, len(keys), 1000):
        answer = client.delete_objects(
            Bucket=BUCKET, Delete={"Objects": keys[start : start + 1000]}
        )
        assert "Errors" not in answer
    return len(keys)


class TestBoto3:
    def test_every_key_is_its_own_and_is_listed_as_it_was_put(self, client):
        delete_all(client)
        for key in KEYS:
            client.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
        listed = client.list_objects_v2(Bucket=BUCKET)["Contents"]
        assert [item["Key"] for item in listed] == sorted(KEYS, key=str.encode)
        for key in KEYS:
            got = client.get_object(Bucket=BUCKET, Key=key)
            assert got["Body"].read() == key.encode()
            assert got["ETag"] == f'"{hashlib.md5(key.encode()).hexdigest()}"'
        assert delete_all(client) == len(KEYS)
        assert client.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0

    @pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
    def test_checksums(self, client, algorithm):
        body = os.urandom(200_000)
        more = {"Bucket": BUCKET, "Key": "checked", "ChecksumAlgorithm": algorithm}
        client.put_object(Body=body, **more)
        # In parts, of which each has its own.
        client.upload_fileobj(
            io.BytesIO(body * 50), BUCKET, "checked", {"ChecksumAlgorithm": algorithm}
        )
        assert client.get_object(Bucket=BUCKET, Key="checked")["Body"].read() == body * 50
        wrong = {
            f"Checksum{algorithm}": base64.b64encode(b"?" * CHECKSUM_BYTES[algorithm]).decode()
        }
        with pytest.raises(ClientError, match="BadDigest"):
            client.put_object(Bucket=BUCKET, Key="wrong", Body=body, **wrong)

    def test_ranges(self, client):
        client.put_object(Bucket=BUCKET, Key="range", Body=b"0123456789", ContentType="text/plain")
        for asked, expected in [("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-3", b"789")]:
            got = client.get_object(Bucket=BUCKET, Key="range", Range=asked)
            assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
            assert got["Body"].read() == expected
        with pytest.raises(ClientError, match="InvalidRange"):
            client.get_object(Bucket=BUCKET, Key="range", Range="bytes=10-")

    def test_pages(self, client):
        delete_all(client)
        for number in range(25):
            client.put_object(Bucket=BUCKET, Key=f"page/{number:02}", Body=b"")
        pages = list(
            client.get_paginator("list_objects_v2").paginate(
                Bucket=BUCKET, Prefix="page/", PaginationConfig={"PageSize": 10}
            )
        )
        assert [len(page["Contents"]) for page in pages] == [10, 10, 5]
        keys = [item["Key"] for page in pages for item in page["Contents"]]
        assert keys == [f"page/{number:02}" for number in range(25)]
        assert delete_all(client, "page/") == 25

    def test_presigned_urls(self, client):
        client.put_object(Bucket=BUCKET, Key="signed", Body=b"seen")
        url = client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": BUCKET,
                "Key": "signed",
                "ResponseContentDisposition": "attachment",
                "ResponseContentType": "text/x-other",
            },
            ExpiresIn=60,
        )
        with urllib.request.urlopen(url) as answer:
            assert answer.read() == b"seen"
            assert answer.headers["Content-Type"] == "text/x-other"
            assert answer.headers["Content-Disposition"] == "attachment"

    def test_rules_for_web_pages(self, client):
        rules = [
            {
                "AllowedOrigins": ["https://chat.example.org"],
                "AllowedMethods": ["PUT"],
                "AllowedHeaders": ["content-type"],
                "MaxAgeSeconds": 3600,
            }
        ]
        client.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": rules})
        assert client.get_bucket_cors(Bucket=BUCKET)["CORSRules"] == rules

    def test_every_key_of_a_long_list_is_deleted_and_no_other(self, client):
        """Each element of a document counts, in the build that is shipped."""
        delete_all(client)
        here = [f"list/{number} <&'\"é>/{'x' * (number % 7)}" for number in range(150)]
        kept = [f"{key}." for key in here[::10]]
        with ThreadPoolExecutor(8) as pool:
            put = partial(client.put_object, Bucket=BUCKET, Body=b"")
            list(pool.map(lambda key: put(Key=key), here + kept))
        asked = here + [f"never/{number}" for number in range(850)]
        objects = [{"Key": key} for key in asked]
        answer = client.delete_objects(Bucket=BUCKET, Delete={"Objects": objects})
        assert [item["Key"] for item in answer["Deleted"]] == asked and "Errors" not in answer
        listed = client.list_objects_v2(Bucket=BUCKET)["Contents"]
        assert [item["Key"] for item in listed] == sorted(kept, key=str.encode)
        quiet = {"Objects": [{"Key": key} for key in kept], "Quiet": True}
        assert "Deleted" not in client.delete_objects(Bucket=BUCKET, Delete=quiet)
        assert client.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0

    def test_every_part_of_many_rules_for_web_pages_counts(self, client, embedded):
        rules = [
            {
                "ID": f"rule {number} <&>",
                "AllowedOrigins": [f"https://{name}{number}.example" for name in "abc"],
                "AllowedMethods": ["PUT", "GET", "HEAD", "POST", "DELETE"][: 1 + number % 5],
                "AllowedHeaders": ["content-type", f"x-only-{number}", "x-amz-*"],
                "ExposeHeaders": ["ETag", f"x-shown-{number}"],
                "MaxAgeSeconds": 100 + number,
            }
            for number in range(100)
        ]
        client.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": rules})
        assert client.get_bucket_cors(Bucket=BUCKET)["CORSRules"] == rules
        with Connection(urlsplit(embedded.endpoint).netloc) as connection:
            for number in (0, 50, 99):
                asks = {
                    "origin": f"https://c{number}.example",
                    "access_control_request_method": "PUT",
                    "access_control_request_headers": f"content-type,x-only-{number}",
                }
                answer = connection.ask("OPTIONS", f"/{BUCKET}/a", **asks)
                assert answer.status == 200
                assert answer.fields["access-control-max-age"] == str(100 + number)
                asks["access_control_request_headers"] = f"x-only-{number + 1}"
                assert connection.ask("OPTIONS", f"/{BUCKET}/a", **asks).status == 403
        client.delete_bucket_cors(Bucket=BUCKET)
        with pytest.raises(ClientError, match="NoSuchCORSConfiguration"):
            client.get_bucket_cors(Bucket=BUCKET)

    def test_what_is_not_there(self, client):
        with pytest.raises(ClientError, match="NoSuchKey"):
            client.get_object(Bucket=BUCKET, Key="nothing")
        with pytest.raises(ClientError, match="NoSuchBucket"):
            client.list_objects_v2(Bucket="another-bucket")
        client.head_bucket(Bucket=BUCKET)


class TestAWS:
    def test_cp_ls_presign_rm(self, aws, embedded, tmp_path):
        # More than 8 MiB goes up in parts.
        for name, size in [("très cool.bin", 100_000), ("large.bin", 20 << 20)]:
            body = os.urandom(size)
            (tmp_path / name).write_bytes(body)
            aws("cp", tmp_path / name, f"s3://{BUCKET}/aws/{name}")
            assert f"{size} {name}" in aws("ls", f"s3://{BUCKET}/aws/")
            aws("cp", f"s3://{BUCKET}/aws/{name}", tmp_path / "back")
            assert (tmp_path / "back").read_bytes() == body
            url = aws("presign", f"s3://{BUCKET}/aws/{name}").strip()
            with urllib.request.urlopen(url) as answer:
                assert answer.read() == body
        aws("rm", "--recursive", f"s3://{BUCKET}/aws/")
        assert aws("ls", f"s3://{BUCKET}/aws/", status=1) == ""
