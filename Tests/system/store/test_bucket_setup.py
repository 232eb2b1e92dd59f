"""The documents that a bucket needs, and giving it those that S3's interface takes."""

import base64
import hashlib
import json
import xml.etree.ElementTree as ElementTree

import pytest

from support.slotd import command, host, settings, write_settings
from support.standins import answering, s3_error

S3 = "{http://s3.amazonaws.com/doc/2006-03-01/}"
KEPT = {"key_layout": "user", "jid_key": "0123456789abcdef", "retention": {"message": "30d"}}
NONE = {
    "policy": "NoSuchBucketPolicy",
    "cors": "NoSuchCORSConfiguration",
    "lifecycle": "NoSuchLifecycleConfiguration",
}


def setup(directory, hosts, *arguments):
    path = write_settings(settings(hosts), directory)
    return command("bucket", "setup", "--config", path, *arguments, environment={"NO_PROXY": "*"})


def documents(done) -> dict:
    """What was printed, by the heading."""
    parts = done.stdout.split("\n# ")
    parts[0] = parts[0].removeprefix("# ")
    return dict(part.split("\n", 1) for part in parts)


def printed(directory, hosts, *arguments):
    done = setup(directory, hosts, "--print", *arguments)
    assert done.returncode == 0
    found = {}
    for heading, text in documents(done).items():
        kind = next(
            kind for kind in ("access key", "policy", "CORS", "Lifecycle") if kind in heading
        )
        is_json = kind in ("access key", "policy")
        found[kind] = json.loads(text) if is_json else ElementTree.fromstring(text.strip())
    return found


def test_the_least_that_is_needed(tmp_path):
    found = printed(tmp_path, {"upload.@HOST@": host(get="presigned")})
    assert set(found) == {"access key"}
    actions = {row["Action"]: row["Resource"] for row in found["access key"]["Statement"]}
    assert actions == {
        "s3:PutObject": ["arn:aws:s3:::mybucket/*"],
        "s3:GetObject": ["arn:aws:s3:::mybucket/*"],
        "s3:DeleteObject": [
            "arn:aws:s3:::mybucket/*/slotd-probe.txt",
            "arn:aws:s3:::mybucket/slotd-doctor-*",
        ],
    }


def test_public_reading_is_for_the_prefix_only(tmp_path):
    s3 = {"bucket_url": "https://mybucket.s3.eu-west-1.amazonaws.com/custom/pre%20fix"}
    found = printed(tmp_path, {"upload.@HOST@": host(s3)})
    [statement] = found["policy"]["Statement"]
    assert statement["Principal"] == "*" and statement["Action"] == "s3:GetObject"
    assert statement["Resource"] == ["arn:aws:s3:::mybucket/custom/pre fix/*"]
    key = {row["Action"] for row in found["access key"]["Statement"]}
    assert key == {"s3:PutObject", "s3:DeleteObject"}, "others read, the key need not"


@pytest.mark.parametrize(
    "s3, service",
    [({}, {"get": "presigned"}), ({"download_url": "https://cdn.example.org"}, {})],
)
def test_no_public_policy_where_files_are_read_in_another_way(tmp_path, s3, service):
    assert "policy" not in printed(tmp_path, {"upload.@HOST@": host(s3, **service)})


def test_cors_rules(tmp_path):
    origins = ["https://chat.example.org", "https://web.example.org:8443"]
    arguments = [word for origin in origins for word in ("--origin", origin)]
    rules = printed(tmp_path, {"upload.@HOST@": host()}, *arguments)["CORS"]
    upload, download = rules.findall(f"{S3}CORSRule")
    assert [entry.text for entry in upload.findall(f"{S3}AllowedOrigin")] == origins
    assert upload.find(f"{S3}AllowedMethod").text == "PUT"
    assert upload.find(f"{S3}AllowedHeader").text == "content-type"
    methods = [entry.text for entry in download.findall(f"{S3}AllowedMethod")]
    assert methods == ["GET", "HEAD"]


def test_a_lifecycle_rule_for_each_purpose_that_is_not_kept_for_ever(tmp_path):
    retention = {"message": "30d", "profile": "365d"}
    s3 = {"bucket_url": "https://s3-eu-west-1.amazonaws.com/mybucket/xmpp"}
    hosts = {"upload.@HOST@": host(s3, **{**KEPT, "retention": retention})}
    rules = printed(tmp_path, hosts)["Lifecycle"].findall(f"{S3}Rule")
    found = {
        rule.find(f"{S3}Filter/{S3}Prefix").text: rule.find(f"{S3}Expiration/{S3}Days").text
        for rule in rules
    }
    assert found == {"xmpp/message/": "30", "xmpp/profile/": "365"}
    assert all(rule.find(f"{S3}Status").text == "Enabled" for rule in rules)


def test_services_that_share_a_bucket_share_its_documents(tmp_path):
    base = "https://s3-eu-west-1.amazonaws.com/mybucket"
    hosts = {
        "upload.a.example": host({"bucket_url": f"{base}/a"}),
        "upload.b.example": host({"bucket_url": f"{base}/b"}, get="presigned"),
    }
    done = setup(tmp_path, hosts, "--print")
    assert done.stdout.count("# mybucket: Policy for the access key") == 1
    [statement] = printed(tmp_path, hosts)["policy"]["Statement"]
    assert statement["Resource"] == ["arn:aws:s3:::mybucket/a/*"]


class Bucket:
    """A bucket's settings, checked as S3 checks them."""

    def __init__(self):
        self.settings = {}

    def __call__(self, method, target, fields, body):
        path, _, query = target.partition("?")
        name = query.removesuffix("=")
        assert path == "/mybucket" and name in NONE, target
        assert fields["authorization"].startswith("AWS4-HMAC-SHA256 ")
        digest = hashlib.sha256(body).hexdigest()
        assert fields["x-amz-content-sha256"] == digest
        if method == "PUT":
            assert fields["content-md5"] == base64.b64encode(hashlib.md5(body).digest()).decode()
            self.settings[name] = body
            return 200, {}, b""
        if name not in self.settings:
            return 404, {}, s3_error(NONE[name])
        return 200, {}, self.settings[name]


@pytest.fixture
def bucket():
    bucket = Bucket()
    with answering(bucket) as url:
        bucket.hosts = {"upload.@HOST@": host({"bucket_url": f"{url}/mybucket"}, **KEPT)}
        yield bucket


APPLY = ("--apply", "--origin", "https://chat.example.org")


def test_apply_gives_the_bucket_what_it_lacks(tmp_path, bucket):
    done = setup(tmp_path, bucket.hosts, *APPLY)
    assert done.returncode == 0, done.stderr
    assert set(bucket.settings) == {"policy", "cors", "lifecycle"}
    for name, document in bucket.settings.items():
        assert document.decode() in done.stdout, "what is changed is shown"
        assert f"mybucket: {name} is set." in done.stdout
    again = setup(tmp_path, bucket.hosts, *APPLY)
    assert again.returncode == 0
    assert again.stdout.count("is as it should be") == 3 and "is set" not in again.stdout


def test_apply_knows_its_own_documents_however_they_are_laid_out(tmp_path, bucket):
    setup(tmp_path, bucket.hosts, *APPLY)
    rules = ElementTree.fromstring(bucket.settings["lifecycle"])
    ElementTree.indent(rules, "\t")
    bucket.settings["lifecycle"] = ElementTree.tostring(rules)
    policy = json.loads(bucket.settings["policy"])
    bucket.settings["policy"] = json.dumps(policy, separators=(",", ":")).encode()
    assert setup(tmp_path, bucket.hosts, *APPLY).stdout.count("is as it should be") == 3


def test_apply_replaces_nothing_unasked(tmp_path, bucket):
    theirs = b"<LifecycleConfiguration><Rule><ID>theirs</ID></Rule></LifecycleConfiguration>"
    bucket.settings["lifecycle"] = theirs
    done = setup(tmp_path, bucket.hosts, *APPLY)
    assert done.returncode == 1
    assert bucket.settings["lifecycle"] == theirs and theirs.decode() in done.stdout
    assert "merge the two by hand, or replace it with --replace" in done.stderr
    assert setup(tmp_path, bucket.hosts, *APPLY, "--replace").returncode == 0
    assert bucket.settings["lifecycle"] != theirs


@pytest.mark.parametrize(
    "server, settable",
    [("rclone", set()), ("swift", set()), ("embedded", {"cors"})],
)
def test_a_server_takes_the_settings_that_it_has(tmp_path, request, server, settable):
    hosts = {"upload.@HOST@": host(request.getfixturevalue(server).settings, **KEPT)}
    done = setup(tmp_path, hosts, *APPLY, "--replace")
    assert done.returncode == 1
    for setting in NONE:
        lacks = f"uploads: {setting} cannot be set (the server has no such setting)"
        assert (lacks in done.stderr) is (setting not in settable)
        assert (f"uploads: {setting} is set." in done.stdout) is (setting in settable)


def test_what_to_do_must_be_said(tmp_path):
    assert setup(tmp_path, {"upload.@HOST@": host()}).returncode == 64
