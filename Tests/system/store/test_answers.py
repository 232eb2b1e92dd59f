"""What buckets answer that do not run here, and the sentence that the operator gets."""

import pytest
from probing import SIGNED, probe

from support.standins import always, answering, s3_error

# Status, code, message, and what problem and remedy say.
CODES = [
    (
        *(400, "AccessControlListNotSupported", "The bucket does not allow ACLs"),
        *("has ACLs switched off", "set s3.add_acl = false, and let everyone read with the policy"),
    ),
    (
        *(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set"),
        *("has ACLs switched off", "set s3.add_acl = false, and let everyone read with the policy"),
    ),
    (
        *(403, "SignatureDoesNotMatch", "The request signature does not match"),
        *(
            "computes another signature",
            "s3.secret_access_key; if they are right, correct",
        ),
    ),
    (
        *(403, "InvalidAccessKeyId", "The key does not exist in our records"),
        *("does not know the access key AKIA…", "correct s3.access_key_id, or make a new key"),
    ),
    (
        *(400, "ExpiredToken", "The provided token has expired."),
        *("session of the temporary access key AKIA… has ended", "renew key and session token"),
    ),
    (
        *(400, "InvalidToken", "The provided token is malformed"),
        *("does not belong to the access key AKIA…", "correct s3.session_token, or remove it"),
    ),
    (
        *(400, "AuthorizationHeaderMalformed", "the region is wrong; expecting 'eu-west-3'"),
        *("is in the region eu-west-3 and not in eu-west-1", 'set s3.region = "eu-west-3"'),
    ),
    (
        *(301, "PermanentRedirect", "The bucket must be addressed using another endpoint"),
        *("the bucket is not at http", "set s3.bucket_url to where the bucket is"),
    ),
    (
        *(403, "RequestTimeTooSkewed", "The difference is too large."),
        *("came at the wrong time", "compare this machine's clock and the bucket's"),
    ),
    (
        *(403, "AccessDenied", "Request is not yet valid"),
        *("came at the wrong time", "compare this machine's clock and the bucket's"),
    ),
    (
        *(403, "AccessDenied", "Request has expired"),
        *("came at the wrong time", "see whether expiration_time is long enough"),
    ),
    (
        *(403, "AccessDenied", "Access Denied"),
        *("may not upload to http", "allow it s3:PutObject"),
    ),
    (
        *(501, "NotImplemented", "A header you provided implies functionality"),
        *("does not know something that was sent along", "no proxy adds x-amz- fields"),
    ),
    (
        *(400, "MalformedSecurityHeader", "Your request has a malformed header."),
        *("does not know something that was sent along", "no proxy adds x-amz- fields"),
    ),
    (
        *(411, "MissingContentLength", "You must provide the Content-Length header."),
        *("came without its length", "which proxy between slotd and the bucket makes it a chunked"),
    ),
    (
        *(503, "SlowDown", "Please reduce your request rate."),
        *("takes no more requests for now (SlowDown)", "wait, and raise its limits"),
    ),
    (
        *(507, "XMinioStorageFull", "Storage backend has reached its limit"),
        *("no room left", "give it more, or have old files deleted"),
    ),
    (
        *(403, "QuotaExceeded", "The quota set for the bucket has been exceeded"),
        *("no room left", "give it more, or have old files deleted"),
    ),
]


@pytest.mark.parametrize(
    "status, code, message, problem, remedy", CODES, ids=[f"{row[1]} {row[2]}" for row in CODES]
)
def test_each_code_has_its_sentence(tmp_path, status, code, message, problem, remedy):
    with answering(always(status, s3_error(code, message))) as url:
        ended, result, said = probe(tmp_path, {"bucket_url": f"{url}/uploads"}, **SIGNED)
    assert ended == 1
    trouble = result["trouble"]
    assert trouble["code"] == code
    assert problem in trouble["problem"] and remedy in trouble["remedy"]
    assert said == f"upload.@HOST@: {trouble['problem']}; {trouble['remedy']}\n"


@pytest.mark.parametrize("code", ["NotImplemented", "MalformedSecurityHeader"])
def test_an_acl_that_the_server_does_not_know(tmp_path, code):
    with answering(always(400, s3_error(code))) as url:
        s3 = {"bucket_url": f"{url}/uploads", "add_acl": True}
        _, result, _ = probe(tmp_path, s3)
    assert "does not know the ACL" in result["trouble"]["problem"]
    assert result["trouble"]["remedy"] == "set s3.add_acl = false"


@pytest.mark.parametrize(
    "service, problem, remedy",
    [
        ({}, "uploads work, but readers cannot read them", "let everyone read the files"),
        (SIGNED, "may not read what it has uploaded", "allow it s3:GetObject"),
    ],
)
def test_access_denied_to_readers_only(tmp_path, service, problem, remedy):
    def respond(method, *_):
        return (403, {}, s3_error("AccessDenied", "Access Denied")) if method == "GET" else OK

    with answering(respond) as url:
        _, result, _ = probe(tmp_path, {"bucket_url": f"{url}/uploads"}, **service)
    assert problem in result["trouble"]["problem"] and remedy in result["trouble"]["remedy"]


OK = (200, {}, b"")

# Answers that are not S3's own: the name that they get, and what the problem says.
ANSWERS = [
    (503, b"busy", {}, "http-503", "no more requests for now (503)"),
    (307, b"", {"Location": "http://127.0.0.1:1/x?y"}, "http-307", "on to http://127.0.0.1:1/x"),
    (413, b"<html>", {}, "http-413", "takes no file of that size"),
    (405, b"<html>", {}, "http-405", "takes no uploads"),
    (411, b"<html>", {}, "http-411", "without its length"),
    (502, b"<html>", {}, "http-502", "failed with 502"),
    (200, b"", {}, "other-bytes", "not what was uploaded"),
    (
        *(301, s3_error("PermanentRedirect", "…", Endpoint="bucket.s3-eu-west-1.amazonaws.com")),
        *({"x-amz-bucket-region": "eu-west-1"}, "PermanentRedirect", "bucket.s3-eu-west-1"),
    ),
    (
        *(400, s3_error("AuthorizationHeaderMalformed", "…", Region="eu-west-3"), {}),
        *("AuthorizationHeaderMalformed", "is in the region eu-west-3"),
    ),
]


@pytest.mark.parametrize(
    "status, body, fields, code, problem", ANSWERS, ids=[f"{row[3]} {row[0]}" for row in ANSWERS]
)
def test_each_answer_has_its_sentence(tmp_path, status, body, fields, code, problem):
    with answering(always(status, body, **fields)) as url:
        ended, result, _ = probe(tmp_path, {"bucket_url": f"{url}/uploads"}, **SIGNED)
    assert ended == 1
    assert result["trouble"]["code"] == code
    assert problem in result["trouble"]["problem"]
    assert result["trouble"]["remedy"]
