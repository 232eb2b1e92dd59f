"""Temporary keys that the stand-ins hand out, and a judge of the URLs that are signed with them."""

import itertools
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from unittest import mock
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from support.signatures import query, signature

REGION = "eu-west-1"


@dataclass(frozen=True)
class Session:
    """A key of the bucket, with an end in seconds since 1970, or without one."""

    access_key_id: str
    secret: str
    token: str
    expires_at: int | None

    @property
    def expiration(self) -> str:
        return datetime.fromtimestamp(self.expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def json(self) -> dict:
        """As the container endpoint and the metadata service write it."""
        return {
            "AccessKeyId": self.access_key_id,
            "SecretAccessKey": self.secret,
            "Token": self.token,
            "Expiration": self.expiration,
        }

    @property
    def xml(self) -> str:
        """As STS writes it."""
        return f"""<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>system:serviceaccount:xmpp:slotd</SubjectFromWebIdentityToken>
    <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/uploads/slotd</Arn></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>{self.access_key_id}</AccessKeyId>
      <SecretAccessKey>{self.secret}</SecretAccessKey>
      <SessionToken>{self.token}</SessionToken>
      <Expiration>{self.expiration}</Expiration>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>0b9a3c0e</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>
"""

    @cached_property
    def botocore(self) -> Credentials:
        return Credentials(self.access_key_id, self.secret, self.token or None)


class Sessions:
    """All keys that a test handed out."""

    _numbers = itertools.count(1)

    def __init__(self):
        self.all: dict[str, Session] = {}
        self._lock = threading.Lock()

    def new(self, seconds: int | None = None, token: bool = True) -> Session:
        """A key that no other test has, for so many seconds from now."""
        with self._lock:
            session = Session(
                f"ASIA{next(self._numbers):016d}",
                # The characters of base64 that a query must encode are in all of them.
                "/+" + secrets.token_urlsafe(28),
                f"IQoJ+/{secrets.token_urlsafe(200)}==" if token else "",
                None if seconds is None else int(time.time()) + seconds,
            )
            self.all[session.access_key_id] = session
            return session

    def of(self, url: str) -> Session:
        """The key that a URL names."""
        return self.all[query(url)["X-Amz-Credential"].split("/")[0]]

    def judge(self, put_url: str, size: int) -> Session:
        """Fails where a bucket would refuse the URL, or where it outlives its session."""
        session = self.of(put_url)
        fields = query(put_url)
        assert fields.get("X-Amz-Security-Token", "") == session.token
        assert fields["X-Amz-Signature"] == signature(session.secret, put_url, size), put_url
        if session.expires_at is not None:
            end = signed_at(put_url) + int(fields["X-Amz-Expires"])
            assert end <= session.expires_at, f"it outlives its session: {put_url}"
        return session


def signed_at(url: str) -> int:
    time = datetime.strptime(query(url)["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    return int(time.replace(tzinfo=UTC).timestamp())


def by_botocore(session: Session, url: str, size: int) -> dict[str, str]:
    """The query that botocore signs for the same request at the same time."""
    parts = urlsplit(url)
    fields = query(url)
    wanted = AWSRequest(
        "PUT",
        f"{parts.scheme}://{parts.netloc}{parts.path}",
        headers={"content-length": str(size)},
    )
    signer = botocore.auth.S3SigV4QueryAuth(
        session.botocore, "s3", REGION, expires=int(fields["X-Amz-Expires"])
    )
    now = datetime.strptime(fields["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    with mock.patch("botocore.auth.get_current_datetime", return_value=now):
        signer.add_auth(wanted)
    return query(wanted.url)
