"""A page of another origin uploads and downloads in a real browser, as Converse.js does."""

import hashlib
import json
from pathlib import Path

from support.browser import visiting
from support.slotd import embedded_settings
from support.slots import ask, get
from support.standins import answering

PAGE = Path(__file__).with_name("upload.html").read_bytes()
CONTENTS = bytes((i * 2654435761 & 0xFFFFFFFF) >> 24 for i in range(3 << 20))


def visit(slot, directory: Path) -> dict:
    """What the page reports, which is given the slot."""
    reports = []

    def respond(method, target, _, body):
        if target == "/report":
            reports.append(json.loads(body))
        if target == "/slot":
            return 200, {"Content-Type": "application/json"}, json.dumps(vars(slot)).encode()
        return 200, {"Content-Type": "text/html"}, PAGE if target == "/" else b""

    with answering(respond) as origin, visiting(f"{origin}/", directory) as browser:
        browser.wait_until(lambda: reports)
    return reports[0] | {"console": browser.output()}


def test_it_uploads_and_downloads(start_slotd, tmp_path):
    slotd = start_slotd(embedded_settings(tmp_path))
    slot = ask(slotd, size=len(CONTENTS), content_type="image/jpeg")
    report = visit(slot, tmp_path)
    assert (report["put"], report["get"], report["same"]) == (200, 200, True), report
    assert report["type"] == "image/jpeg"
    assert report["etag"] == f'"{hashlib.md5(CONTENTS).hexdigest()}"'
    loaded = [count for count, _ in report["progress"]]
    assert loaded == sorted(loaded) and loaded[-1] == len(CONTENTS)
    assert {total for _, total in report["progress"]} == {len(CONTENTS)}
    assert "CONSOLE" not in report["console"]
    assert get(slot.get) == (200, CONTENTS)


def test_it_is_kept_out_where_its_origin_is_not_named(start_slotd, tmp_path):
    slotd = start_slotd(embedded_settings(tmp_path, cors_origins=["https://chat.example.org"]))
    slot = ask(slotd, size=len(CONTENTS), content_type="image/jpeg")
    report = visit(slot, tmp_path)
    assert report["put"] == 0 and report["progress"] == []
    assert "blocked by CORS policy" in report["console"]
    assert get(slot.get)[0] == 404
