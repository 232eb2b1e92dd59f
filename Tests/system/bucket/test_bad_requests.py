"""Uploads that a bucket must refuse, the words S3 has for them, and what rclone makes of each.

Each is signed as it should be, and then something else is sent.
"""

import contextlib
import http.client
import re
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from botocore.credentials import Credentials

from support.s3 import BUCKET
from support.signing import authorized, presigned

BODY = b"hello"
STORED = (200, None)
DENIED, MISMATCH = (403, "AccessDenied"), (403, "SignatureDoesNotMatch")
SKEWED = (403, "RequestTimeTooSkewed")

# What rclone does in its own way more than once.
MISSES = "rclone says which field is missing, S3 that the signature is another"
EXPIRES = "rclone says that it has expired"
PLACELESS = "rclone is in every region"


@dataclass(frozen=True)
class Case:
    name: str
    # What S3 answers, and the embedded bucket: the status and the code.
    answer: tuple[int, str | None]
    # What rclone answers where that is something else, and why.
    rclone: tuple[int, str | None] | None = None
    why: str = ""

    # What is signed, and where that stands: in the URL, in the head, or nowhere.
    signed_in: str | None = "url"
    bucket: str = BUCKET
    key: str = "bad/très cool.txt"
    size: int | None = len(BODY)
    also: dict = field(default_factory=dict)
    expires: int = 60
    # Seconds until the time of the signature.
    later: int = 0
    region: str | None = None
    access_key_id: str | None = None

    # What is sent: the target with a part of it replaced, other fields (where None, the field is
    # left out), another body.
    target: tuple[str, str] = ("", "")
    fields: dict = field(default_factory=dict)
    body: bytes = BODY
    # Whether the body stops before it is over.
    stops: bool = False

    def send(self, server) -> tuple[int, str | None]:
        key_id = self.access_key_id or server.access_key_id
        credentials = Credentials(key_id, server.secret_access_key)
        url = f"{server.endpoint}/{self.bucket}/{quote(self.key)}"
        arguments = [credentials, self.region or server.region, "PUT", url]
        fields = {"content-type": "text/plain", **self.also}
        if self.size is not None:
            fields["content-length"] = str(self.size)
        at = datetime.now(UTC) + timedelta(seconds=self.later)
        if self.signed_in == "head":
            fields = authorized(*arguments, fields, BODY, at=at)
        elif self.signed_in == "url":
            url = presigned(*arguments, fields, expires=self.expires, at=at)
        place = urlsplit(url)
        target = f"{place.path}?{place.query}".removesuffix("?")
        assert self.target[0] in target
        fields = {name.lower(): value for name, value in fields.items()} | self.fields
        return self._exchange(place.netloc, target.replace(*self.target, 1), fields)

    def _exchange(self, authority, target, fields):
        connection = http.client.HTTPConnection(authority, timeout=10)
        with contextlib.closing(connection):
            skips = {"skip_host": "host" in fields, "skip_accept_encoding": True}
            connection.putrequest("PUT", target, **skips)
            for name, value in fields.items():
                if value is not None:
                    connection.putheader(name, value)
            chunked = "transfer-encoding" in fields
            connection.endheaders([self.body], encode_chunked=chunked)
            if self.stops:
                connection.sock.shutdown(socket.SHUT_WR)
            answer = connection.getresponse()
            code = re.search(r"<Code>(\w+)</Code>", answer.read().decode())
            return answer.status, code and code[1]


CASES = [
    Case("as it was signed", STORED, key="good"),
    Case("as it was signed, in the head", STORED, signed_in="head", key="good"),
    # The size and the type.
    Case("a byte more", MISMATCH, fields={"content-length": "6"}, body=b"hello!"),
    Case("a byte less", MISMATCH, fields={"content-length": "4"}, body=b"hell"),
    Case("another type", MISMATCH, fields={"content-type": "text/html"}),
    Case("no type", MISMATCH, DENIED, MISSES, fields={"content-type": None}),
    Case(
        "chunks where a length was signed",
        MISMATCH,
        fields={"content-length": None, "transfer-encoding": "chunked"},
    ),
    Case(
        "chunks without a length",
        (501, "NotImplemented"),
        (411, "MissingContentLength"),
        "S3 names the field that it does not implement, rclone what it would like instead",
        size=None,
        fields={"transfer-encoding": "chunked"},
    ),
    Case("no length", (411, "MissingContentLength"), size=None, body=b""),
    Case(
        "5 GiB and a byte",
        (400, "EntityTooLarge"),
        (500, "InternalError"),
        "rclone has no limit, and here the body ends early",
        size=(5 << 30) + 1,
        stops=True,
    ),
    Case(
        "a body that stops",
        (400, "IncompleteBody"),
        (500, "InternalError"),
        "rclone takes the client's fault for its own",
        size=1000,
        stops=True,
    ),
    # The time.
    Case("expired", DENIED, (400, "AccessDenied"), "rclone has another status", later=-61),
    Case("not yet valid", DENIED, STORED, "rclone knows no URL that is too early", later=1000),
    Case("15 minutes behind", SKEWED, (400, "AccessDenied"), EXPIRES, signed_in="head", later=-901),
    Case("15 minutes ahead", SKEWED, signed_in="head", later=910),
    Case(
        "for more than 7 days",
        (400, "AuthorizationQueryParametersError"),
        STORED,
        "rclone lets a URL live as long as it says",
        expires=604_801,
    ),
    # What was signed.
    Case("another name", MISMATCH, target=("cool.txt", "cold.txt")),
    Case("the name encoded twice", MISMATCH, target=("%20", "%2520")),
    Case("another name, in the head", MISMATCH, signed_in="head", target=("cool.txt", "cold.txt")),
    Case("a longer life", MISMATCH, target=("X-Amz-Expires=60", "X-Amz-Expires=600")),
    Case("one more parameter", MISMATCH, target=("?", "?x-amz-acl=public-read&")),
    Case(
        "a signed field that is another",
        MISMATCH,
        also={"x-amz-meta-who": "romeo"},
        fields={"x-amz-meta-who": "juliet"},
    ),
    Case(
        "a signed field that is missing",
        MISMATCH,
        DENIED,
        MISSES,
        also={"x-amz-meta-who": "romeo"},
        fields={"x-amz-meta-who": None},
    ),
    Case("another host", MISMATCH, fields={"host": "files.example.org"}),
    Case("a field of S3's that is not signed", DENIED, fields={"x-amz-acl": "public-read"}),
    Case("metadata that is not signed", DENIED, fields={"x-amz-meta-who": "romeo"}),
    Case(
        "another body than was hashed",
        (400, "XAmzContentSHA256Mismatch"),
        STORED,
        "rclone takes the client's word for the hash",
        signed_in="head",
        body=b"world",
    ),
    # Who, and where.
    Case(
        "no signature",
        DENIED,
        (400, "UnsupportedAlgorithm"),
        "rclone has no anonymous users",
        signed_in=None,
    ),
    Case("a key that nobody has", (403, "InvalidAccessKeyId"), access_key_id="AKIASTRANGER"),
    Case(
        "another region",
        (400, "AuthorizationQueryParametersError"),
        STORED,
        PLACELESS,
        region="eu-north-1",
    ),
    Case(
        "another region, in the head",
        (400, "AuthorizationHeaderMalformed"),
        STORED,
        PLACELESS,
        signed_in="head",
        region="eu-north-1",
    ),
    Case(
        "a parameter that is missing",
        (400, "AuthorizationQueryParametersError"),
        MISMATCH,
        "to rclone it is one more difference",
        target=("&X-Amz-Expires=60", ""),
    ),
    Case("a bucket that is not there", (404, "NoSuchBucket"), bucket="nobucket"),
    # What it is.
    Case(
        "another hash than announced",
        (400, "BadDigest"),
        fields={"content-md5": "XUFAKrxLKna5cZ2REBfFkg=="},
        body=b"world",
    ),
    Case(
        "another checksum than announced",
        (400, "BadDigest"),
        STORED,
        "rclone passes over checksums",
        also={"x-amz-checksum-crc32": "NhCmhg=="},
        body=b"world",
    ),
    Case(
        "a checksum that is none",
        (400, "InvalidRequest"),
        STORED,
        "rclone passes over checksums",
        also={"x-amz-checksum-sha256": "bm8="},
    ),
    Case("a hash that is none", (400, "InvalidDigest"), fields={"content-md5": "bm8="}),
    Case("a key that is too long", (400, "KeyTooLongError"), key="x" * 1025),
]


@pytest.fixture(scope="module")
def client(embedded):
    return embedded.client()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_refuse_what_they_must(embedded, rclone, client, case):
    assert case.send(embedded) == case.answer
    assert case.send(rclone) == (case.rclone or case.answer)
    assert bool(case.rclone) == bool(case.why), "a difference has its reason"
    assert client.list_objects_v2(Bucket=BUCKET, Prefix="bad/")["KeyCount"] == 0
