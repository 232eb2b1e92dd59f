"""The S3 servers that are asked about: those that are not slotd's own."""

import pytest


@pytest.fixture(scope="session", params=["rclone", "swift"])
def s3_server(request):
    """Each S3 server in turn; what they enforce is known, and differs from the embedded bucket."""
    return request.getfixturevalue(request.param)
