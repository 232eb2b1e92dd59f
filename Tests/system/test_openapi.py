"""openapi.yaml and the running server say the same: what is answered is documented, and seen."""

import re
from pathlib import Path
from urllib.parse import quote

import jsonschema_rs
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from schemathesis import checks

from support.slotd import host, settings
from support.slots import ask_ejabberd, ask_json, ask_xml, query

FILE = Path(__file__).parents[2] / "openapi.yaml"
DOCUMENT = yaml.safe_load(FILE.read_text())
TOKEN = "a-token-of-sixteen-bytes-or-more"

# Documented for those who write modules, and never answered yet: there are no quotas to exceed, and
# a running slotd is only ever unavailable while it shuts down, which test_lifecycle.py looks at.
UNSEEN = {
    ("POST", "/slot", 429, "application/problem+json"),
    ("POST", "/slot", 429, "application/xml"),
    ("POST", "/slot", 503, "application/problem+json"),
    ("POST", "/slot", 503, "application/xml"),
    ("GET", "/slot", 402, "text/plain"),
    ("GET", "/slot", 503, "text/plain"),
    ("GET", "/ejabberd/{token}", 402, "text/plain"),
    ("GET", "/ejabberd/{token}", 503, "text/plain"),
    ("GET", "/readyz", 503, "application/json"),
    ("GET", "/healthz", 503, "application/json"),
}


@pytest.fixture(scope="module")
def slotd(start_shared_slotd):
    service = host(max_file_size=30000, content_types=["image/*"], access=["montague.example"])
    return start_shared_slotd(settings({"upload.@HOST@": service}, tokens=[TOKEN]))


def documented() -> dict:
    """The schema of each documented answer, by method, path, status and media type."""
    answers = {}
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                response = resolved(response)
                for media_type, content in response["content"].items():
                    key = (method.upper(), path, int(status), media_type)
                    answers[key] = (content["schema"], response.get("headers", {}))
    return answers


def resolved(value: dict) -> dict:
    if "$ref" not in value:
        return value
    target = DOCUMENT
    for name in value["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return target


DOCUMENTED = documented()


def validate(schema: dict, value):
    jsonschema_rs.validate({**schema, "components": DOCUMENT["components"]}, value)


def check(method: str, path: str, answer) -> tuple:
    """That an answer is as documented; its place in the document."""
    place = (method, path, answer.status, answer.media_type)
    assert place in DOCUMENTED, f"undocumented: {place} {answer}"
    schema, headers = DOCUMENTED[place]
    if answer.media_type.endswith("json"):
        validate(schema, answer.json())
    elif answer.media_type == "application/yaml":
        validate(schema, yaml.safe_load(answer.body))
    else:
        validate(schema, answer.text)
    for name in headers:
        assert name.lower() in answer.fields
    return place


def test_every_documented_answer_is_given(slotd):
    good = {"jid": "romeo@montague.example", "filename": "a.jpg", "size": 1}
    good["content_type"] = "image/jpeg"
    situations = [
        good,
        {**good, "size": 0},
        {**good, "jid": "tybalt@capulet.example"},
        {**good, "host": "elsewhere.example"},
        {**good, "size": 30001},
        {**good, "content_type": "text/html"},
    ]
    bearer = {"authorization": f"Bearer {TOKEN}"}
    large = {"x_large": "x" * 20000}
    seen = set()
    for fields in situations:
        seen.add(check("POST", "/slot", ask_json(slotd, fields, **bearer)))
        seen.add(check("POST", "/slot", ask_xml(slotd, fields, **bearer)))
        seen.add(check("GET", "/slot", ask_ejabberd(slotd, fields, **bearer)))
        target = f"/ejabberd/{TOKEN}?{query(fields)}"
        seen.add(check("GET", "/ejabberd/{token}", slotd.get(target)))
    seen.add(check("POST", "/slot", ask_json(slotd, good)))
    seen.add(check("POST", "/slot", ask_xml(slotd, good)))
    seen.add(check("POST", "/slot", ask_json(slotd, good, **large)))
    wrong = slotd.ask("POST", "/slot", "x", content_type="text/plain", **bearer)
    seen.add(check("POST", "/slot", wrong))
    for path, target in {
        "/slot": "/slot?",
        "/ejabberd/{token}": "/ejabberd/wrong?",
        "/service": "/service?",
    }.items():
        seen.add(check("GET", path, slotd.get(target + "x" * 20000)))
        seen.add(check("GET", path, slotd.get(target, **large)))
        seen.add(check("GET", path, slotd.get(target)))
    for name in ("upload.montague.example", "elsewhere.example", ""):
        for accept in ("application/json", "application/xml"):
            answer = slotd.get(f"/service?host={name}", accept=accept, **bearer)
            seen.add(check("GET", "/service", answer))
    for path in ("/service", "/metrics", "/openapi.yaml", "/"):
        for accept in ("application/json", "application/xml"):
            seen.add(check("GET", path, slotd.get(path, accept=accept)))
    for path in ("/livez", "/readyz", "/healthz", "/metrics", "/openapi.yaml", "/"):
        seen.add(check("GET", path, slotd.get(path, **bearer)))
    assert seen & UNSEEN == set(), "no longer unseen"
    assert set(DOCUMENTED) - seen == UNSEEN


def test_the_server_hands_out_the_document(slotd):
    answer = slotd.get("/openapi.yaml", authorization=f"Bearer {TOKEN}")
    assert answer.body == FILE.read_bytes()


def test_examples_are_what_their_schemas_say():
    for (method, path, status, media_type), (schema, _) in DOCUMENTED.items():
        responses = DOCUMENT["paths"][path][method.lower()]["responses"]
        content = resolved(responses[str(status)])["content"][media_type]
        if "example" in content:
            validate(schema, content["example"])
    body = DOCUMENT["paths"]["/slot"]["post"]["requestBody"]["content"]["application/json"]
    for example in body["examples"].values():
        validate(body["schema"], example["value"])


def test_no_route_is_undocumented(slotd):
    """The routes that the program's source names are those of the document."""
    sources = Path(__file__).parents[2] / "Sources" / "slotd"
    named = set()
    for source in sources.rglob("*.swift"):
        named |= set(
            re.findall(r'path\.(?:equals|starts\(with:)\s*\(?"(/[^"]*)"', source.read_text())
        )
    assert named, "the source names its routes in another way now: look for them there"
    documented_paths = {path.partition("{")[0] for path in DOCUMENT["paths"]}
    assert named == documented_paths
    # And from outside: each takes the methods that the document has, and no other.
    for path, operations in DOCUMENT["paths"].items():
        target = path.replace("{token}", TOKEN)
        answer = slotd.ask("PATCH", target)
        allowed = set(answer.fields["allow"].replace(" ", "").split(","))
        assert answer.status == 405
        assert allowed - {"HEAD", "OPTIONS"} == {method.upper() for method in operations}


# The limits of a schema are characters and slotd's are bytes: what is long may be refused as such.
REFUSED = [400, 401, 403, 404, 405, 413, 414, 415, 422, 431]
API = schemathesis.openapi.from_path(
    FILE,
    config=schemathesis.Config.from_dict(
        {"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}}
    ),
)


@API.parametrize()
@hypothesis(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_generated_requests_get_documented_answers(slotd, case):
    """schemathesis makes requests up, good ones and bad ones, from the document alone."""
    if case.path == "/ejabberd/{token}" and case.meta.generation.mode.is_positive:
        case.path_parameters["token"] = quote(TOKEN)
    # A bad request is only known as such by one who is let in.
    case.call_and_validate(
        base_url=slotd.url,
        headers={"Authorization": f"Bearer {TOKEN}"},
        excluded_checks=[
            # A JID of the schema may be nobody's, and a host no service: 404 is right for both.
            checks.positive_data_acceptance,
            # What it would have found is looked at in test_tokens.py, for each place of a token.
            checks.ignored_auth,
        ],
    )
