"""A running slotd takes another configuration over: whole or not at all, and no request is lost."""

import json
import os
import time

import pytest

from support.exchange import Connection
from support.load import Load
from support.program import free_port
from support.slotd import KEPT, LOADED, command, host, settings, write_settings
from support.slots import FIELDS, ask_json

HOST = "upload.@HOST@"
TOKEN = "a-token-of-sixteen-bytes-or-more"


def reachable(address: str) -> bool:
    try:
        with Connection(address) as connection:
            return connection.ask("GET", "/livez").status == 200
    except OSError:
        return False


def test_everything_of_a_host_changes(start_slotd):
    slotd = start_slotd(settings({HOST: host(max_file_size=99)}))
    assert ask_json(slotd, FIELDS).status == 413
    other = {"bucket_url": "https://other.example/bucket", "access_key_id": "ANOTHERKEY"}
    slotd.reload(settings({HOST: host(other, expiration_time=77)}))
    url = ask_json(slotd, FIELDS).json()["put"]["url"]
    assert url.startswith("https://other.example/bucket/")
    assert "Credential=ANOTHERKEY" in url and "Expires=77" in url
    slotd.reload(settings({"files.example": host()}))
    assert ask_json(slotd, FIELDS).status == 404


def test_tokens_change_for_connections_that_exist(start_slotd):
    slotd = start_slotd(settings())
    with slotd.connect() as connection:
        assert connection.ask("GET", "/slot?jid=a@b.example&name=x&size=1").status == 200
        slotd.reload(settings(tokens=[TOKEN]))
        assert connection.ask("GET", "/slot?jid=a@b.example&name=x&size=1").status == 401
        target = f"/ejabberd/{TOKEN}?jid=a@b.example&name=x&size=1"
        assert connection.ask("GET", target).status == 200


def test_the_log_changes(start_slotd):
    slotd = start_slotd(settings())
    slotd.reload(settings(log_format="json", log_level="debug"))
    slotd.get("/livez")
    slotd.wait_until(lambda: '"request answered"' in slotd.output(), 5)
    for line in slotd.output()[slotd.output().index("{") :].splitlines():
        json.loads(line)


def test_listeners_come_and_go(start_slotd, short_directory):
    slotd = start_slotd(settings())
    first = slotd.addresses[0]
    unix = f"unix:{short_directory}/slotd.sock"
    tcp = f"127.0.0.1:{free_port()}"
    with slotd.connect() as connection:
        assert connection.ask("GET", "/livez").status == 200
        slotd.reload(settings(listen=[unix, "127.0.0.1:0", tcp]))
        assert [reachable(address) for address in (first, unix, tcp)] == [True, True, True]
        assert f"listening on {unix}" in slotd.output()
        slotd.reload(settings(listen=[unix]))
        slotd.wait_until(lambda: not reachable(first) and not reachable(tcp), 5)
        assert connection.ask("GET", "/livez").status == 200, "a connection outlives its listener"
        assert f"no longer listening on {tcp}" in slotd.output()
        slotd.reload(settings(listen=[tcp]))
        assert reachable(tcp)
        slotd.wait_until(lambda: not reachable(unix), 5)
        assert not os.path.exists(unix.removeprefix("unix:"))
        assert connection.ask("GET", "/livez").status == 200


def test_all_listeners_are_replaced_at_once(start_slotd, short_directory):
    """As many as there may be, by as many others."""
    slotd = start_slotd(settings(workers=1))
    for name in ("first", "second"):
        paths = [f"{short_directory}/{name}-{number}" for number in range(64)]
        slotd.reload(settings(workers=1, listen=[f"unix:{path}" for path in paths]))
        assert all(reachable(f"unix:{path}") for path in paths)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("listen = [", "slotd.toml:1"),
        ({"hosts": {}}, "host"),
        (settings({HOST: host(expiration_time=0)}, listen=["127.0.0.1:0"]), "expiration_time"),
        (settings(unknown_key=1), "unknown_key"),
        (settings(listen=["0.0.0.0:0"]), "tokens_file"),
        (settings(tokens_file="/nonexistent/tokens"), "/nonexistent/tokens"),
    ],
    ids=["no TOML", "no hosts", "a value", "a key", "a listener", "a file"],
)
def test_a_bad_configuration_changes_nothing_and_says_why(start_slotd, values, words):
    slotd = start_slotd(settings(tokens=[TOKEN], log_format="json"))
    slotd.reload(values, KEPT)
    for line in slotd.output().splitlines():
        if words in line:
            break
    assert KEPT in json.loads(line)["message"] and words in line
    assert ask_json(slotd, FIELDS).status == 401
    assert ask_json(slotd, FIELDS, authorization=f"Bearer {TOKEN}").status == 201
    slotd.reload(settings())
    assert ask_json(slotd, FIELDS).status == 201


def test_a_listener_that_cannot_be_had_changes_nothing(start_slotd):
    slotd, other = start_slotd(settings()), start_slotd(settings())
    free = f"127.0.0.1:{free_port()}"
    values = settings({HOST: host(max_file_size=1)}, listen=[free, other.addresses[0]])
    slotd.reload(values, KEPT)
    assert f"cannot listen on {other.addresses[0]}" in slotd.output()
    assert ask_json(slotd, FIELDS).status == 201
    slotd.wait_until(lambda: not reachable(free), 5)


def test_what_counts_at_the_start_only_is_said(start_slotd):
    slotd = start_slotd(settings(workers=1))
    slotd.reload(settings(workers=2, idle_timeout=9))
    for name in ("workers", "idle_timeout"):
        assert f"{name} stays as it was until slotd is started again" in slotd.output()
    assert "head_timeout" not in slotd.output()


def test_no_request_is_lost_while_listeners_come_and_go(start_slotd):
    slotd = start_slotd(settings(workers=2))
    before = slotd.descriptors
    extra = f"127.0.0.1:{free_port()}"
    with Load(slotd.addresses[0]) as load:
        for number in range(20):
            slotd.reload(settings(workers=2, listen=["127.0.0.1:0", extra][: 1 + number % 2]))
            time.sleep(0.1)
        tally = load.stop()
    assert not tally.lost, tally.lost[:3]
    assert tally.answered.total() > 200
    # The last of them left it listening at both, with a socket for each worker.
    slotd.wait_until(lambda: slotd.descriptors <= before + 2, 5)


# MARK: slotd reload


def test_the_command_tells_the_process_of_the_pid_file(start_slotd, tmp_path):
    pid_file = tmp_path / "slotd.pid"
    values = settings(pid_file=str(pid_file))
    slotd = start_slotd(values)
    assert pid_file.read_text() == f"{slotd.pid}\n"
    done = command("reload", "--config", slotd.configuration)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    slotd.wait_until(lambda: LOADED in slotd.output(), 5)
    assert slotd.stop() == 0
    assert not pid_file.exists()


def test_the_command_takes_a_pid(start_slotd):
    slotd = start_slotd(settings())
    assert command("reload", "--config", slotd.configuration, "--pid", slotd.pid).returncode == 0
    slotd.wait_until(lambda: LOADED in slotd.output(), 5)


def test_the_command_sends_nothing_with_a_mistake_in_the_file(start_slotd):
    slotd = start_slotd(settings())
    slotd.configuration.write_text("listen = 1\n")
    done = command("reload", "--config", slotd.configuration, "--pid", slotd.pid)
    assert done.returncode == 78 and "listen" in done.stderr
    time.sleep(0.2)
    assert KEPT not in slotd.output() and LOADED not in slotd.output()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        ("", "holds no number"),
        ("-1\n", "holds no number"),
        ("soon\n", "holds no number"),
        (f"{os.getpid()}\n", "which is no slotd"),
    ],
)
def test_the_command_tells_nobody_else(tmp_path, content, words):
    pid_file = tmp_path / "slotd.pid"
    if content is not None:
        pid_file.write_text(content)
    configuration = write_settings(settings(pid_file=str(pid_file)), tmp_path)
    done = command("reload", "--config", configuration)
    assert done.returncode == 1 and words in done.stderr and len(done.stderr.splitlines()) == 1


def test_the_command_says_what_it_needs(tmp_path):
    done = command("reload", "--config", write_settings(settings(), tmp_path))
    assert done.returncode == 1 and "--pid" in done.stderr and "pid_file" in done.stderr
    done = command("reload", "--config", write_settings(settings(), tmp_path), "--pid", "0")
    assert done.returncode == 1 and "no process" in done.stderr
