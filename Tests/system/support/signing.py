"""botocore's signatures, which slotd has no part in, for any time of day."""

from datetime import UTC, datetime
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def _sign(auth, request: AWSRequest, at: datetime) -> AWSRequest:
    time = at.astimezone(UTC).replace(tzinfo=None)
    with mock.patch("botocore.auth.get_current_datetime", return_value=time):
        auth.add_auth(request)
    return request


def presigned(
    credentials: Credentials,
    region: str,
    method: str,
    url: str,
    fields: dict,
    *,
    expires: int = 60,
    at: datetime | None = None,
) -> str:
    """The URL for a request with these fields, all of them signed; signed now, or at that time."""
    auth = botocore.auth.S3SigV4QueryAuth(credentials, "s3", region, expires=expires)
    return _sign(auth, AWSRequest(method, url, headers=fields), at or datetime.now(UTC)).url


def authorized(
    credentials: Credentials,
    region: str,
    method: str,
    url: str,
    fields: dict,
    body: bytes = b"",
    *,
    at: datetime | None = None,
) -> dict:
    """The fields of a request that is signed in its head, these among them."""
    auth = botocore.auth.S3SigV4Auth(credentials, "s3", region)
    request = AWSRequest(method, url, headers=fields, data=body)
    return dict(_sign(auth, request, at or datetime.now(UTC)).headers)
