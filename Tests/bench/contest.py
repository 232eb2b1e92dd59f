"""One scenario: its servers take turns, round after round."""

import sys
import tempfile
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from load import Load, idle, scraping, wrk
from scenarios import Scenario
from servers import SERVERS, Answer, Usage, ask, free_port, memory, running


@dataclass
class Contestant:
    """A running server, and what each round came to."""

    name: str
    pid: int
    port: int
    answer: Answer
    scenario: Scenario
    used: list[Usage] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    # The most MiB that were resident at once.
    memory: float = 0

    def load(self, seconds: int, cores: list[int]) -> Load:
        return wrk(self.port, self.scenario, seconds, cores, self.answer.length)

    def measure(self, seconds: int, cores: list[int]):
        company = nullcontext()
        if count := self.scenario.idle:
            company = idle(self.port, count, self.scenario.request(), self.answer.length)
        elif SERVERS[self.name].scraped:
            company = scraping(self.port, interval=1)
        with company:
            before = Usage.now(self.pid)
            load = self.load(seconds, cores)
            self.used.append((Usage.now(self.pid) - before) / load.answers)
        self.loads.append(load)
        self.memory = memory(self.pid)

    @property
    def cpu(self) -> list[float]:
        return [used.user + used.system for used in self.used]

    def compared(self, other: "Contestant") -> float:
        """The CPU time in terms of another's: the median of what the rounds say."""
        return median(own / its for own, its in zip(self.cpu, other.cpu, strict=True))


def contest(scenario: Scenario, programs: dict, rounds: int, seconds: int, cores: list[int]):
    """The servers of a scenario in its order, after all rounds."""
    own, loading = cores[:1], cores[1:]
    if scenario.workers > 1:
        own = loading = cores
    with ExitStack() as stack:

        def begin(name: str, model: Answer | None) -> Contestant:
            server = SERVERS[name]
            asked = replace(scenario, domains=server.hosts or 1)
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slotd-bench-")))
            port = free_port()
            command = server.command(programs, place, port, asked, model)
            pid = stack.enter_context(running(command, port, own))
            answer = ask(port, asked.request())
            if model and (answer.status, answer.body) != (model.status, model.body):
                sys.exit(f"{name} answers {scenario.name} with {answer}, slotd with {model}")
            return Contestant(name, pid, port, answer, asked)

        # What slotd answers is what the others imitate, so it begins.
        found: dict[str, Contestant] = {}
        for name in sorted(scenario.servers, key=lambda name: name != "slotd"):
            found[name] = begin(name, next((other.answer for other in found.values()), None))
        contestants = [found[name] for name in scenario.servers]
        for contestant in contestants:
            # Everything that is made once is made here: keys, buffers, whatever the kernel keeps.
            load = contestant.load(1, loading)
            if scenario.halves:
                # So many that pause for 10 ms ask half as often as the server can answer.
                waiting = max(1, round(load.answers / load.seconds / 2 * 0.010))
                contestant.scenario = replace(scenario, think=10, connections=waiting)
        for _ in range(rounds):
            for contestant in contestants:
                contestant.measure(seconds, loading)
        return contestants
