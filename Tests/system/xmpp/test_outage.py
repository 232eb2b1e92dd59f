"""slotd goes and comes back behind a running server."""

import time

from session import error_of, slot_of, tree
from test_discovery import settled
from test_refusals import NO_ANSWER

USER, SERVICE = "paris@gone.test", "upload.gone.test"


def test_slotd_goes_and_comes_back(server, gone_slotd):
    session = server.session(USER)
    known = settled(session, SERVICE)
    assert known[2] == "77"
    slot_of(session.ask_slot(SERVICE, "a.bin", 1))

    gone_slotd.stop()
    started = time.monotonic()
    assert tree(error_of(session.ask_slot(SERVICE, "a.bin", 1))) == NO_ANSWER
    assert time.monotonic() - started < 1, "a refused connection is known at once"
    assert settled(session, SERVICE) == known, "what slotd last said stays"

    gone_slotd.start()
    slot_of(session.ask_slot(SERVICE, "a.bin", 1))
