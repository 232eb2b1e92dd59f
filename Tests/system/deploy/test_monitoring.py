"""The alerts and the dashboard: judged by Prometheus' own tools, and asked of a slotd that runs."""

import json
import re
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml

from support.program import Program, free_port
from support.slotd import host, settings
from support.slots import FIELDS, ask, ask_json

DEPLOY = Path(__file__).parents[3] / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
CASES = DEPLOY / "prometheus" / "alerts.test.yml"
DASHBOARD = DEPLOY / "grafana" / "slotd.json"

# What a slotd with an access key that has no end does not say.
OF_SESSIONS = re.compile(r"slotd_credentials_expiry_timestamp_seconds")


def rules() -> list[dict]:
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict]:
    return [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if "targets" in panel]


def asked(expression: str) -> str:
    """A query of the dashboard, as Grafana sends it with everything chosen."""
    for name, value in {
        "$__rate_interval": "10s",
        "$job": ".+",
        "$instance": ".+",
        "$host": ".*",
    }.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression


def queries() -> dict[str, str]:
    """Each query of the dashboard, by the panel and its letter."""
    return {
        f"{panel['title']} {target['refId']}": asked(target["expr"])
        for panel in panels()
        for target in panel["targets"]
    }


def metrics(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:slotd|process|mod_http_upload)_\w+", expression))


def promtool(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True)


# --- as they stand ---


def test_the_alerts_cases_hold(tmp_path):
    done = promtool("test", "rules", CASES)
    assert done.returncode == 0, done.stdout + done.stderr
    # Alerts that always fire must be noticed, each of them.
    changed = yaml.safe_load(ALERTS.read_text())
    alerts = [rule for group in changed["groups"] for rule in group["rules"] if "alert" in rule]
    for rule in alerts:
        rule["expr"] = "vector(1)"
    (tmp_path / ALERTS.name).write_text(yaml.safe_dump(changed))
    (tmp_path / CASES.name).write_text(CASES.read_text())
    done = promtool("test", "rules", tmp_path / CASES.name)
    assert done.returncode != 0
    for rule in alerts:
        assert f"alertname: {rule['alert']}," in done.stdout + done.stderr, rule["alert"]


def test_each_alert_has_cases_for_and_against():
    cases = [
        case
        for test in yaml.safe_load(CASES.read_text())["tests"]
        for case in test["alert_rule_test"]
    ]
    alerts = {rule["alert"] for rule in rules() if "alert" in rule}
    for wanted in (True, False):
        assert {case["alertname"] for case in cases if bool(case["exp_alerts"]) == wanted} == alerts


def test_an_alert_says_what_is_wrong_and_what_to_do():
    for rule in (rule for rule in rules() if "alert" in rule):
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "description"}, rule["alert"]


def test_prometheus_reads_every_query(tmp_path):
    recorded = [
        {"record": f"query{number}", "expr": expression}
        for number, expression in enumerate(queries().values())
    ]
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": recorded}]}))
    done = promtool("check", "rules", path)
    assert done.returncode == 0 and f"{len(recorded)} rules found" in done.stdout, done.stderr


def test_the_dashboard_is_whole():
    dashboard = json.loads(DASHBOARD.read_text())
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(numbers)) == len(numbers)
    taken = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }
        assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
    # It can be imported anywhere: no data source of one Grafana stands in it.
    sources = re.findall(r'"uid": "([^"]*)"', DASHBOARD.read_text())
    assert set(sources) == {"slotd", "${datasource}"}


# --- asked of a slotd that runs ---


class Prometheus(Program):
    """Prometheus, scraping one slotd each second."""

    def __init__(self, slotd, directory: Path):
        self.address = f"127.0.0.1:{free_port()}"
        configuration = directory / "prometheus.yml"
        configuration.write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                    "rule_files": [str(ALERTS)],
                    "scrape_configs": [
                        {"job_name": "slotd", "static_configs": [{"targets": slotd.addresses[:1]}]}
                    ],
                }
            )
        )
        arguments = [
            "prometheus",
            f"--config.file={configuration}",
            f"--storage.tsdb.path={directory / 'data'}",
            f"--web.listen-address={self.address}",
        ]
        super().__init__(arguments, directory / "prometheus.log", cwd=directory)

    def get(self, path: str, **query) -> dict:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with opener.open(url, timeout=10) as answer:
                return json.load(answer)["data"]
        except OSError:
            return {}

    def answers(self, expression: str) -> list:
        return self.get("query", query=expression).get("result", [])


@pytest.fixture(scope="module")
def prometheus(start_shared_slotd, rclone, tmp_path_factory):
    """It has seen slots granted and refused, and the bucket probed, for some seconds."""
    hosts = {"upload.@HOST@": host(rclone.settings, get="presigned")}
    slotd = start_shared_slotd(settings(hosts, probe_interval=1))
    program = Prometheus(slotd, tmp_path_factory.mktemp("prometheus"))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        ask(slotd)
        ask_json(slotd, {**FIELDS, "size": 0})
        ask_json(slotd, {**FIELDS, "jid": ""})
        if program.answers("count_over_time(slotd_build_info[30s]) > 6"):
            break
        time.sleep(0.2)
    yield program
    program.stop()


def test_every_metric_exists(prometheus):
    named = metrics(" ".join([rule["expr"] for rule in rules()] + list(queries().values())))
    assert len(named) > 10
    known = set(prometheus.get("label/__name__/values"))
    missing = {name for name in named - known if not OF_SESSIONS.fullmatch(name)}
    assert not missing


@pytest.mark.parametrize("title", queries())
def test_a_panel_shows_something(prometheus, title):
    expression = queries()[title]
    if OF_SESSIONS.search(expression):
        # At least it is a query; what it is about has its own tests.
        assert prometheus.get("query", query=expression).get("resultType") == "vector"
        return
    answers = prometheus.answers(expression)
    assert answers and all(answer["value"][1] != "NaN" for answer in answers), expression


def test_no_alert_fires_for_a_healthy_slotd(prometheus):
    groups = prometheus.get("rules")["groups"]
    found = {rule["name"]: rule for group in groups for rule in group["rules"]}
    assert len(found) == len(rules())
    for rule in found.values():
        assert rule["health"] == "ok", rule
        assert not [alert for alert in rule.get("alerts", []) if alert["state"] == "firing"]
