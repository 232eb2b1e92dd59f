"""Which system calls slotd makes, as strace sees them."""

import re
from collections import Counter
from pathlib import Path

from support.slotd import Slotd


class TracedSlotd(Slotd):
    """slotd with one worker, whose system calls are written down."""

    def __init__(self, values: dict, directory: Path):
        self.trace = directory / "calls"
        # As a grandchild, so that slotd stays what is waited for, and ended.
        strace = ["strace", "--daemonize", "--follow-forks", "--quiet=all"]
        super().__init__(values, directory, wrapper=[*strace, "--output", self.trace])

    def calls(self, body) -> Counter:
        """The worker's while `body` runs: those between two requests that mark them."""
        with self.connect() as marker:
            # What was begun before is over then, this connection's own beginning too.
            marker.ask("GET", "/livez")
            marker.ask("GET", "/begin")
            body()
            marker.ask("GET", "/end")
            self.wait_until(lambda: '"GET /end' in self.trace.read_text())
        text = self.trace.read_text()
        begin = re.search(r'^(\d+) .*"GET /begin.*\n', text, re.MULTILINE)
        text = text[begin.end() : text.index('"GET /end')]
        # A call that another thread interrupts is in two lines; its end counts.
        done = rf"^{begin[1]} +(?:<\.\.\. )?(\w+)(?:\(| resumed>)(?!.*<unfinished \.\.\.>$)"
        calls = Counter(re.findall(done, text, re.MULTILINE))
        # What the marks are answered and read with.
        return calls - Counter({"sendto": 1, "recvfrom": 1, "epoll_pwait": 1})
