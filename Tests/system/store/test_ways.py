"""The ways to a bucket: IPv6, and a proxy that the environment names."""

import socket

import pytest
from probing import SIGNED, examined, probe

from support.program import free_port
from support.slotd import command, embedded_settings
from support.standins import always, answering


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_ipv6(start_slotd, tmp_path):
    slotd = start_slotd(embedded_settings(tmp_path, listen=f"[::1]:{free_port()}"))
    status, rows = examined(slotd.configuration)
    assert (status, rows["IPv6"]["verdict"]) == (0, "ok")
    assert rows["addressing"]["seen"] == "path style works; the other has no name here"
    assert command("probe", "--config", slotd.configuration).returncode == 0


S3 = {"bucket_url": "http://bucket.example/uploads"}


def by_proxy(directory, url):
    environment = {"http_proxy": url, "NO_PROXY": "", "no_proxy": ""}
    return probe(directory, S3, environment=environment, **SIGNED)


def test_a_proxy(tmp_path):
    objects = {}

    def respond(method, target, fields, body):
        assert target.startswith(S3["bucket_url"]) and fields["host"] == "bucket.example"
        path = target.partition("?")[0]
        if method == "PUT":
            objects[path] = body
        return 200, {}, objects.pop(path) if method == "DELETE" else objects[path]

    with answering(respond) as url:
        status, result, _ = by_proxy(tmp_path, url)
    assert (status, result["ok"], objects) == (0, True, {})


def test_a_proxy_that_wants_a_password(tmp_path):
    with answering(always(407)) as url:
        trouble = by_proxy(tmp_path, url)[1]["trouble"]
    assert trouble["code"] == "http-407"
    assert "the proxy wants a password" in trouble["problem"]


@pytest.mark.parametrize(
    "url, code, problem",
    [
        ("http://127.0.0.1:1", "curl-7", "the proxy 127.0.0.1:1 takes no connection"),
        ("http://proxy.invalid:1", "curl-5", "the name of the proxy is not known"),
    ],
)
def test_a_proxy_that_is_not_there(tmp_path, url, code, problem):
    trouble = by_proxy(tmp_path, url)[1]["trouble"]
    assert trouble["code"] == code
    assert problem in trouble["problem"]
    assert "correct http_proxy or https_proxy" in trouble["remedy"]
