"""The doctor's table, row by row, against what is known of each server."""

import re

import pytest
from probing import doctor, examined

from support.s3 import BUCKET
from support.slotd import command, embedded_settings, host, settings, write_settings
from support.standins import answering, certificate, s3_error

ORIGIN = "https://chat.example.org"


# What is known of each server where GET URLs are signed: the row, its verdict and what is seen, of
# all servers or of those that are named.
ROWS = [
    ("upload", "ok", "comes back the same and can be deleted"),
    ("clock", "ok", "differs by"),
    ("TLS", "note", "nothing leaves this machine"),
    ("IPv6", "note", "clients need IPv4"),
    ("right to list", "note", "can list the bucket, which slots do not need"),
    ("right to delete", "note", "can delete users' files, which slots do not need"),
    ("status of uploads", "note", "200, where XEP-0363 has 201"),
    ("size", "ok", "a byte larger than signed is refused (403 SignatureDoesNotMatch)"),
    ("expired URL", "ok", "has ended is refused (400 AccessDenied)", "rclone"),
    ("expired URL", "ok", "has ended is refused (403 AccessDenied)", "swift", "embedded"),
    ("changed URL", "ok", "wrong signature is refused (403 SignatureDoesNotMatch)"),
    ("content type", "ok", "another type than signed is refused (403 SignatureDoesNotMatch)"),
    ("ACL", "note", "x-amz-acl in the query is ignored", "rclone", "swift"),
    ("ACL", "note", "makes no difference: all can read anyway", "embedded"),
    ("names", "ok", "all of 14 unusual file names work"),
    ("region", "note", "any region is taken", "rclone"),
    ("region", "ok", "us-east-1 is right, and another is refused (400", "swift"),
    ("region", "ok", "local is right, and another is refused (400", "embedded"),
    ("addressing", "ok", "path style works; the other has no name here"),
    ("anonymous reading", "ok", "as it should be with signed URLs", "rclone", "swift"),
    ("anonymous reading", "warning", "can read without a signature", "embedded"),
    (f"CORS {ORIGIN}", "bad", "web clients may not upload (403", "rclone"),
    (f"CORS {ORIGIN}", "bad", "web clients may not upload (405 MethodNotAllowed)", "swift"),
    (f"CORS {ORIGIN}", "ok", "web clients may upload", "embedded"),
]
SERVERS = ["rclone", "swift", "embedded"]


@pytest.fixture(scope="module")
def signed(request, tmp_path_factory):
    """What the doctor finds where GET URLs are signed."""
    found = {}

    def examine(name):
        if name not in found:
            server = request.getfixturevalue(name)
            found[name] = doctor(
                tmp_path_factory.mktemp(name), server.settings, "--origin", ORIGIN, get="presigned"
            )
        return found[name]

    return examine


@pytest.mark.parametrize(
    "server, check, verdict, seen",
    [(server, *row[:3]) for row in ROWS for server in row[3:] or SERVERS],
    ids=lambda value: value if value in SERVERS or value in {row[0] for row in ROWS} else "",
)
def test_a_row(signed, server, check, verdict, seen):
    _, rows = signed(server)
    assert rows[check]["verdict"] == verdict
    assert seen in rows[check]["seen"]


@pytest.mark.parametrize("server, status", [("rclone", 1), ("swift", 1), ("embedded", 0)])
def test_there_is_no_other_row(signed, server, status):
    ended, rows = signed(server)
    assert list(rows) == list(dict.fromkeys(row[0] for row in ROWS))
    assert ended == status, "1 where a row is bad, and CORS is"


def test_it_cleans_up_after_itself(s3_server, tmp_path):
    def keys():
        listed = s3_server.client().list_objects_v2(Bucket=BUCKET)
        return {entry["Key"] for entry in listed.get("Contents", [])}

    before = keys()
    doctor(tmp_path, s3_server.settings, get="presigned")
    assert keys() == before


def test_nothing_bad_ends_with_0(rclone, tmp_path):
    status, rows = doctor(tmp_path, rclone.settings, get="presigned")
    assert status == 0
    assert rows["CORS"]["verdict"] == "skipped" and "--origin" in rows["CORS"]["remedy"]


@pytest.mark.parametrize("server", ["rclone", "swift"])
def test_files_that_nobody_can_read(request, server, tmp_path):
    status, rows = doctor(tmp_path, request.getfixturevalue(server).settings)
    assert status == 1
    for check in ("upload", "anonymous reading"):
        assert rows[check]["verdict"] == "bad"
        assert 'get = "presigned"' in rows[check]["remedy"]


@pytest.mark.parametrize(
    "anonymous_get, get, verdict, remedy",
    [
        (True, "public", "ok", None),
        (True, "presigned", "warning", "set embedded.anonymous_get = false"),
        (False, "public", "bad", "set embedded.anonymous_get = true"),
        (False, "presigned", "ok", None),
    ],
)
def test_the_embedded_bucket_by_its_own_settings(
    start_slotd, tmp_path, anonymous_get, get, verdict, remedy
):
    values = embedded_settings(tmp_path, anonymous_get=anonymous_get)
    values["hosts"]["upload.@HOST@"]["get"] = get
    slotd = start_slotd(values)
    status, rows = examined(slotd.configuration)
    row = rows["anonymous reading"]
    assert row["verdict"] == verdict and (remedy or "") in row.get("remedy", "")
    assert rows["rights"]["verdict"] == "ok", "there is no policy that could take any away"
    assert status == (verdict == "bad")
    done = command("probe", "--config", slotd.configuration, environment={"NO_PROXY": "*"})
    assert done.returncode == status
    assert bool(done.stderr) == bool(status) and (not status or remedy in done.stderr)


@pytest.mark.parametrize(
    "server, url, seen",
    [
        ("swift", "http://s3.localhost:{port}/uploads", "both styles work; path is configured"),
        (
            *("swift", "http://uploads.s3.localhost:{port}"),
            "both styles work; virtual host is configured",
        ),
        (
            *("rclone", "http://localhost:{port}/uploads"),
            "path style works, virtual host style does not (404 NoSuchBucket)",
        ),
    ],
)
def test_addressing(request, tmp_path, server, url, seen):
    running = request.getfixturevalue(server)
    port = running.endpoint.rpartition(":")[2]
    s3 = {**running.settings, "bucket_url": url.format(port=port)}
    status, rows = doctor(tmp_path, s3, get="presigned")
    assert status == 0
    assert (rows["addressing"]["verdict"], rows["addressing"]["seen"]) == ("ok", seen)


@pytest.mark.parametrize(
    "days, verdict, seen",
    [
        (30, "ok", "the certificate is good for another (29|30) days"),
        (5, "warning", "the certificate ends in (4|5) days"),
    ],
)
def test_days_that_a_certificate_has_left(tmp_path, days, verdict, seen):
    pem = certificate(tmp_path, days=days)
    with answering(Careless(), pem) as url:
        s3 = {"bucket_url": f"{url}/uploads", "ca_file": f"{pem}.crt"}
        _, rows = doctor(tmp_path, s3, get="presigned")
    assert rows["TLS"]["verdict"] == verdict and re.fullmatch(seen, rows["TLS"]["seen"])
    assert rows["upload"]["verdict"] == "ok"


def test_an_unknown_authority(tmp_path):
    with answering(Careless(), certificate(tmp_path)) as url:
        status, rows = doctor(tmp_path, {"bucket_url": f"{url}/uploads"}, get="presigned")
    assert status == 1
    for check in ("upload", "TLS"):
        assert rows[check]["verdict"] == "bad" and "ca_file" in rows[check]["remedy"]


def test_an_access_key_with_the_least_rights(tmp_path):
    def respond(method, target, fields, body):
        path, _, query = target.partition("?")
        is_own = "/uploads/slotd-doctor-" in path or path.endswith("/slotd-probe.txt")
        if "list-type=2" in query or (method == "DELETE" and not is_own):
            return 403, {}, s3_error("AccessDenied", "Access Denied")
        return careless(method, target, fields, body)

    careless = Careless()
    with answering(respond) as url:
        _, rows = doctor(tmp_path, {"bucket_url": f"{url}/uploads"}, get="presigned")
    for check in ("right to list", "right to delete"):
        assert rows[check]["verdict"] == "ok" and "and need not" in rows[check]["seen"]
    assert careless.objects == {}, "what it needs it has"


def test_an_acl_that_has_no_effect(rclone, tmp_path):
    s3 = {**rclone.settings, "add_acl": True, "download_url": rclone.downloads}
    _, rows = doctor(tmp_path, s3)
    assert rows["ACL"]["verdict"] == "bad" and "s3.add_acl = false" in rows["ACL"]["remedy"]
    assert rows["anonymous reading"]["verdict"] == "ok", "readers go through download_url"


def test_nothing_is_tried_where_the_first_upload_fails(s3_server, tmp_path):
    s3 = {**s3_server.settings, "secret_access_key": "x" * 40}
    status, rows = doctor(tmp_path, s3, get="presigned")
    assert status == 1 and rows["upload"]["verdict"] == "bad"
    skipped = {check for check, row in rows.items() if row["verdict"] == "skipped"}
    assert {"size", "expired URL", "names", "ACL", "anonymous reading"} <= skipped
    assert {"right to list", "right to delete"} <= skipped


class Careless:
    """A server that takes everything, from everyone."""

    def __init__(self):
        self.objects = {}
        self.preflight = {}

    def __call__(self, method, target, fields, body):
        path = target.partition("?")[0]
        if method == "OPTIONS":
            return 200, self.preflight, b""
        if method == "PUT":
            self.objects[path] = body
            return 201, {}, b""
        if method == "DELETE":
            self.objects.pop(path, None)
            return 204, {}, b""
        return (200, {}, self.objects[path]) if path in self.objects else (404, {}, b"")


ALLOWED = {
    "Access-Control-Allow-Origin": ORIGIN,
    "Access-Control-Allow-Methods": "GET, PUT",
    "Access-Control-Allow-Headers": "Content-Type",
}


@pytest.fixture
def careless():
    server = Careless()
    with answering(server) as url:
        server.s3 = {"bucket_url": f"{url}/uploads"}
        yield server
    assert server.objects == {}, "the doctor leaves nothing behind"


@pytest.mark.parametrize(
    "check, verdict, seen",
    [
        ("size", "warning", "is taken (201)"),
        ("expired URL", "bad", "is taken (201)"),
        ("changed URL", "bad", "is taken (201)"),
        ("content type", "note", "is taken (201)"),
        ("ACL", "note", "all can read anyway"),
        ("region", "note", "any region is taken"),
        ("status of uploads", "ok", "201, as XEP-0363 has it"),
        ("anonymous reading", "warning", "everyone can read without a signature"),
    ],
)
def test_a_server_that_enforces_nothing(careless, tmp_path, check, verdict, seen):
    status, rows = doctor(tmp_path, careless.s3, get="presigned")
    assert status == 1
    assert rows[check]["verdict"] == verdict and seen in rows[check]["seen"]


@pytest.mark.parametrize(
    "missing, seen",
    [
        (None, "web clients may upload"),
        ("Access-Control-Allow-Origin", "lacks its origin"),
        ("Access-Control-Allow-Methods", "lacks the method PUT"),
        ("Access-Control-Allow-Headers", "lacks the field content-type"),
    ],
)
def test_a_preflight(careless, tmp_path, missing, seen):
    careless.preflight = {name: value for name, value in ALLOWED.items() if name != missing}
    _, rows = doctor(tmp_path, careless.s3, "--origin", ORIGIN, get="presigned")
    row = rows[f"CORS {ORIGIN}"]
    assert row["verdict"] == ("bad" if missing else "ok") and seen in row["seen"]


def test_each_origin_has_its_row(careless, tmp_path):
    careless.preflight = ALLOWED
    other = "https://other.example.org"
    _, rows = doctor(tmp_path, careless.s3, "--origin", ORIGIN, "--origin", other, get="presigned")
    assert rows[f"CORS {ORIGIN}"]["verdict"] == "ok"
    assert rows[f"CORS {other}"]["verdict"] == "bad"


def test_the_table_for_people(careless, tmp_path):
    values = settings({"upload.@HOST@": host(careless.s3, get="presigned")})
    path = write_settings(values, tmp_path)
    done = command("doctor", "--config", path, environment={"NO_PROXY": "*"})
    assert done.returncode == 1
    first, *rows = done.stdout.splitlines()
    assert first == f"upload.@HOST@ at {careless.s3['bucket_url']}"
    assert any("changed URL" in row and "bad" in row for row in rows)
    assert any(row.strip().startswith("→ this back end checks no signatures") for row in rows)
