"""The page at `/`: there when it is wanted, readable without scripts, and without secrets."""

import re
import subprocess
from html.parser import HTMLParser

import pytest

from support.browser import chromium
from support.metrics import difference, scrape
from support.slotd import ACCESS_KEY_ID, SECRET_ACCESS_KEY, command, host, settings
from support.slots import FIELDS, ask_json

TOKEN = "a-token-of-sixteen-bytes-or-more"
VOID = {"meta"}


class Page(HTMLParser):
    """What a browser would see; fails where elements are not closed in order."""

    def __init__(self, text: str):
        super().__init__()
        self.tags, self.open, self.text, self.attributes = [], [], "", []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "title"):
            self.text += data


def test_it_shows_what_an_operator_wants_to_know(start_slotd):
    hosts = {
        "upload.@HOST@": host(max_file_size=100 << 20, expiration_time=90),
        "files.example": host(access=["a.example", "juliet@b.example"], content_types=["image/*"]),
    }
    slotd = start_slotd(settings(hosts, workers=2))
    for size in (1, 2, 3, 1 << 40):
        ask_json(slotd, {**FIELDS, "size": size})
    answer = slotd.get("/")
    assert answer.status == 200
    assert answer.fields["content-type"] == "text/html; charset=utf-8"
    assert answer.fields["cache-control"] == "no-store"
    page = Page(answer.text)
    text = " ".join(page.text.split())
    assert command("--version").stdout.strip() in text
    assert re.search(r"Running for \d+ seconds?, since 2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)
    assert "3 granted, 1 denied; at most 4 a minute." in text
    for words in ("upload.@HOST@", "100 MiB", "1 minute 30 seconds", "users of its own domain"):
        assert words in text
    for words in ("files.example", "no limit", "1 domain and 1 user", "image/*"):
        assert words in text
    assert "Not tried yet." in text and re.search(r"from the configuration, read \d+ sec", text)
    assert page.tags.count("svg") == 2 and "rect" in page.tags and "polyline" in page.tags
    # Whoever reads it over a shoulder learns no name of a person, and nothing that opens a bucket.
    for secret in ("juliet", "romeo", ACCESS_KEY_ID, SECRET_ACCESS_KEY):
        assert secret not in answer.text


def test_it_tells_how_it_stands_with_the_bucket(start_slotd, embedded, tmp_path):
    """What `/readyz` says to programs, in words; and how old a key is."""
    secret = tmp_path / "secret"
    works = host(embedded.settings)
    secret.write_text(works["s3"].pop("secret_access_key"))
    works["s3"]["secret_access_key_file"] = str(secret)
    fails = host({**embedded.settings, "secret_access_key": "wrong"})
    values = settings(
        {"a.one.example": works, "b.two.example": fails}, probe_interval=1, probe_failures=1
    )
    slotd = start_slotd(values)
    for sentence in (
        r"a\.one\.example Worked \d+ seconds? ago\. from the configuration, \d+ seconds? old",
        r"b\.two\.example Does not work, last worked never: .* correct s3\.access_key_id",
    ):
        slotd.wait_until(lambda s=sentence: re.search(s, words(slotd)))


def words(slotd) -> str:
    """The words of the page, those of neighbouring cells apart."""
    return " ".join(Page(slotd.get("/").text.replace("</t", " </t")).text.split())


def test_it_is_self_contained(start_slotd):
    slotd = start_slotd(settings())
    answer = slotd.get("/")
    page = Page(answer.text)
    policy = answer.fields["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "frame-ancestors 'none'" in policy and "script" not in policy
    assert answer.fields["x-content-type-options"] == "nosniff"
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    names = {name for name, _ in page.attributes}
    assert not {"src", "href", "style", "action"} & names and not re.findall(
        r"\bon\w+=", answer.text
    )
    assert slotd.ask("HEAD", "/").fields["content-length"]


def test_names_are_escaped(start_slotd):
    # The names that a configuration can hold need no escape; this is about those that it could.
    slotd = start_slotd(settings({"upload.example": host(content_types=["image/x&y"])}))
    assert "image/x&amp;y" in slotd.get("/").text


def test_a_browser_shows_it(start_slotd, tmp_path):
    """Chromium lays it out as it was meant, and complains of nothing."""
    slotd = start_slotd(settings())
    ask_json(slotd, FIELDS)
    done = subprocess.run(
        chromium(tmp_path, "--virtual-time-budget=1000", "--dump-dom", slotd.url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "CONSOLE" not in done.stderr and "Refused" not in done.stderr, done.stderr
    document = Page(re.sub(r"^<!DOCTYPE html>", "", done.stdout))
    assert "1 granted, 0 denied; at most 1 a minute." in " ".join(document.text.split())
    # It asked for nothing else; browsers look for an icon, and documents of a sandbox do not.
    requests = difference({}, scrape(slotd), "slotd_http_requests_total")
    routes = {(dict(labels)["route"], dict(labels)["code"]) for labels in requests}
    assert routes == {("/", "200"), ("/livez", "200"), ("/slot", "201")}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"status_page": False}, 404),
        ({"status_page": True}, 200),
        ({"listen": ["127.0.0.1:0", "0.0.0.0:0"], "tokens": [TOKEN]}, 404),
        ({"tokens": [TOKEN], "status_page": True}, 401),
    ],
)
def test_it_is_there_where_it_is_wanted(start_slotd, more, status):
    slotd = start_slotd(settings(**more))
    assert slotd.get("/").status == status
    if status == 401:
        assert slotd.get("/", authorization=f"Bearer {TOKEN}").status == 200


def test_it_is_served_while_many_hosts_are_written(start_slotd):
    hosts = {f"upload.{number}.example": host() for number in range(2000)}
    slotd = start_slotd(settings(hosts, workers=1))
    with slotd.connect(timeout=30) as reader, slotd.connect() as other:
        reader.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert other.ask("GET", "/livez").status == 200
        assert reader.answer().text.count("<tr>") == 2001
