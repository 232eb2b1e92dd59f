"""Fixtures: slotd, its stub, and the XMPP servers in front of them.

Each server has the same virtual hosts; `upload.HOST` is the upload service of each:

| one.test, two.test | slotd in front of a real S3 server, with different limits |
| stub.test          | the stub: late, broken and quota answers; a short timeout, a low bound |
| dead.test          | an address where nothing listens |
| gone.test          | a slotd that tests stop and start |
| unix.test          | slotd by its unix socket (ejabberd; Prosody's HTTP client cannot) |
| old.test           | ejabberd's own service_url |
"""

import shutil
import tempfile
from pathlib import Path

import pytest
from servers import Ejabberd, Prosody
from services import STUB_TIMEOUT, TOKEN, Service, Stub

from support.program import free_port


@pytest.fixture(scope="session")
def reachable_directory():
    """Makes directories that the servers' users can reach, which pytest's are not."""
    made = []

    def make(name: str) -> Path:
        made.append(Path(tempfile.mkdtemp(prefix=f"slotd-{name}-")))
        made[-1].chmod(0o755)
        return made[-1]

    yield make
    for path in made:
        shutil.rmtree(path)


@pytest.fixture(scope="session")
def slotd(reachable_directory):
    service = Service(reachable_directory("service"))
    yield service
    service.stop()


@pytest.fixture(scope="session")
def gone_slotd(reachable_directory):
    service = Service(reachable_directory("gone"))
    yield service
    service.stop()


@pytest.fixture(scope="session")
def stub(tmp_path_factory):
    program = Stub(tmp_path_factory.mktemp("stub"))
    yield program
    program.stop()


@pytest.fixture(scope="session")
def behind(slotd, stub, gone_slotd) -> dict:
    """Where each virtual host has its slotd."""
    real = {"url": slotd.url, "token": TOKEN}
    return {
        "one.test": real,
        "two.test": real,
        "stub.test": {"url": stub.url, "timeout": STUB_TIMEOUT, "max_requests": 60},
        "dead.test": {"url": f"http://127.0.0.1:{free_port()}", "token": TOKEN},
        "gone.test": {"url": gone_slotd.url, "token": TOKEN},
    }


@pytest.fixture(scope="session")
def ejabberd(behind, slotd, reachable_directory):
    more = {
        "unix.test": {"url": f"unix:{slotd.socket}", "token": TOKEN},
        "old.test": {"url": f"{slotd.url}/ejabberd/{TOKEN}", "built_in": True},
    }
    with Ejabberd({**behind, **more}, reachable_directory("ejabberd")) as server:
        yield server


@pytest.fixture(scope="session")
def prosody(behind, reachable_directory):
    with Prosody(behind, reachable_directory("prosody")) as server:
        yield server


@pytest.fixture(scope="session", params=["ejabberd", "prosody"])
def server(request):
    """Each XMPP server in turn."""
    return request.getfixturevalue(request.param)
