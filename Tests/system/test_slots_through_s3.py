"""A slot, end to end: asked for as servers do, used with curl as clients do, judged by S3."""

import hashlib
import random
import re
import time

import pytest

from support.s3 import BUCKET
from support.slotd import host, settings
from support.slots import ask, get, put
from support.vectors import CONTENT_TYPES, NAMES, TROUBLESOME_NAMES

# The service for each setting of sign_content_type, and one whose downloads are public.
MODES = ["never", "when_given", "always"]


@pytest.fixture(scope="module")
def slotd_for(start_shared_slotd):
    """slotd in front of a server: `upload.never.example`, `upload.always.example` and so on."""
    running = {}

    def slotd(server):
        if server not in running:
            hosts = {
                f"upload.{mode.replace('_', '-')}.example": host(
                    server.settings, sign_content_type=mode, get="presigned"
                )
                for mode in MODES
            }
            public = {**server.settings, "download_url": server.downloads or server.endpoint}
            hosts["upload.public.example"] = host(public)
            running[server] = start_shared_slotd(settings(hosts))
        return running[server]

    return slotd


@pytest.fixture
def slotd(slotd_for, s3_server):
    return slotd_for(s3_server)


def bytes_for(*words) -> bytes:
    """Different contents for each case, always the same."""
    generator = random.Random(repr(words))
    return generator.randbytes(generator.randint(1, 3000))


def jid(mode: str) -> str:
    return f"romeo@{mode.replace('_', '-')}.example"


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
@pytest.mark.parametrize("name", NAMES + TROUBLESOME_NAMES[2:3])
def test_what_goes_up_comes_down(slotd, name, content_type):
    body = bytes_for(name, content_type)
    slot = ask(slotd, jid=jid("never"), filename=name, size=len(body), content_type=content_type)
    assert put(slot.put, body, content_type) in (200, 201)
    assert get(slot.get) == (200, body)


@pytest.mark.parametrize("dialect", ["xml", "ejabberd"])
@pytest.mark.parametrize("name", TROUBLESOME_NAMES)
def test_every_dialect_hands_out_urls_that_work(slotd, name, dialect):
    body = bytes_for(name, dialect)
    slot = ask(slotd, dialect, jid=jid("never"), filename=name, size=len(body))
    assert put(slot.put, body) in (200, 201)
    assert get(slot.get) == (200, body)


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_web_server_finds_the_file_by_its_public_url(slotd_for, rclone, name):
    body = bytes_for(name, "public")
    slot = ask(slotd_for(rclone), jid=jid("public"), filename=name, size=len(body))
    assert slot.get.startswith(f"{rclone.downloads}/") and "?" not in slot.get
    assert put(slot.put, body) in (200, 201)
    assert get(slot.get) == (200, body)


def test_the_object_lies_under_a_token_and_the_name(slotd_for, rclone):
    """The key is seen with another program's eyes, not read out of the URL."""
    body = bytes_for("key")
    name = f"{hashlib.sha256(body).hexdigest()} très cool.jpg"
    slot = ask(slotd_for(rclone), jid=jid("never"), filename=name, size=len(body))
    assert put(slot.put, body) in (200, 201)
    listed = rclone.client().list_objects_v2(Bucket=BUCKET)["Contents"]
    keys = [entry["Key"] for entry in listed if entry["Key"].endswith(name)]
    assert len(keys) == 1 and re.fullmatch(rf"[0-9a-f]{{64}}/{name}", keys[0])


@pytest.mark.parametrize(
    "mode, announced, sent, stored",
    [
        ("never", "image/jpeg", "image/png", True),  # what clients really do
        ("never", "image/jpeg", None, True),
        ("never", None, "image/png", True),
        ("when_given", "image/jpeg", "image/jpeg", True),
        ("when_given", 'audio/ogg; codecs="opus"', 'audio/ogg; codecs="opus"', True),
        ("when_given", "image/jpeg", "image/png", False),
        ("when_given", "image/jpeg", None, False),
        ("when_given", None, "image/png", True),  # nothing was announced, so nothing is signed
        ("always", "image/jpeg", "image/jpeg", True),
        ("always", "image/jpeg", "image/png", False),
        # What nobody announced is application/octet-stream, as in ejabberd's requests.
        ("always", None, "application/octet-stream", True),
        ("always", None, "image/png", False),
    ],
)
def test_a_signed_type_binds_the_upload(slotd, mode, announced, sent, stored):
    body = bytes_for(mode, announced, sent)
    slot = ask(slotd, jid=jid(mode), size=len(body), content_type=announced)
    assert put(slot.put, body, sent) in ((200, 201) if stored else (403,))


@pytest.mark.parametrize("difference", [1, -1], ids=["a byte longer", "a byte shorter"])
def test_a_body_of_another_size_is_refused(slotd, difference):
    slot = ask(slotd, jid=jid("never"), size=1000)
    assert put(slot.put, bytes(1000 + difference)) == 403
    assert get(slot.get)[0] == 404
    assert put(slot.put, bytes(1000)) in (200, 201)


@pytest.mark.parametrize(
    "pattern, replacement",
    [
        (r"\.jpg\?", ".jpe?"),
        (r"/([0-9a-f])([0-9a-f]{63})/", r"/\2\1/"),
        (rf"/{BUCKET}/", f"/{BUCKET}2/"),
        (r"X-Amz-Expires=60", "X-Amz-Expires=600"),
        (r"X-Amz-Date=20", "X-Amz-Date=21"),
        (r"content-length%3Bhost", "host"),
        (r"\?", "?x-amz-acl=public-read&"),
    ],
    ids=["name", "token", "bucket", "expiry", "date", "signed fields", "query"],
)
def test_a_changed_url_is_refused(slotd, pattern, replacement):
    slot = ask(slotd, jid=jid("never"), filename="cat.jpg", size=10)
    changed, count = re.subn(pattern, replacement, slot.put)
    assert count == 1 and changed != slot.put
    assert put(changed, bytes(10)) in (400, 403, 404)
    assert put(slot.put, bytes(10)) in (200, 201)


def test_a_url_ends_when_it_was_said_to(slotd):
    slot = ask(slotd, jid=jid("never"), size=10, expiration_time=1)
    time.sleep(2.5)
    assert put(slot.put, bytes(10)) in (400, 403)
    assert get(slot.get)[0] == 404


def test_a_signed_download_cannot_be_used_for_anything_else(slotd):
    slot = ask(slotd, jid=jid("never"), size=10)
    assert put(slot.put, bytes(10)) in (200, 201)
    assert get(re.sub("cool", "cold", slot.get))[0] == 403
    assert put(slot.get, b"overwritten") == 403
    assert get(slot.get) == (200, bytes(10))


def test_an_acl_in_the_query_is_part_of_the_signature(start_slotd, s3_server):
    values = settings({"upload.@HOST@": host({**s3_server.settings, "add_acl": True})})
    slot = ask(start_slotd(values), size=10)
    assert "x-amz-acl=public-read" in slot.put
    assert put(slot.put.replace("public-read", "private"), bytes(10)) == 403
    assert put(slot.put, bytes(10)) in (200, 201)
