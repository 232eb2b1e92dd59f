"""What a bucket computes from a presigned PUT URL, quickly: a judge for very many of them."""

import hashlib
import hmac
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


@lru_cache
def _key(secret: str, day: str, region: str) -> bytes:
    key = ("AWS4" + secret).encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def signature(secret: str, url: str, size: int) -> str:
    """The signature of the request that the URL makes, with a file of so many bytes."""
    parts = urlsplit(url)
    fields = query(url)
    canonical = sorted(
        pair for pair in parts.query.split("&") if not pair.startswith("X-Amz-Signature=")
    )
    request = "\n".join(
        [
            *("PUT", parts.path, "&".join(canonical)),
            *(f"content-length:{size}", f"host:{parts.netloc}", ""),
            *("content-length;host", "UNSIGNED-PAYLOAD"),
        ]
    )
    day, region = fields["X-Amz-Credential"].split("/")[1:3]
    text = "\n".join(
        [
            *("AWS4-HMAC-SHA256", fields["X-Amz-Date"], f"{day}/{region}/s3/aws4_request"),
            hashlib.sha256(request.encode()).hexdigest(),
        ]
    )
    return hmac.new(_key(secret, day, region), text.encode(), "sha256").hexdigest()
