"""Each kind of trouble with a bucket, made for real, and the sentence that the operator gets."""

from dataclasses import dataclass, field

import pytest
from probing import SIGNED, probe

from support.program import free_port
from support.s3 import BUCKET
from support.slotd import (
    ACCESS_KEY_ID,
    SECRET_ACCESS_KEY,
    command,
    host,
    settings,
    write_settings,
)


@pytest.mark.parametrize(
    "server, s3, service",
    [
        ("rclone", {}, SIGNED),
        ("swift", {}, SIGNED),
        ("embedded", {}, SIGNED),
        ("embedded", {}, {}),
        ("rclone", {"download_url": "{downloads}"}, {}),
        ("swift", {"bucket_url": "http://uploads.s3.localhost:{port}"}, SIGNED),
    ],
)
def test_a_bucket_that_works(request, tmp_path, server, s3, service):
    running = request.getfixturevalue(server)
    status, result, said = probe(tmp_path, {**running.settings, **filled(s3, running)}, **service)
    assert (status, result["ok"], said) == (0, True, "")
    assert list(result["phases"]) == ["slot", "put", "get", "compare", "delete"]
    assert all(seconds < 5 for seconds in result["phases"].values())
    assert abs(result["clock_offset"]) <= 1


def test_nothing_is_left_behind(s3_server, tmp_path):
    def keys():
        listed = s3_server.client().list_objects_v2(Bucket=BUCKET)
        return {entry["Key"] for entry in listed.get("Contents", [])}

    before = keys()
    assert probe(tmp_path, s3_server.settings, **SIGNED)[0] == 0
    # Where reading fails, the file is deleted all the same.
    s3 = {**s3_server.settings, "download_url": f"{s3_server.endpoint}/elsewhere"}
    assert probe(tmp_path, s3)[0] == 1
    assert keys() == before


@dataclass(frozen=True)
class Trouble:
    """A row: what is wrong, what it is called, and what the sentence must say."""

    name: str
    server: str  # a fixture
    code: str
    problem: str
    remedy: str
    s3: dict = field(default_factory=dict)
    service: dict = field(default_factory=lambda: SIGNED)
    wrapper: tuple = ()


WRONG_SECRET = {"secret_access_key": "x" * 40}
UNKNOWN_KEY = {"access_key_id": "AKIAUNKNOWNUNKNOWN00"}
NO_BUCKET = {"bucket_url": "{endpoint}/there-is-no-such-bucket"}
HOUR_BEHIND = ("faketime", "-f", "-1h")

TROUBLES = [
    Trouble(
        *("wrong secret", "s3_server", "SignatureDoesNotMatch"),
        *("computes another signature", "correct s3.access_key_id or s3.secret_access_key"),
        s3=WRONG_SECRET,
    ),
    Trouble(
        *("unknown key", "rclone", "InvalidAccessKeyId"),
        *("does not know the access key AKIA…", "correct s3.access_key_id"),
        s3=UNKNOWN_KEY,
    ),
    Trouble(
        *("unknown key", "embedded", "InvalidAccessKeyId"),
        *("does not know the access key AKIA…", "correct s3.access_key_id"),
        s3=UNKNOWN_KEY,
    ),
    Trouble(
        *("unknown key, where it cannot be told from a secret", "swift", "SignatureDoesNotMatch"),
        *("computes another signature", "correct s3.access_key_id or s3.secret_access_key"),
        s3=UNKNOWN_KEY,
    ),
    Trouble(
        *("wrong region", "swift", "AuthorizationQueryParametersError"),
        *("is in the region us-east-1 and not in eu-west-1", 'set s3.region = "us-east-1"'),
        s3={"region": "eu-west-1"},
    ),
    Trouble(
        *("wrong region", "embedded", "AuthorizationQueryParametersError"),
        *("is in the region local and not in eu-west-1", 'set s3.region = "local"'),
        s3={"region": "eu-west-1"},
    ),
    Trouble(
        *("no bucket", "s3_server", "NoSuchBucket"),
        *("there is no bucket at http://127", "create it, or correct s3.bucket_url"),
        s3=NO_BUCKET,
    ),
    Trouble(
        *("clock an hour behind", "s3_server", "AccessDenied"),
        *("clock is 3600 s ahead of this machine's", "set the clock that is wrong"),
        wrapper=HOUR_BEHIND,
    ),
    Trouble(
        *("nobody may read", "rclone", "UnsupportedAlgorithm"),
        *("uploads work, but readers cannot read them", "let everyone read the files"),
        service={},
    ),
    Trouble(
        *("nobody may read", "swift", "http-400"),
        *("uploads work, but readers cannot read them", "let everyone read the files"),
        service={},
    ),
    Trouble(
        *("download_url elsewhere", "rclone", "http-404"),
        *("not found below s3.download_url", "set it to what serves the files"),
        s3={"download_url": "{downloads}/elsewhere"},
        service={},
    ),
    Trouble(
        *("nobody listens", "rclone", "curl-7"),
        *("takes no connection", "see that the server runs"),
        s3={"bucket_url": "http://127.0.0.1:{free_port}/uploads"},
    ),
    Trouble(
        *("no such host", "rclone", "curl-6"),
        *("the name bucket.invalid is not known", "correct the host"),
        s3={"bucket_url": "http://bucket.invalid/uploads"},
    ),
    Trouble(
        *("the bucket's clock an hour behind", "late", "AccessDenied"),
        *(" s behind this machine's", "set the clock that is wrong"),
    ),
    Trouble(
        *("a server that hangs", "silent", "curl-28"),
        *("gave no full answer within 15 s", "see whether the server hangs or is overloaded"),
    ),
    Trouble(
        *("an authority that is not known", "strange", "curl-60"),
        *("an authority that is not known here", "name the file with the authority's certificate"),
    ),
    Trouble(
        *("throttling", "throttling", "SlowDown"),
        *("takes no more requests for now (SlowDown)", "wait, and raise its limits"),
    ),
    Trouble(
        *("disk full", "full_disk", "InternalError"),
        *("the bucket failed", "a full disk is the most usual one"),
    ),
]


def filled(s3: dict, server) -> dict:
    values = {
        "endpoint": server.endpoint,
        "downloads": server.downloads,
        "port": server.endpoint.rpartition(":")[2],
        "free_port": free_port(),
    }
    return {name: value.format(**values) for name, value in s3.items()}


SERVERS = ["rclone", "swift", "embedded"]
CASES = [
    (server, row)
    for row in TROUBLES
    for server in (SERVERS if row.server == "s3_server" else [row.server])
]


@pytest.mark.parametrize(
    "server, row",
    # What takes half a minute is tried once, in a running slotd.
    [case for case in CASES if case[0] != "silent"],
    ids=lambda value: value.name if isinstance(value, Trouble) else value,
)
def test_each_trouble_has_its_sentence(request, tmp_path, server, row):
    running = request.getfixturevalue(server)
    status, result, said = probe(
        tmp_path,
        {**running.settings, **filled(row.s3, running)},
        wrapper=row.wrapper,
        **row.service,
    )
    assert status == 1 and not result["ok"]
    trouble = result["trouble"]
    assert trouble["code"] == row.code
    assert row.problem in trouble["problem"]
    assert row.remedy in trouble["remedy"]
    assert said.splitlines()[-1] == f"upload.@HOST@: {trouble['problem']}; {trouble['remedy']}"
    assert SECRET_ACCESS_KEY not in said and ACCESS_KEY_ID not in said


def test_a_running_slotd_knows_them_all_within_an_interval(request, start_slotd):
    rows, hosts = {}, {}
    for number, (server, row) in enumerate(CASES):
        if not row.wrapper:
            running = request.getfixturevalue(server)
            name = f"upload.{number}.example"
            rows[name] = row
            hosts[name] = host({**running.settings, **filled(row.s3, running)}, **row.service)
    interval = 60
    slotd = start_slotd(settings(hosts, probe_interval=interval, probe_failures=1))

    def all_down():
        answer = slotd.get("/readyz")
        buckets = answer.json()["buckets"]
        return answer if all(bucket["status"] == "down" for bucket in buckets) else None

    answer = slotd.wait_until(all_down, interval)
    assert answer.status == 503
    buckets = answer.json()["buckets"]
    known = {name: bucket for bucket in buckets for name in bucket["hosts"]}
    for name, row in rows.items():
        trouble = known[name]["trouble"]
        assert trouble["code"] == row.code
        assert row.problem in trouble["problem"] and row.remedy in trouble["remedy"]
        sentence = f"{trouble['problem']}; {trouble['remedy']}"
        assert any(reason.endswith(f": {sentence}.") for reason in answer.json()["reasons"])
        assert sentence in slotd.output()


def test_a_probe_of_a_host_that_is_not_there(tmp_path):
    values = settings({"upload.example.org": host()})
    path = write_settings(values, tmp_path)
    done = command("probe", "--config", path, "--host", "a.example")
    assert done.returncode == 1
    assert done.stderr.startswith("There is no upload service a.example")


@pytest.mark.parametrize(
    "service",
    [
        {"max_file_size": 1},
        {"content_types": ["image/*"]},
        {"purposes": ["profile"]},
        {"purposes": ["ephemeral"]},
        {"sign_content_type": "always"},
        {"content_types": ["image/png"], "sign_content_type": "when_given"},
        {"access": ["nobody.example"]},
        {"key_layout": "user", "jid_key": "0123456789abcdef"},
    ],
    ids=str,
)
def test_a_probe_keeps_to_the_rules_of_its_service(rclone, tmp_path, service):
    status, _, said = probe(tmp_path, rclone.settings, **SIGNED, **service)
    assert (status, said) == (0, "")
