"""What a running slotd knows of its buckets, and what it does about it."""

import re
import signal
import subprocess
import threading
import time

import pytest

from support.metrics import key, scrape
from support.slotd import host, settings, write_settings
from support.slots import ask_ejabberd, ask_json, ask_xml
from support.standins import always, answering, hanging, s3_error

SLOT = {"jid": "romeo@montague.example", "filename": "x", "size": 1}


class Switch:
    """A bucket that works or refuses, as a test wants it."""

    def __init__(self):
        self.objects = {}
        self.error = None
        self.requests = []

    def __call__(self, method, target, fields, body):
        path = target.partition("?")[0]
        self.requests.append((method, path))
        if self.error:
            return self.error
        if method == "PUT":
            self.objects[path] = body
        if method == "DELETE":
            self.objects.pop(path, None)
            return 204, {}, b""
        return (200, {}, self.objects[path]) if path in self.objects else (404, {}, b"")


SLOW_DOWN = (503, {}, s3_error("SlowDown", "Please reduce your request rate."))


@pytest.fixture
def switch():
    return Switch()


@pytest.fixture
def bucket(switch):
    with answering(switch) as url:
        yield {"bucket_url": f"{url}/uploads"}


def watched(s3, **top):
    top = {"probe_interval": 1, "probe_failures": 2, **top}
    return settings({"upload.@HOST@": host(s3, get="presigned")}, **top)


def readiness(slotd):
    answer = slotd.get("/readyz")
    body = answer.json()
    assert body["ready"] is (answer.status == 200)
    return answer.status, body


def wait_for(slotd, status: str):
    """Waits until the only bucket stands so; the whole answer."""

    def look():
        answer, body = readiness(slotd)
        [bucket] = body["buckets"]
        return bucket["status"] == status and (answer, body)

    return slotd.wait_until(look)


def lines(slotd, text: str) -> list[str]:
    return [line for line in slotd.output().splitlines() if text in line]


def test_a_bucket_that_works(start_slotd, s3_server):
    slotd = start_slotd(watched(s3_server.settings))
    status, body = wait_for(slotd, "ok")
    assert status == 200 and "reasons" not in body
    [bucket] = body["buckets"]
    assert bucket["hosts"] == ["upload.@HOST@"] and bucket["failures"] == 0
    assert bucket["last_success_age"] <= 3
    assert {"slot", "put", "get", "compare", "delete"} == set(bucket["phases"])
    first = bucket["probed_at"]
    slotd.wait_until(lambda: readiness(slotd)[1]["buckets"][0]["probed_at"] > first)
    assert len(lines(slotd, "works")) == 1, "one line when the state changes, not one a probe"


def test_from_works_to_down_and_back(start_slotd, switch, bucket):
    slotd = start_slotd(watched(bucket))
    wait_for(slotd, "ok")
    switch.error = SLOW_DOWN
    status, body = wait_for(slotd, "suspected")
    assert status == 200 and "reasons" not in body, "one lost probe does not flap"
    assert body["buckets"][0]["trouble"]["code"] == "SlowDown"
    status, body = wait_for(slotd, "down")
    assert status == 503
    [reason] = body["reasons"]
    assert reason.startswith("upload.@HOST@: the bucket takes no more requests for now (SlowDown)")
    assert body["buckets"][0]["last_success_age"] >= 1
    assert slotd.get("/healthz").status == 503 and slotd.get("/livez").status == 200
    assert ask_json(slotd, SLOT).status == 201, "slots are granted all the same"
    time.sleep(1.5)
    switch.error = None
    assert wait_for(slotd, "ok")[0] == 200
    assert len(lines(slotd, "failed a probe")) == 1
    assert len(lines(slotd, "failed 2 probes in a row")) == 1
    assert len(lines(slotd, "works again")) == 1
    assert switch.objects == {}, "no probe leaves a file behind"


def test_slots_can_be_refused_while_the_bucket_is_down(start_slotd, switch, bucket):
    slotd = start_slotd(watched(bucket, refuse_when_bucket_down=True))
    wait_for(slotd, "ok")
    assert ask_json(slotd, SLOT).status == 201
    switch.error = SLOW_DOWN
    wait_for(slotd, "suspected")
    assert ask_json(slotd, SLOT).status == 201, "slots are granted while it is only suspected"
    wait_for(slotd, "down")
    denied = ask_json(slotd, SLOT)
    assert denied.status == 503 and int(denied.fields["retry-after"]) > 0
    assert denied.json()["xmpp"]["condition"] == "resource-constraint"
    assert ask_xml(slotd, SLOT).status == 503
    lines = ask_ejabberd(slotd, SLOT)
    assert lines.status == 503 and "retry-after" not in lines.fields
    switch.error = None
    slotd.wait_until(lambda: ask_json(slotd, SLOT).status == 201)


def test_a_bucket_that_hangs_holds_nobody_up(start_slotd):
    with hanging() as url:
        slotd = start_slotd(watched({"bucket_url": f"{url}/uploads"}))
        slowest = 0
        deadline = time.monotonic() + 5
        with slotd.connect() as connection:
            while time.monotonic() < deadline:
                start = time.monotonic()
                assert connection.ask("GET", "/slot?jid=a@b.example&name=x&size=1").status == 200
                slowest = max(slowest, time.monotonic() - start)
        # Far from the 15 s that the probe waits, and far from what a busy machine takes.
        assert slowest < 2
        assert readiness(slotd)[0] == 200, "nothing is known yet"
        start = time.monotonic()
        assert slotd.stop() == 0
        assert time.monotonic() - start < 2, "nor does it hold the end up"


def test_one_bucket_of_two_is_down(start_slotd, switch, bucket):
    """A load balancer that took slotd away would take it from the users of the other one, too."""
    with answering(always(403, s3_error("InvalidAccessKeyId"))) as url:
        hosts = {
            "upload.a.example": host(bucket, get="presigned"),
            "upload.b.example": host({"bucket_url": f"{url}/uploads"}, get="presigned"),
            "upload.c.example": host({"bucket_url": f"{url}/uploads"}, get="presigned"),
        }
        slotd = start_slotd(
            settings(hosts, probe_interval=1, probe_failures=1, refuse_when_bucket_down=True)
        )

        def both_known():
            states = [bucket["status"] for bucket in readiness(slotd)[1]["buckets"]]
            return states == ["ok", "down"]

        slotd.wait_until(both_known)
        status, body = readiness(slotd)
        assert status == 200
        [reason] = body["reasons"]
        assert reason.startswith("upload.b.example, upload.c.example: the bucket does not know")
        for domain, expected in (("a", 201), ("b", 503), ("c", 503)):
            slot = {**SLOT, "jid": f"romeo@{domain}.example"}
            assert ask_json(slotd, slot).status == expected


def test_metrics(start_slotd, switch, bucket):
    slotd = start_slotd(watched(bucket))
    wait_for(slotd, "ok")

    def value(name, **labels):
        return scrape(slotd)[key(name, host="upload.@HOST@", **labels)]

    assert value("slotd_probe_success") == 1
    assert abs(value("slotd_probe_last_success_timestamp_seconds") - time.time()) < 5
    for phase in ("put", "get", "delete"):
        assert value("slotd_probe_duration_seconds", phase=phase) < 5
    switch.error = SLOW_DOWN
    wait_for(slotd, "down")
    assert value("slotd_probe_success") == 0


def test_probes_can_be_switched_off(start_slotd, switch, bucket):
    slotd = start_slotd(watched(bucket, probe_interval=0))
    time.sleep(1.2)
    status, body = readiness(slotd)
    assert status == 200 and body["buckets"][0]["status"] == "unknown"
    assert switch.requests == []


def test_a_new_configuration_is_watched_in_place_of_the_old_one(start_slotd, switch, bucket):
    slotd = start_slotd(watched(bucket))
    wait_for(slotd, "ok")
    with answering(always(403, s3_error("AccessDenied", "Access Denied"))) as url:
        write_settings(
            {**watched({"bucket_url": f"{url}/other"}), "probe_failures": 1},
            slotd.configuration.parent,
        )
        slotd.process.send_signal(signal.SIGHUP)
        status, body = wait_for(slotd, "down")
        assert status == 503 and "may not upload to" in body["reasons"][0]
        assert not body["configuration"]["stale"]
        requests = len(switch.requests)
        time.sleep(1.5)
        assert len(switch.requests) == requests, "the old bucket is left alone"


def test_what_is_known_outlives_a_reload(start_slotd, switch, bucket):
    slotd = start_slotd(watched(bucket, probe_interval=1))
    wait_for(slotd, "ok")
    switch.error = SLOW_DOWN
    wait_for(slotd, "down")
    slotd.process.send_signal(signal.SIGHUP)
    slotd.wait_until(lambda: lines(slotd, "loaded anew"))
    assert readiness(slotd)[0] == 503


def test_a_bad_new_configuration_shows(start_slotd, switch, bucket):
    slotd = start_slotd(watched(bucket))
    slotd.configuration.write_text("listen = 5")
    slotd.process.send_signal(signal.SIGHUP)
    slotd.wait_until(lambda: readiness(slotd)[1]["configuration"]["stale"])
    assert readiness(slotd)[0] == 200


def test_a_file_that_cannot_be_deleted_is_said_once(start_slotd, bucket, switch):
    def respond(method, *rest):
        if method == "DELETE":
            return 403, {}, s3_error("AccessDenied", "Access Denied")
        return switch(method, *rest)

    with answering(respond) as url:
        slotd = start_slotd(watched({"bucket_url": f"{url}/uploads"}))
        wait_for(slotd, "ok")
        probed = len(switch.objects)
        slotd.wait_until(lambda: len(switch.objects) > probed + 1)
        [line] = lines(slotd, "cannot be deleted")
        assert "allow the access key AKIA… s3:DeleteObject" in line


@pytest.mark.parametrize("path", ["/readyz", "/healthz"])
def test_curl_as_a_health_check(start_slotd, switch, bucket, path):
    """As a container's health check has it: `curl -f http://…/readyz`, which knows no token."""
    slotd = start_slotd(watched(bucket, probe_failures=1, tokens=["0123456789abcdef"]))
    wait_for(slotd, "ok")

    def check(target):
        command = "curl -f --silent --noproxy * --output /dev/null"
        return subprocess.run([*command.split(), f"{slotd.url}{target}"]).returncode

    assert check(path) == 0 and check("/livez") == 0
    assert check("/metrics") == 22, "everything else wants a token"
    switch.error = SLOW_DOWN
    wait_for(slotd, "down")
    assert check(path) == 22 and check("/livez") == 0
    assert slotd.stop() == 0
    assert check(path) == 7 and check("/livez") == 7


def test_the_log_and_the_body_hold_no_secret(start_slotd, switch, bucket):
    switch.error = (403, {}, s3_error("SignatureDoesNotMatch", "line one\nAKIAIOSFODNN7EXAMPLE"))
    slotd = start_slotd(watched(bucket))
    wait_for(slotd, "down")
    said = slotd.output() + slotd.get("/readyz").text
    for secret in ("AKIAIOSFODNN7EXAMPLE", "wJalr", "X-Amz-Signature", "slotd-probe.txt"):
        assert secret not in said
    assert re.search(r"access key AKIA…", said)


def test_many_look_at_once(start_slotd, switch, bucket):
    slotd = start_slotd(watched(bucket))
    statuses = []

    def look():
        for _ in range(50):
            statuses.append(slotd.get("/readyz").status)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses == [200] * 400
