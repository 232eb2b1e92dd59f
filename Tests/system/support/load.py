"""Good traffic at a steady rate, with every answer judged.

It comes from a process of its own: whatever else a test does at the time must not make it slow.
"""

import multiprocessing
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from support.exchange import Answer, Connection, Unanswered
from support.metrics import key, parse
from support.signatures import query, signature
from support.slotd import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from support.slots import DIALECTS, FIELDS, ask

# Keys that the configuration under load may have, and their secrets.
SECRETS = {ACCESS_KEY_ID: SECRET_ACCESS_KEY, "AKIAIOSFODNN8EXAMPLE": "another/secret+of/the+tests"}
# What is asked for, in turn: mostly slots.
TURNS = [*list(DIALECTS) * 6, "metrics", "readyz"]


@dataclass
class Tally:
    """What came of a load."""

    answered: Counter = field(default_factory=Counter)
    # Requests on a kept connection that had ended, which were asked again on a new one.
    again: int = 0
    lost: list[str] = field(default_factory=list)
    # From when each request was due to the end of its answer, whatever held it up.
    milliseconds: list[float] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.answered + other.answered,
            self.again + other.again,
            self.lost + other.lost,
            self.milliseconds + other.milliseconds,
        )

    def percentile(self, percent: float) -> float:
        """Milliseconds that so many percent of the requests did not exceed."""
        return sorted(self.milliseconds)[int((len(self.milliseconds) - 1) * percent / 100)]

    def __str__(self) -> str:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(self.answered.items()))
        times = ", ".join(f"p{each} {self.percentile(each):.1f} ms" for each in (50, 99, 100))
        return f"{kinds}; {len(self.lost)} lost, {self.again} asked again; {times}"


class Client:
    """Asks as a running slotd is asked, on a connection that is kept or on a new one each time."""

    def __init__(self, address: str, keeps: bool):
        self.address, self.keeps = address, keeps
        self.kept: Connection | None = None
        self.again = 0

    def get(self, target: str, **fields) -> Answer:
        return self.ask("GET", target, **fields)

    def ask(self, method: str, target: str, body=None, **fields) -> Answer:
        if self.kept:
            try:
                return self._ask(method, target, body, **fields)
            except (Unanswered, ConnectionError):
                # A server may end a connection that is idle, and its client notice too late: it
                # asks again (RFC 9112 section 9.3.1). On a new connection that is a loss.
                self.close()
                self.again += 1
        self.kept = Connection(self.address)
        return self._ask(method, target, body, **fields)

    def _ask(self, method: str, target: str, body, **fields) -> Answer:
        answer = self.kept.ask(method, target, body, **fields)
        if not self.keeps or answer.fields.get("connection") == "close":
            self.close()
        return answer

    def close(self):
        if self.kept:
            self.kept.socket.close()
        self.kept = None


def judged_slot(client: Client, dialect: str, name: str) -> str:
    """Asks for a slot, fails where a bucket would not take its URL; the token in it."""
    slot = ask(client, dialect, filename=name)
    put = urlsplit(slot.put)
    *_, token, last = put.path.split("/")
    assert last == name, f"asked for {name}: {slot.put}"
    assert urlsplit(slot.get).path == put.path, (slot.put, slot.get)
    fields = query(slot.put)
    secret = SECRETS[fields["X-Amz-Credential"].split("/")[0]]
    assert fields["X-Amz-Signature"] == signature(secret, slot.put, FIELDS["size"]), slot.put
    return token


def judge(client: Client, turn: str, name: str, tokens: set[str]):
    """One request and its answer; `tokens` are those that came before."""
    if turn == "metrics":
        answer = client.get("/metrics")
        assert answer.status == 200 and key("slotd_http_connections") in parse(answer.text), answer
    elif turn == "readyz":
        answer = client.get("/readyz")
        assert answer.status == 200 and answer.json()["ready"] is True, answer
    else:
        token = judged_slot(client, turn, name)
        assert token not in tokens, f"twice: {token}"
        tokens.add(token)


def run_client(address: str, number: int, clients: int, rate: float, tokens, ended, tally: Tally):
    """Every second client keeps its connection."""
    client = Client(address, keeps=number % 2 == 0)
    begun = time.monotonic() + number / rate
    for turn in count():
        due = begun + turn * clients / rate
        if ended.wait(max(due - time.monotonic(), 0)):
            break
        kind = TURNS[(turn + number) % len(TURNS)]
        try:
            judge(client, kind, f"{number}-{turn}.jpg", tokens)
            tally.answered[kind] += 1
            tally.milliseconds.append((time.monotonic() - due) * 1000)
        except Exception as error:
            client.close()
            tally.lost.append(f"{kind}: {error!r}")
    client.close()
    tally.again = client.again


def run_clients(address: str, clients: int, rate: float, control):
    """The process: runs until `control` says something, or closes, and answers with the tally."""
    ended = threading.Event()
    shared = (set(), ended)
    tallies = [Tally() for _ in range(clients)]
    threads = [
        threading.Thread(target=run_client, args=(address, number, clients, rate, *shared, tally))
        for number, tally in enumerate(tallies)
    ]
    for thread in threads:
        thread.start()
    try:
        control.recv()
    except EOFError:
        pass
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    control.send(sum(tallies, Tally()))


class Load:
    """So many requests a second by so many clients, from the beginning of a `with` to `stop()`."""

    def __init__(self, address: str, rate: float = 400, clients: int = 16):
        self.clients = clients
        spawning = multiprocessing.get_context("spawn")
        self.control, theirs = spawning.Pipe()
        arguments = (address, clients, rate, theirs)
        self.process = spawning.Process(target=run_clients, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def __enter__(self):
        return self

    def stop(self) -> Tally:
        self.control.send("stop")
        assert self.control.poll(30), "the load does not end"
        return self.control.recv()

    def __exit__(self, *_):
        self.control.close()
        self.process.join(30)
