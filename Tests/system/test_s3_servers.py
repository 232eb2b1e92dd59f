"""The judges must judge: a server that accepts everything would prove nothing about slotd."""

import re

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from support.s3 import BUCKET
from support.slots import get, put

BODY = b"twenty-three bytes long"


@pytest.fixture
def url(s3_server):
    return f"{s3_server.endpoint}/{BUCKET}/judged.txt"


@pytest.fixture
def presigned(s3_server):
    """What botocore, which is no part of slotd, signs."""

    def presign(method, url, secret=s3_server.secret_access_key, expires=60, **fields) -> str:
        wanted = AWSRequest(
            method, url, headers={name.replace("_", "-"): value for name, value in fields.items()}
        )
        key = Credentials(s3_server.access_key_id, secret)
        S3SigV4QueryAuth(key, "s3", s3_server.region, expires=expires).add_auth(wanted)
        return wanted.url

    return presign


def test_a_right_upload_is_stored(presigned, url):
    assert put(presigned("PUT", url, content_length=str(len(BODY))), BODY) == 200
    assert get(presigned("GET", url)) == (200, BODY)


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda url: re.sub("judged", "judgee", url), "another path"),
        (lambda url: re.sub("Expires=60", "Expires=61", url), "a longer life"),
        (lambda url: url[:-1] + ("0" if url[-1] != "0" else "1"), "another signature"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_changed_url_is_refused(presigned, url, change, reason):
    signed = presigned("PUT", url, content_length=str(len(BODY)))
    assert change(signed) != signed
    assert put(change(signed), BODY) == 403, reason


def test_another_secret_is_refused(presigned, url):
    assert put(presigned("PUT", url, secret="another", content_length=str(len(BODY))), BODY) == 403


@pytest.mark.parametrize("body", [BODY + b"!", BODY[:-1]], ids=["longer", "shorter"])
def test_another_size_is_refused(presigned, url, body):
    assert put(presigned("PUT", url, content_length=str(len(BODY))), body) == 403


def test_another_type_than_the_signed_one_is_refused(presigned, url):
    signed = presigned("PUT", url, content_length=str(len(BODY)), content_type="image/jpeg")
    assert put(signed, BODY, "image/png") == 403
    assert put(signed, BODY, "image/jpeg") == 200
