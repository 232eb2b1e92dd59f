"""`slotd health`: what a container asks to learn whether its slotd is alive."""

import socket
import threading
from contextlib import contextmanager

import pytest

from support.slotd import command, settings

USAGE, CONFIGURATION = 64, 78  # EX_USAGE and EX_CONFIG of sysexits(3)


@contextmanager
def listener(answer: bytes | None):
    """Something that gives one connection `answer`, or never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def serve():
            connection, _ = server.accept()
            connection.recv(4096)
            held.append(connection)
            if answer is not None:
                connection.sendall(answer)
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)
        for connection in held:
            connection.close()


@pytest.mark.parametrize("asked", [[], ["--ready"]])
@pytest.mark.parametrize("listen", ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0", "unix:"])
def test_one_that_runs(start_slotd, short_directory, listen, asked):
    if listen == "unix:":
        listen += str(short_directory / "health.sock")
    slotd = start_slotd(settings(listen=[listen], tokens=["a-token-that-health-needs-not"]))
    done = command("health", *asked, "--address", slotd.addresses[0])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_finds_slotd_by_the_configuration(start_slotd, short_directory):
    listen = [f"unix:{short_directory / name}.sock" for name in ("one", "two")]
    slotd = start_slotd(settings(listen=listen))
    assert command("health", "--config", slotd.configuration).returncode == 0
    only = command("health", environment={"SLOTD_LISTEN": listen[1]})
    assert only.returncode == 0, "the environment alone"
    # A running slotd goes on with the configuration that it has, so this one is not ill.
    with slotd.configuration.open("a") as file:
        file.write('no_such_key = "x"\n')
    assert command("check", "--config", slotd.configuration).returncode == 1
    assert command("health", "--config", slotd.configuration).returncode == 0
    slotd.stop()
    done = command("health", "--config", slotd.configuration)
    assert done.returncode == 1
    assert listen[0] in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "answer, words",
    [
        (
            b"HTTP/1.1 503 Service Unavailable\r\n\r\nthe bucket is down\n",
            "503: the bucket is down",
        ),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "answers 404"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "does not speak HTTP"),
        (b"HTTP/1.1", "does not speak HTTP"),
        (b"", "does not speak HTTP"),
        (b"\xff" * 100_000, "does not speak HTTP"),
        (None, "it took longer than 3 s"),
    ],
)
def test_one_that_is_ill(answer, words):
    with listener(answer) as address:
        done = command("health", "--address", address)
    assert (done.returncode, done.stdout) == (1, "")
    assert address in done.stderr and words in done.stderr, done.stderr


def test_wrong_usage(tmp_path):
    done = command("health", "--address", "localhost")
    assert done.returncode == USAGE and "localhost" in done.stderr
    path = tmp_path / "slotd.toml"
    for text, words in (("listen = [\n", ":1"), ('listen = ["here"]\n', "listen"), (None, "exist")):
        path.unlink(missing_ok=True)
        if text:
            path.write_text(text)
        done = command("health", "--config", path)
        assert done.returncode == CONFIGURATION
        assert str(path) in done.stderr and words in done.stderr, done.stderr
