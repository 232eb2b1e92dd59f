"""The settings of the embedded bucket: each does what it says, at the start and on a reload."""

import pytest
from botocore.exceptions import ClientError

from support.exchange import Connection
from support.program import free_port
from support.s3 import BUCKET, embedded
from support.slotd import (
    KEPT,
    LOADED,
    command,
    embedded_settings,
    settings,
    write_settings,
)
from support.slots import FIELDS, ask, ask_json, get, put

ORIGIN, OTHER = "https://chat.example.org", "https://other.example"


def preflight(slot, origin: str) -> int:
    """What a browser is told that has a page of `origin` and wants to upload."""
    authority, _, target = slot.put.removeprefix("http://").partition("/")
    fields = {"origin": origin, "access_control_request_method": "PUT"}
    with Connection(authority) as connection:
        return connection.ask("OPTIONS", f"/{target}", **fields).status


def test_each_does_what_it_says(start_slotd, tmp_path):
    values = embedded_settings(
        tmp_path,
        max_object_size=1000,
        cors_origins=[ORIGIN],
        anonymous_get=False,
        upload_status=201,
    )
    slotd = start_slotd(values)
    client = embedded(slotd, tmp_path / "bucket").client()
    client.put_object(Bucket=BUCKET, Key="a", Body=bytes(1000))
    with pytest.raises(ClientError, match="EntityTooLarge"):
        client.put_object(Bucket=BUCKET, Key="b", Body=bytes(1001))
    # What the bucket would refuse is not granted.
    assert slotd.get("/service?host=upload.localhost").json()["max_file_size"] == 1000
    assert ask_json(slotd, {**FIELDS, "size": 1001}).status == 413
    slot = ask(slotd, size=1000)
    assert [preflight(slot, origin) for origin in (ORIGIN, OTHER)] == [200, 403]
    assert put(slot.put, bytes(1000)) == 201
    assert get(slot.get)[0] == 403


def test_a_reload_changes_what_can_be(start_slotd, tmp_path):
    values = embedded_settings(tmp_path, max_object_size=1000)
    slotd = start_slotd(values)
    old = ask(slotd, size=5)
    assert put(old.put, b"hello") == 200
    before, after = values["embedded"]["listen"], f"127.0.0.1:{free_port()}"
    more = {"listen": after, "max_object_size": 5, "cors_origins": [ORIGIN]}
    with Connection(before) as connection:
        path = old.get.removeprefix(f"http://{before}")
        assert connection.ask("GET", path).body == b"hello"
        slotd.reload({**values, "embedded": {**values["embedded"], **more}})
        assert f"bucket listening on {after}" in slotd.output()
        assert f"bucket no longer listening on {before}" in slotd.output()
        # A connection outlives its listener, and a file its URL.
        assert connection.ask("GET", path).body == b"hello"
    slotd.wait_until(lambda: not accepts(before), 5)
    assert get(old.get.replace(before, after)) == (200, b"hello")
    slot = ask(slotd, size=5)
    assert slot.put.startswith(f"http://{after}/")
    assert [preflight(slot, origin) for origin in (ORIGIN, OTHER)] == [200, 403]
    assert put(slot.put, b"world") == 200
    assert ask_json(slotd, {**FIELDS, "size": 6}).status == 413
    private = {**values["embedded"], **more, "anonymous_get": False}
    slotd.reload({**values, "embedded": private})
    assert get(slot.get)[0] == 403


def accepts(address: str) -> bool:
    try:
        Connection(address).socket.close()
        return True
    except ConnectionRefusedError:
        return False


def test_it_can_be_left_for_a_while(start_slotd, tmp_path):
    values = embedded_settings(tmp_path)
    slotd = start_slotd(values)
    slot = ask(slotd, size=5)
    assert put(slot.put, b"hello") == 200
    slotd.reload(settings())
    slotd.wait_until(lambda: not accepts(values["embedded"]["listen"]), 5)
    assert ask(slotd).put.startswith("https://")
    slotd.reload(values)
    assert get(slot.get) == (200, b"hello")


@pytest.mark.parametrize("begins", ["with another", "without one"])
def test_a_directory_is_opened_at_the_start(start_slotd, tmp_path, begins):
    values = embedded_settings(tmp_path)
    other = embedded_settings(tmp_path / "other")
    slotd = start_slotd(values if begins == "with another" else settings())
    expected = ask(slotd).put.split("/")[2]
    slotd.reload(other, KEPT)
    assert f"restart it to use {tmp_path}/other/bucket" in slotd.output()
    assert ask(slotd).put.split("/")[2] == expected
    assert not accepts(other["embedded"]["listen"])
    assert not (tmp_path / "other").exists()


def test_a_listener_that_cannot_be_had_changes_nothing(start_slotd, tmp_path):
    values = embedded_settings(tmp_path)
    slotd = start_slotd(values)
    taken = start_slotd(settings()).addresses[0]
    more = {"listen": taken, "max_object_size": 1}
    slotd.reload({**values, "embedded": {**values["embedded"], **more}}, KEPT)
    assert f"cannot listen on {taken}" in slotd.output()
    slot = ask(slotd, size=5)
    assert put(slot.put, b"hello") == 200
    assert get(slot.get) == (200, b"hello")


def test_commands_before_and_after_the_first_start(start_slotd, tmp_path):
    """There is no access key before it: what signs says so, the rest works."""
    values = embedded_settings(tmp_path)
    file = write_settings(values, tmp_path)
    asks = ["--domain", "localhost", "--filename", "a", "--size", "5"]
    assert command("check", "--config", file).returncode == 0
    refused = command("get-url", "--config", file, *asks)
    assert refused.returncode == 78 and "run slotd serve first" in refused.stderr
    slotd = start_slotd(values)
    assert command("reload", "--config", file, "--pid", slotd.pid).returncode == 0
    slotd.wait_until(lambda: LOADED in slotd.output(), 5)
    urls = command("get-url", "--config", file, *asks).stdout.split()[1::2]
    assert put(urls[0], b"hello") == 200
    assert get(urls[1]) == (200, b"hello")
