"""Sources that fail: what is there is kept as long as it is good, and then no slot is granted."""

import time

import pytest
from surroundings import keyless
from test_sources import first_slot, judge

from support.slots import FIELDS, ask, ask_ejabberd, ask_json


def test_the_old_ones_are_kept_and_then_none(start, sessions, container):
    container.seconds = 19
    slotd = start(container.environment)
    first_slot(slotd)
    container.trouble = 500
    # Whatever was on its way when the trouble began is the last.
    slotd.wait_until(lambda: ask_json(slotd, FIELDS).status == 503, 12)
    end = container.issued[-1].expires_at
    # Not a moment too early: with five seconds' margin, less than ten were left.
    assert end - 16 <= time.time() <= end - 12
    denied = ask_json(slotd, FIELDS)
    assert denied.status == 503 and int(denied.fields["retry-after"]) > 0
    assert denied.json()["detail"] == "The bucket's credentials have expired."
    assert denied.json()["xmpp"]["condition"] == "resource-constraint"
    lines = ask_ejabberd(slotd, FIELDS)
    assert lines.status == 503 and "retry-after" not in lines.fields
    ready = slotd.get("/readyz")
    assert ready.status == 503 and "answered with status 500" in ready.json()["reasons"][0]
    assert slotd.get("/livez").status == 200
    slotd.wait_until(lambda: "no slots are granted" in slotd.output(), 8)
    assert "those that are there are used on, good until" in slotd.output()
    # It is asked again by itself, and then all is well again.
    container.trouble = None
    container.seconds = 3600
    slotd.wait_until(lambda: slotd.get("/readyz").status == 200, 12)
    assert judge(sessions, ask(slotd).put) == container.issued[-1]


def test_a_source_that_is_not_there(start, container):
    container.stop()
    slotd = start(container.environment)
    slotd.wait_until(lambda: "takes no connection" in slotd.output(), 5)
    assert slotd.get("/readyz").status == 503


def test_the_same_failure_is_told_once(start, container):
    container.trouble = 200
    slotd = start(container.environment)
    slotd.wait_until(lambda: len(container.requests) >= 2, 8)
    time.sleep(0.2)
    assert slotd.output().count("answered with something else than credentials") == 1
    denied = ask_json(slotd, FIELDS)
    assert denied.status == 503
    assert denied.json()["detail"] == "There are no credentials for the bucket yet."


def test_a_source_that_hangs_holds_nobody_up(start, container):
    container.trouble = "hang"
    slotd = start(container.environment)
    slotd.wait_until(lambda: container.requests, 5)
    before = time.monotonic()
    for _ in range(100):
        assert ask_json(slotd, FIELDS).status == 503
    assert time.monotonic() - before < 3
    slotd.wait_until(lambda: "gave no full answer within 5 s" in slotd.output(), 8)


@pytest.mark.parametrize(
    "error, words",
    [
        ("AccessDenied", "trust policy"),
        ("ExpiredTokenException", "is not renewed"),
        ("InvalidIdentityToken", "identity provider"),
    ],
)
def test_sts_refuses(error, words, start, sts, tmp_path):
    sts.error = error
    slotd = start(sts.environment(tmp_path / "token"))
    slotd.wait_until(lambda: error in slotd.output(), 5)
    line = next(line for line in slotd.output().splitlines() if error in line)
    assert words in line and sts.token not in slotd.output()
    assert slotd.get("/readyz").status == 503
    # The source is there again: so are slots, without anybody's help.
    sts.error = None
    slotd.wait_until(lambda: slotd.get("/readyz").status == 200, 8)


def test_an_instance_without_a_role(start, metadata):
    metadata.trouble = 404
    slotd = start(metadata.environment, keyless({"instance_metadata": True}))
    slotd.wait_until(lambda: "metadata service answered with status 404" in slotd.output(), 5)
