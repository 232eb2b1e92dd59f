"""Reading what /metrics says, independently of slotd."""

import re
import subprocess

_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)')
_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)")

Samples = dict[tuple[str, frozenset], float]


def key(name: str, **labels: str) -> tuple[str, frozenset]:
    return name, frozenset(labels.items())


def parse(text: str) -> Samples:
    """Each sample by its name and labels; fails where a line is none, or one comes twice."""
    samples = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        match = _SAMPLE.fullmatch(line)
        assert match, f"no sample: {line!r}"
        labels = _LABEL.findall(match[2] or "")
        place = key(match[1], **dict(labels))
        assert place not in samples, f"twice: {line!r}"
        samples[place] = float(match[3])
    return samples


def scrape(slotd, **fields) -> Samples:
    answer = slotd.get("/metrics", **fields)
    assert answer.status == 200, answer
    return parse(answer.text)


def difference(before: Samples, after: Samples, name: str) -> dict[frozenset, float]:
    """How much each series called `name` rose, where it did."""
    rises = {
        labels: value - before.get((this, labels), 0)
        for (this, labels), value in after.items()
        if this == name
    }
    return {labels: rise for labels, rise in rises.items() if rise}


def promtool(text: bytes) -> subprocess.CompletedProcess:
    """What Prometheus' own checker says: it reads the text and lints the names."""
    return subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
