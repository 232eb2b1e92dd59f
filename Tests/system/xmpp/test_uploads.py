"""Files through each server and each client, up and down again."""

import asyncio
import hashlib
import http.client
import subprocess
from urllib.parse import urlsplit

import pytest
import slixmpp
from session import PASSWORD, Session, slot_of

NAMES = ["plain.txt", "très cool.jpg", "a b+c&d.txt", "it's (1) 100%.jpg", "🦊 & 日本.png"]
FILES = [(name, 1000) for name in NAMES] + [("one byte.bin", 1), ("big.bin", 5 << 20)]

UPLOADER, SERVICE = "romeo@one.test", "upload.one.test"


def contents(name: str, size: int) -> bytes:
    """`size` bytes that are like no other file's."""
    block = hashlib.sha512(name.encode()).digest()
    return (block * (size // len(block) + 1))[:size]


def transfer(method: str, url: str, body: bytes | None = None, fields=()):
    """One request by the rules of XEP-0363: the URL byte for byte, and the slot's own headers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request(method, url.removeprefix(f"http://{parts.netloc}"), body, dict(fields))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def download(url: str) -> bytes:
    status, _, body = transfer("GET", url)
    assert status == 200, body
    return body


@pytest.mark.parametrize("content_type", ["text/plain; charset=utf-8", "IMAGE/JPEG", "", None])
def test_by_hand_with_and_without_type(server, content_type):
    """As Conversations and Converse.js do it: a type, an empty one, or none."""
    data = contents(f"{content_type}", 100)
    answer = server.session(UPLOADER).ask_slot(SERVICE, "a.bin", len(data), content_type)
    put, get, headers = slot_of(answer)
    fields = dict(headers) | ({"Content-Type": content_type} if content_type else {})
    status, _, body = transfer("PUT", put, data, fields)
    assert status in (200, 201), body
    assert download(get) == data


@pytest.mark.parametrize(
    "purpose",
    [
        "<message xmlns='urn:xmpp:http:upload:purpose:0'/>",
        "<profile xmlns='urn:xmpp:http:upload:purpose:0'/>",
        "<ephemeral xmlns='urn:xmpp:http:upload:purpose:0' expire-before='2099-09-10T23:08:25Z'/>",
        "<permanent xmlns='urn:xmpp:http:upload:purpose:0'/>",
        "<unknown xmlns='urn:example:other'/>",
    ],
)
def test_by_hand_with_each_purpose(server, purpose):
    answer = server.session(UPLOADER).ask_slot(SERVICE, "a.bin", 3, purpose=purpose)
    put, get, headers = slot_of(answer)
    assert transfer("PUT", put, b"abc", headers)[0] in (200, 201)
    assert download(get) == b"abc"


def test_the_bucket_takes_only_the_size_of_the_slot(server):
    put, get, _ = slot_of(server.session(UPLOADER).ask_slot(SERVICE, "a.bin", 3))
    assert transfer("PUT", put, b"abcd")[0] == 403
    assert transfer("PUT", put, b"ab")[0] == 403
    assert transfer("GET", get)[0] != 200


@pytest.mark.parametrize(("name", "size"), FILES, ids=[name for name, _ in FILES])
def test_with_slixmpp(server, tmp_path, name, size):
    data = contents(name, size)
    path = tmp_path / "file"
    path.write_bytes(data)
    assert download(asyncio.run(slixmpp_upload(server.port, path, name))) == data


async def slixmpp_upload(port: int, path, name: str) -> str:
    client = slixmpp.ClientXMPP(f"{UPLOADER}/slixmpp", PASSWORD)
    client.enable_starttls = client.enable_direct_tls = False
    client.enable_plaintext = True
    client.plugin["feature_mechanisms"].unencrypted_plain = True
    client.register_plugin("xep_0363")
    started = asyncio.get_running_loop().create_future()
    client.add_event_handler("session_start", lambda _: started.set_result(None))
    client.add_event_handler(
        "failed_all_auth", lambda _: started.set_exception(AssertionError("login failed"))
    )
    client.connect("127.0.0.1", port)
    try:
        await asyncio.wait_for(started, 15)
        with path.open("rb") as file:
            return await client.plugin["xep_0363"].upload_file(
                name, size=path.stat().st_size, input_file=file, timeout=15
            )
    finally:
        await client.disconnect()


@pytest.mark.parametrize(("name", "size"), FILES, ids=[name for name, _ in FILES])
def test_with_go_sendxmpp(server, tmp_path, name, size):
    """go-sendxmpp sends the GET URL to a friend, who downloads."""
    data = contents(name, size)
    path = tmp_path / name
    path.write_bytes(data)
    friend = Session(server.port, "mercutio@one.test")
    done = subprocess.run(
        [
            *("go-sendxmpp", "-n", "-u", UPLOADER, "-p", PASSWORD),
            *("-j", f"127.0.0.1:{server.port}", "-h", path, "mercutio@one.test"),
        ],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    while not (url := friend.receive().findtext("{*}body")):
        pass
    friend.close()
    assert download(url) == data
