"""botocore, which is no part of slotd, signs what slotd signed, and must come to the same URL."""

import os
import random
import secrets
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from botocore.credentials import Credentials

from support.signing import presigned
from support.slotd import ACCESS_KEY_ID, SECRET_ACCESS_KEY, host, settings
from support.slots import DIALECTS
from support.vectors import CONTENT_TYPES, NAMES, VECTORS

CASES = 600
SEED = os.environ.get("SLOTD_SEED") or secrets.token_hex(8)

ENDPOINTS = sorted({(vector["bucket_url"], vector["region"]) for vector in VECTORS})
ALPHABETS = [
    "abcXYZ019-_.~",
    "!\"#$%&'()*+,:;<=>?@[]^`{|} ",
    "éßñøåžЖ漢字かなな글한",
    "🙂🦀\u00a0\u2028\u200b\u202e\u0301",
]


def random_name(generator: random.Random) -> str:
    if generator.random() < 0.2:
        return generator.choice(NAMES)
    alphabet = "".join(generator.sample(ALPHABETS, generator.randint(1, len(ALPHABETS))))
    name = "".join(generator.choices(alphabet, k=generator.randint(1, 60)))
    return name if name.strip(".") else "x" + name


def random_type(generator: random.Random) -> str | None:
    if generator.random() < 0.6:
        return generator.choice(CONTENT_TYPES)
    token = "abcdefXYZ0123456789!#$&'*+-.^_`|~"

    def word():
        return "".join(generator.choices(token, k=generator.randint(1, 20)))

    parameter = f'; {word()}="{word()} {word()}"' if generator.random() < 0.3 else ""
    return f"{word()}/{word()}{parameter}"


def random_key(generator: random.Random, length: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+="
    return "".join(generator.choices(letters, k=length))


@pytest.fixture(scope="module")
def services(start_shared_slotd):
    """slotd with a service for each endpoint, mode of signing types, ACL, session and key."""
    print(f"SLOTD_SEED={SEED}")
    generator = random.Random(SEED)
    hosts = {}
    for position in range(60):
        bucket_url, region = generator.choice(ENDPOINTS)
        bucket = {"bucket_url": bucket_url, "region": region}
        if generator.random() < 0.7:
            bucket["access_key_id"] = random_key(generator, 20).translate(
                str.maketrans("/+=", "XYZ")
            )
            bucket["secret_access_key"] = random_key(generator, generator.choice([1, 16, 40, 128]))
        if generator.random() < 0.4:
            bucket["session_token"] = random_key(generator, generator.choice([10, 400, 1500]))
        if generator.random() < 0.4:
            bucket["add_acl"] = True
        mode = generator.choice(["never", "when_given", "always"])
        life = generator.choice([1, 60, 300, 604799])
        hosts[f"upload.s{position}.example"] = host(
            bucket,
            sign_content_type=mode,
            expiration_time=life,
            token_bytes=generator.choice([16, 32]),
        )
    return start_shared_slotd(settings(hosts)), hosts


def origin(url: str):
    """Scheme, host and port: a port that is the scheme's own may be left out."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]


def by_botocore(
    service: dict, put_url: str, name: str, size: int, content_type: str | None
) -> dict:
    """The query that botocore signs for the same object at the same time."""
    bucket = service["s3"]
    given = urlsplit(put_url)
    query = dict(parse_qsl(given.query, keep_blank_values=True))
    # The path is made anew from the random token and the name, not taken from the answer.
    token = given.path.split("/")[-2]
    path = f"{urlsplit(bucket['bucket_url']).path.rstrip('/')}/{token}/{quote(name, safe='-_.~')}"
    assert given.path == path
    fields = {"content-length": str(size)}
    mode = service["sign_content_type"]
    if mode == "always" or (mode == "when_given" and content_type):
        fields["content-type"] = content_type or "application/octet-stream"
    base = urlsplit(bucket["bucket_url"])
    acl = "?x-amz-acl=public-read" if bucket.get("add_acl") else ""
    credentials = Credentials(
        bucket.get("access_key_id", ACCESS_KEY_ID),
        bucket.get("secret_access_key", SECRET_ACCESS_KEY),
        bucket.get("session_token"),
    )
    wanted = presigned(
        credentials,
        bucket["region"],
        "PUT",
        f"{base.scheme}://{base.netloc}{path}{acl}",
        fields,
        expires=service["expiration_time"],
        at=datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC),
    )
    return dict(parse_qsl(urlsplit(wanted).query, keep_blank_values=True))


def test_botocore_signs_the_same(services):
    slotd, hosts = services
    generator = random.Random(f"{SEED} cases")
    signatures = set()
    for case in range(CASES):
        name, content_type = random_name(generator), random_type(generator)
        size = generator.choice(
            [1, 42, 23456, 2**31, 5 * 2**30, 2**53 - 1, generator.randint(1, 2**40)]
        )
        upload = generator.choice(sorted(hosts))
        fields = {"jid": f"a@{upload.removeprefix('upload.')}", "filename": name, "size": size}
        fields |= {"content_type": content_type} if content_type else {}
        dialect = generator.choice(sorted(DIALECTS))
        asking, reading = DIALECTS[dialect]
        slot = reading(asking(slotd, fields))
        told = f"{case} of SLOTD_SEED={SEED}: {dialect} {fields} at {hosts[upload]}: {slot.put}"
        assert origin(slot.put) == origin(hosts[upload]["s3"]["bucket_url"]), told
        assert unquote(slot.get.rsplit("/", 1)[1]) == name, told
        given = dict(parse_qsl(urlsplit(slot.put).query, keep_blank_values=True))
        assert given == by_botocore(hosts[upload], slot.put, name, size, content_type), told
        signatures.add(given["X-Amz-Signature"])
    assert len(signatures) == CASES
