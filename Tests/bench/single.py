"""What is no load of requests: a presigned URL by itself, and how long a server takes to begin."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from scenarios import Scenario
from servers import CREDENTIALS, SERVERS, Answer, free_port

PRESIGN_MAX = 1.3
READY_MAX = 15
STARTS = 20


def presigned(programs: dict, core: int):
    """What programs take for a presigned URL, in terms of what OpenSSL takes to hash so much."""

    def run(*command) -> list[str]:
        arguments = ["taskset", "--cpu-list", str(core), *map(str, command)]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    blocks, *lines = run(programs["presign"])
    rounds = [tuple(map(float, line.split())) for line in lines]
    bare = median(hashed for _, hashed in rounds)
    # Each round has its own ratio: the two halves of one saw the same machine.
    ratio = median(url / hashed for url, hashed in rounds)
    go = int(run(programs["go"], "-presign", 20_000)[0])
    botocore = int(run("python3", Path(__file__).with_name("botocore_presign.py"), 2_000)[0])
    print(f"{'a presigned URL':39} {'ns':>8} {'of hashing':>10}")
    print(f"{f'{blocks} blocks of SHA-256, OpenSSL':39} {bare:>8.0f} {1:>10.2f}")
    missed = " missed" if ratio > PRESIGN_MAX else ""
    url = median(url for url, _ in rounds)
    print(f"{'slotd':39} {url:>8.0f} {ratio:>10.2f}  ≤ {PRESIGN_MAX}{missed}")
    print(f"{'Go, signer of aws-sdk-go-v2':39} {go:>8} {go / bare:>10.2f}")
    print(f"{'Python, botocore':39} {botocore:>8} {botocore / bare:>10.2f}", flush=True)


def started(programs: dict, core: int):
    """How long servers take from being started to their first answer, in turn."""
    scenario = Scenario("ready", target="/readyz")
    times: dict[str, list[float]] = {"slotd": [], "nginx": [], "Go": []}
    with tempfile.TemporaryDirectory(prefix="slotd-bench-") as place:
        for _ in range(STARTS):
            for name, found in times.items():
                port = free_port()
                model = Answer(200, "text/plain", 100, 0)
                command = SERVERS[name].command(programs, Path(place), port, scenario, model)
                found.append(first_answer(["taskset", "--cpu-list", core, *command], port))
    print(f"{'ready, ms from exec':39} {'median':>8} {'range':>14}")
    for name, found in times.items():
        spread = f"{min(found):.1f}-{max(found):.1f}"
        goal = f"  ≤ {READY_MAX}" if name == "slotd" else ""
        goal += " missed" if goal and median(found) > READY_MAX else ""
        print(f"{name:39} {median(found):>8.1f} {spread:>14}{goal}", flush=True)


def first_answer(command: list, port: int) -> float:
    """Milliseconds from when a server is started to its first answer, whatever that is."""
    began = time.perf_counter()
    server = subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | CREDENTIALS,
    )
    try:
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                connection.request("GET", "/readyz")
                connection.getresponse().read()
                return (time.perf_counter() - began) * 1_000
            except ConnectionRefusedError:
                if server.poll() is not None:
                    sys.exit(f"{command} did not start")
                time.sleep(0.000_2)
            finally:
                connection.close()
    finally:
        server.terminate()
        server.wait(10)
