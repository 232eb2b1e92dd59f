"""What /metrics says: accepted by Prometheus' own checker, exact, and silent about people."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.metrics import difference, key, parse, promtool, scrape
from support.slotd import SECRET_ACCESS_KEY, host, settings, write_settings
from support.slots import FIELDS, ask_ejabberd, ask_json, ask_xml

HOST = "upload.@HOST@"
LIMIT = 20000
LIMITS = {"max_file_size": LIMIT, "access": ["montague.example"], "content_types": ["image/*"]}
GOOD = {**FIELDS, "size": 1500, "content_type": "image/jpeg"}


@pytest.fixture
def slotd(start_slotd):
    return start_slotd(settings({HOST: host(**LIMITS)}, workers=3))


def test_prometheus_accepts_it(slotd):
    for fields in (GOOD, {**GOOD, "size": LIMIT + 1}, {**GOOD, "jid": ""}):
        ask_json(slotd, fields)
    answer = slotd.get("/metrics")
    assert answer.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    checked = promtool(answer.body)
    assert checked.returncode == 0 and not checked.stderr, checked.stderr.decode()
    wrong = b"# TYPE requests_count counter\nrequests_count 1\n"
    assert promtool(answer.body + wrong).returncode != 0, "the checker does not judge"


# What is asked, how often, and the outcome and host that count it.
OUTCOMES = [
    (GOOD, 7, "granted", HOST),
    ({**GOOD, "size": LIMIT + 1}, 3, "file-too-large", HOST),
    ({**GOOD, "jid": "paris@capulet.example"}, 4, "forbidden", HOST),
    ({**GOOD, "content_type": "text/html"}, 2, "media-type-not-allowed", HOST),
    ({**GOOD, "host": "elsewhere.example"}, 5, "no-such-service", ""),
    ({**GOOD, "size": 0}, 6, "bad-request", ""),
]


@pytest.mark.parametrize("ask", [ask_json, ask_xml, ask_ejabberd])
def test_each_outcome_is_counted_once_a_request(slotd, ask):
    before = scrape(slotd)
    with ThreadPoolExecutor(8) as pool:
        for fields, count, _, _ in OUTCOMES:
            list(pool.map(lambda fields: ask(slotd, fields), [fields] * count))
    after = scrape(slotd)
    assert difference(before, after, "slotd_slots_total") == {
        frozenset({"host": host, "outcome": outcome}.items()): count
        for _, count, outcome, host in OUTCOMES
    }
    # MongooseIM counts the slots that it made; so do the histograms.
    mongoose = frozenset({"host_type": HOST, "function": "create_slot"}.items())
    assert difference(before, after, "mod_http_upload_s3_count") == {mongoose: 7}
    assert difference(before, after, "mod_http_upload_s3_time_count") == {mongoose: 7}
    assert difference(before, after, "slotd_slot_duration_seconds_count") == {frozenset(): 7}
    assert difference(before, after, "slotd_slot_bytes_sum") == {frozenset(): 7 * 1500}
    buckets = difference(before, after, "slotd_slot_bytes_bucket")
    assert frozenset({("le", "1024")}) not in buckets
    assert buckets[frozenset({("le", "4096")})] == buckets[frozenset({("le", "+Inf")})] == 7


def test_requests_are_counted_by_route_and_status(slotd):
    before = scrape(slotd)
    wanted = {}

    def ask(route, method, target, *body, **fields):
        code = str(slotd.ask(method, target, *body, **fields).status)
        wanted[route, code] = wanted.get((route, code), 0) + 1

    for _ in range(3):
        ask("/livez", "GET", "/livez")
    ask("/readyz", "GET", "/readyz")
    ask("/readyz", "GET", "/healthz")
    ask("/livez", "HEAD", "/livez")
    ask("/slot", "OPTIONS", "/slot")
    ask("/slot", "GET", "/slot?jid=x")
    ask("/slot", "POST", "/slot", "x", content_type="text/plain")
    ask("/slot", "DELETE", "/slot")
    ask("/service", "GET", f"/service?host=upload.{'x' * 20}.example")
    ask("/openapi.yaml", "GET", "/openapi.yaml")
    ask("", "GET", "/nowhere/romeo@montague.example")
    ask("", "OPTIONS", "*")
    with slotd.connect() as connection:
        connection.send("GET / HTTP/1.1\r\n\r\n")
        wanted["", str(connection.answer().status)] = 1
    after = scrape(slotd)
    wanted["/metrics", "200"] = 1
    assert difference(before, after, "slotd_http_requests_total") == {
        frozenset({"route": route, "code": code}.items()): count
        for (route, code), count in wanted.items()
    }


def test_without_a_token_it_says_nothing_and_counts_that(start_slotd):
    token = "a-token-of-sixteen-bytes-or-more"
    slotd = start_slotd(settings(tokens=[token]))
    for _ in range(2):
        assert ask_json(slotd, FIELDS).status == 401
    assert slotd.get("/metrics").status == 401
    after = scrape(slotd, authorization=f"Bearer {token}")
    assert after[key("slotd_slots_total", host="", outcome="unauthorized")] == 2
    assert after[key("slotd_http_requests_total", route="/metrics", code="401")] == 1
    assert slotd.ask("HEAD", "/metrics", authorization=f"Bearer {token}").body == b""


def test_connections_are_those_that_are_open(slotd):
    open_connections = [slotd.connect() for _ in range(5)]
    for connection in open_connections:
        assert connection.ask("GET", "/livez").status == 200
    # The one that asks is open, too.
    assert scrape(slotd)[key("slotd_http_connections")] == 6
    for connection in open_connections:
        connection.socket.close()
    slotd.wait_until(lambda: scrape(slotd)[key("slotd_http_connections")] == 1)


def test_the_process_is_described(slotd):
    samples = scrape(slotd)
    resident = slotd.resident_mib * 1024 * 1024
    assert resident / 2 < samples[key("process_resident_memory_bytes")] < resident * 2
    assert 0 < samples[key("process_cpu_seconds_total")] < 60
    assert 3 < samples[key("process_open_fds")] < samples[key("process_max_fds")]
    assert abs(samples[key("process_start_time_seconds")] - time.time()) < 60
    builds = [labels for name, labels in samples if name == "slotd_build_info"]
    assert len(builds) == 1 and dict(builds[0])["version"]


def test_a_reload_loses_no_count(slotd, tmp_path):
    """Hosts that stay keep their numbers, new ones begin at zero, and gone ones are not shown."""
    for _ in range(3):
        assert ask_json(slotd, GOOD).status == 201

    def reload(hosts):
        count = slotd.output().count("configuration loaded anew")
        write_settings(settings(hosts, workers=3), slotd.configuration.parent)
        slotd.process.send_signal(signal.SIGHUP)
        slotd.wait_until(lambda: slotd.output().count("configuration loaded anew") > count)

    def granted(name):
        return scrape(slotd).get(key("slotd_slots_total", host=name, outcome="granted"))

    reload({"files.montague.example": host(), HOST: host(**LIMITS)})
    assert granted(HOST) == 3 and granted("files.montague.example") == 0
    for _ in range(2):
        assert ask_json(slotd, GOOD).status == 201
    assert ask_json(slotd, {**GOOD, "host": "files.montague.example"}).status == 201
    assert granted(HOST) + granted("files.montague.example") == 6
    assert granted("files.montague.example") >= 1
    kept = granted(HOST)
    reload({"files.montague.example": host()})
    assert granted(HOST) is None
    reload({HOST: host(**LIMITS)})
    assert granted(HOST) == kept


def test_no_label_names_a_person_or_a_file(slotd):
    token = "a-token-that-nobody-may-read"
    asked = {**GOOD, "jid": "juliet@capulet.example/balcony", "filename": "diary-of-juliet.jpg"}
    slot = ask_json(slotd, {**asked, "jid": "juliet@montague.example"}).json()
    for fields in (asked, {**asked, "host": "host-of-juliet.example"}, {**asked, "size": 0}):
        ask_json(slotd, fields)
        ask_ejabberd(slotd, fields)
    slotd.get(f"/ejabberd/{token}?jid=juliet@capulet.example&name=diary-of-juliet.jpg&size=1")
    slotd.get(f"/{token}/juliet")
    text = slotd.get("/metrics").text
    object_token = slot["get"]["url"].split("/")[-2]
    for secret in ("juliet", "capulet", "diary", token, object_token, SECRET_ACCESS_KEY):
        assert secret not in text, secret
    hosts = {dict(labels)["host"] for name, labels in parse(text) if name == "slotd_slots_total"}
    assert hosts == {HOST, ""}


def test_many_hosts_are_written_while_others_are_served(start_slotd):
    """A text of megabytes is written aside: the one worker answers meanwhile."""
    hosts = {f"upload.{number}.example": host() for number in range(2000)}
    slotd = start_slotd(settings(hosts, workers=1))
    with slotd.connect(timeout=60) as scraper, slotd.connect() as other:
        scraper.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        assert other.ask("GET", "/livez").status == 200
        samples = parse(scraper.answer().text)
    assert len(samples) > 2000 * 40
