"""Fixtures: the stand-ins, and a slotd whose configuration holds no key."""

import pytest
from sessions import Sessions
from stand_ins import STS, Container, Metadata, running
from surroundings import keyless, surroundings

from support.slotd import Slotd


@pytest.fixture
def sessions():
    return Sessions()


@pytest.fixture
def start(start_slotd, sessions, tmp_path):
    """Starts a slotd in given surroundings; at the end no secret may stand in its log."""
    started = []

    def begin(environment: dict, values: dict | None = None) -> Slotd:
        started.append(start_slotd(values or keyless(), surroundings(tmp_path, environment)))
        return started[-1]

    yield begin
    for slotd in started:
        for session in sessions.all.values():
            assert session.secret not in slotd.output()
            assert not session.token or session.token not in slotd.output()


@pytest.fixture
def sts(sessions):
    with running(STS(sessions)) as stand_in:
        yield stand_in


@pytest.fixture
def container(sessions):
    with running(Container(sessions)) as stand_in:
        yield stand_in


@pytest.fixture
def metadata(sessions):
    with running(Metadata(sessions)) as stand_in:
        yield stand_in
