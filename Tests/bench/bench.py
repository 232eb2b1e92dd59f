"""Compares slotd with what anyone else can install, and prints one table.

Each server answers alone on one core, the load comes from another, and all take turns, round after
round: what else the machine does falls on all alike. CPU time is what the kernel counted for the
server, in µs an answer; "of first" is the median of what the rounds say in terms of the first
server. nginx answers fixed bytes: what a slot costs above that is what slotd does for it.
"""

import argparse
import os
import sys
from statistics import median

from contest import Contestant, contest
from scenarios import SCENARIOS, Scenario
from single import presigned, started

HEAD = (
    f"{'':24} {'server':14} {'CPU µs/answer':>20} {'user':>6} {'kernel':>6} {'of first':>8}"
    f" {'answers/s':>9} {'p50 µs':>7} {'p99 µs':>7} {'MiB':>6}"
)


def verdict(what: str, figure: float, most: float | None) -> str:
    """A goal, and whether it is missed."""
    if most is None:
        return ""
    return f"  {what} ≤ {most:g}" + (" missed" if figure > most else "")


def row(scenario: Scenario, found: Contestant, first: Contestant) -> str:
    cpu, ratio = found.cpu, found.compared(first)
    spread = f"{median(cpu):.2f} ({min(cpu):.2f}-{max(cpu):.2f})"
    user, system = (median(getattr(u, part) for u in found.used) for part in ("user", "system"))
    rate = median(load.answers / load.seconds for load in found.loads)
    half, tail = (
        median(getattr(load, part) for load in found.loads) for part in ("median", "tail")
    )
    line = (
        f"{scenario.name:24} {found.name:14} {spread:>20} {user:>6.2f} {system:>6.2f} {ratio:>8.2f}"
    )
    line += f" {rate:>9.0f} {half:>7.0f} {tail:>7.0f} {found.memory:>6.1f}"
    if found.name in ("nginx", "Go"):
        return line
    if found is not first:
        line += verdict("CPU", ratio, scenario.ratio_max)
    line += verdict("p99", tail, scenario.tail_max)
    return line + verdict("MiB", found.memory, scenario.memory_max)


def main():
    parser = argparse.ArgumentParser(prog="Tests/bench/run", description=__doc__)
    for name in ("slotd", "go", "presign"):
        parser.add_argument(f"--{name}", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of load in each round")
    parser.add_argument("--quick", action="store_true", help="one round of one second")
    parser.add_argument(
        "--scenario",
        action="append",
        metavar="TEXT",
        help="only what has this in its name, such as 'POST' or 'presign'; may come several times",
    )
    options = parser.parse_args()
    if options.quick:
        options.rounds = options.seconds = 1
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        sys.exit("two cores are needed: one for the server, one for the load")
    programs = {name: getattr(options, name) for name in ("slotd", "go", "presign")}

    def wanted(name: str) -> bool:
        return not options.scenario or any(text in name for text in options.scenario)

    print(f"{options.rounds} rounds of {options.seconds} s")
    if wanted("a presigned URL"):
        presigned(programs, cores[0])
    if wanted("ready"):
        started(programs, cores[0])
    print(HEAD)
    for scenario in SCENARIOS:
        if not wanted(scenario.name):
            continue
        found = contest(scenario, programs, options.rounds, options.seconds, cores)
        for contestant in found:
            print(row(scenario, contestant, found[0]), flush=True)


if __name__ == "__main__":
    main()
