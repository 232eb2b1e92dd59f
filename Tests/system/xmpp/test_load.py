"""Many at once: nobody waits for another's slow slot, there is a bound, and nothing is lost."""

import time

from services import STUB_TIMEOUT
from session import Session, error_of, slot_of, slot_request, tree
from test_discovery import INFO
from test_refusals import BUSY, NO_ANSWER

STUB = "upload.stub.test"


def burst(session, names, to=STUB) -> tuple[dict[str, float], dict]:
    """Asks for all slots at once; seconds to each answer, and the answers."""
    started = time.monotonic()
    pending = {session.request(slot_request(name, 1), to) for name in names}
    answers = session.all_answers(pending)
    return {number: at - started for number, (at, _) in answers.items()}, {
        number: answer for number, (_, answer) in answers.items()
    }


def last(took: dict[str, float]) -> str:
    return f"{max(took.values()) * 1000:.0f} ms"


def test_one_slow_slot_delays_only_its_own_stanza(server, capsys):
    session = server.session("nurse@stub.test")
    quick = [f"file {number}" for number in range(50)]
    alone, _ = burst(session, quick)

    hung_at = time.monotonic()
    hung = session.request(slot_request("hang", 1), STUB)
    beside, answers = burst(session, quick)
    for answer in answers.values():
        slot_of(answer)
    asked = time.monotonic()
    session.ask(INFO, STUB)
    disco = time.monotonic() - asked
    asked = time.monotonic()
    slot_of(server.session("romeo@one.test").ask_slot("upload.one.test", "a.bin", 1))
    elsewhere = time.monotonic() - asked
    assert time.monotonic() - hung_at < STUB_TIMEOUT, "all this while one call hangs"

    ((at, answer),) = session.all_answers({hung}).values()
    assert tree(error_of(answer)) == NO_ANSWER
    assert STUB_TIMEOUT - 0.1 < at - hung_at < STUB_TIMEOUT + 1
    with capsys.disabled():
        print(
            f"\n{server.software}: 50 slots in {last(alone)}, beside a hanging one {last(beside)}"
            f" and disco in {disco * 1000:.0f} ms, another's slot in {elsewhere * 1000:.0f} ms"
        )
    # Not a matter of speed: a slot that waited for the hanging one would take STUB_TIMEOUT.
    assert max(beside.values()) < STUB_TIMEOUT / 2 and disco < 1 and elsewhere < 1


def test_there_is_a_bound_of_calls_under_way(server):
    """The stub's service has max_requests = 60; the question what it is may be one of them."""
    session = server.session("nurse@stub.test")
    took, answers = burst(session, ["hang"] * 70)
    refused = {number for number, answer in answers.items() if tree(error_of(answer)) == BUSY}
    hung = {number for number, answer in answers.items() if tree(error_of(answer)) == NO_ANSWER}
    assert len(refused) in (10, 11) and len(refused) + len(hung) == 70
    assert max(took[number] for number in refused) < 1, "a refusal does not wait"
    slot_of(session.ask_slot(STUB, "a.bin", 1))


def test_a_client_that_leaves_takes_nothing_along(server):
    """Its slots are still under way when it goes; the next session is served as ever."""
    leaving = Session(server.port, "nurse@stub.test")
    for _ in range(20):
        leaving.request(slot_request("hang", 1), STUB)
    leaving.close()
    session = server.session("nurse@stub.test")
    took, answers = burst(session, ["a.bin"] * 20)
    for answer in answers.values():
        slot_of(answer)
    assert max(took.values()) < STUB_TIMEOUT / 2
    time.sleep(STUB_TIMEOUT + 0.5)
    assert len(burst(session, ["a.bin"] * 60)[1]) == 60


TOTAL, UNDER_WAY = 2000, 50


def rate(session, to) -> float:
    """Slots a second with 50 under way; every one must come, once, and be a slot."""
    request = slot_request("a.bin", 1)
    started = time.monotonic()
    pending = {session.request(request, to) for _ in range(UNDER_WAY)}
    for number in range(TOTAL):
        answer = session.receive_answer()
        pending.remove(answer.get("id"))
        slot_of(answer)
        if number < TOTAL - UNDER_WAY:
            pending.add(session.request(request, to))
    assert not pending
    return TOTAL / (time.monotonic() - started)


def test_two_thousand_slots(server, capsys):
    slotd = rate(server.session("romeo@one.test"), "upload.one.test")
    stub = rate(server.session("nurse@stub.test"), STUB)
    with capsys.disabled():
        print(
            f"\n{server.software}: {TOTAL} slots with {UNDER_WAY} under way: {slotd:.0f} a second,"
            f" and {stub:.0f} with a stub that does nothing"
        )
