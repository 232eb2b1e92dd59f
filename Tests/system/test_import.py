"""`slotd import`: the documented examples of two peers, on their way to an upload."""

import re
import tomllib
from pathlib import Path

import pytest

from support.slotd import ACCESS_KEY_ID, SECRET_ACCESS_KEY, command
from support.slots import ask, get, put

CONFIGURATION = 78  # EX_CONFIG of sysexits(3)

# What the documentation of each peer shows.
EXAMPLES = Path(__file__).parents[1] / "SettingsTests" / "Examples"
PEERS = {file.name: file.read_text() for file in sorted(EXAMPLES.iterdir())}
MONGOOSEIM = PEERS["mongooseim.toml"]


@pytest.fixture(params=PEERS)
def peer(request):
    """Each peer's file by its usual name, and its text."""
    return request.param, PEERS[request.param]


def imported(path, text: str):
    path.write_text(text)
    return command("import", path)


def put_bucket(text: str, server) -> str:
    """The example with the four values of a bucket that is there."""
    values = {
        "bucket_url": server.settings["bucket_url"],
        "region": server.settings["region"],
        "access_key_id": ACCESS_KEY_ID,
        "secret_access_key|access_key_secret": SECRET_ACCESS_KEY,
    }
    for names, value in values.items():
        text, count = re.subn(rf'\b({names})( = |: )"?[^"\n]*"?', rf'\1\2"{value}"', text)
        assert count == 1, names
    return text


def test_what_is_printed_passes_check(tmp_path, peer):
    name, text = peer
    done = imported(tmp_path / name, text)
    assert done.returncode == 0, done.stderr
    printed = tmp_path / "slotd.toml"
    printed.write_text(done.stdout)
    checked = command("check", "--config", printed)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_each_note_is_a_comment_too(tmp_path, peer):
    name, text = peer
    done = imported(tmp_path / name, text)
    notes = done.stderr.splitlines()
    assert notes
    for note in notes:
        place, _, sentence = note.removeprefix("note: ").partition(": ")
        assert re.fullmatch(rf"{re.escape(str(tmp_path / name))}:\d+", place), note
        assert f"\n# {sentence}\n" in done.stdout, note
    for secret in ("whatever\n", "wJalrXUtnFEMI"):
        assert secret not in done.stderr


def test_its_slots_are_what_a_real_bucket_accepts(tmp_path, peer, rclone, start_slotd):
    name, text = peer
    done = imported(tmp_path / name, put_bucket(text, rclone))
    assert done.returncode == 0, done.stderr
    slotd = start_slotd({**tomllib.loads(done.stdout), "listen": ["127.0.0.1:0"]})
    body = b"twenty-three bytes long"
    slot = ask(slotd, filename="très cool.jpg", size=len(body))
    assert "x-amz-acl=public-read" in slot.put, "what both examples ask for"
    assert put(slot.put, body, "image/jpeg") == 200
    key = slot.get.removeprefix(rclone.settings["bucket_url"])
    assert get(rclone.downloads + key) == (200, body)
    assert put(slot.put, body + b"!") == 403, "the size is signed"


def test_a_file_of_both_hosts_and_more(tmp_path):
    """A whole mongooseim.toml: its other sections are passed over, a host's own module counts."""
    other = '[general]\n  hosts = ["a.example"]\n  loglevel = "warning"\n\n'
    own = MONGOOSEIM.replace("[modules.", "  [host_config.modules.").replace("120", "240")
    whole = other + MONGOOSEIM + '\n[[host_config]]\n  host = "b.example"\n' + own
    done = imported(tmp_path / "mongooseim.toml", whole)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^\[hosts\.\"(.*)\"\]$", done.stdout, re.MULTILINE) == [
        "upload.@HOST@",
        "upload.b.example",
    ]
    assert re.findall(r"^expiration_time = (\d+)$", done.stdout, re.MULTILINE) == ["120", "240"]


@pytest.mark.parametrize(
    "name, text, words",
    [
        ("mongooseim.toml", '[general]\n  hosts = ["a.example"]\n', "no mod_http_upload"),
        ("ejabberd.yml", "modules:\n  mod_http_upload: {}\n", "no mod_s3_upload"),
        ("mongooseim.toml", "[modules.mod_http_upload]\n  backend = 's4'\n", ":2: backend"),
        ("ejabberd.yml", "modules: [\n", "not valid YAML"),
        ("mongooseim.toml", "\udcff", "is not UTF-8"),
    ],
)
def test_what_cannot_be_imported(tmp_path, name, text, words):
    (tmp_path / name).write_bytes(text.encode(errors="surrogateescape"))
    done = command("import", tmp_path / name)
    assert (done.returncode, done.stdout) == (CONFIGURATION, "")
    assert name in done.stderr and words in done.stderr, done.stderr


def test_a_file_that_is_not_there(tmp_path):
    done = command("import", tmp_path / "ejabberd.yml")
    assert (done.returncode, done.stdout) == (CONFIGURATION, "")
    assert "ejabberd.yml does not exist" in done.stderr
