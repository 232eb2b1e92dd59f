"""The modules themselves: what the checkers of their languages say, and what operators do."""

import re
import subprocess
import time
from pathlib import Path

import pytest
from servers import ROOT, Prosody
from services import LIMITS, STUB_TIMEOUT
from session import error_of, slot_of, slot_request, tree
from test_discovery import settled
from test_refusals import NO_ANSWER
from test_uploads import download, transfer

STUB = "upload.stub.test"

ERLANG = Path("/usr/lib/erlang/lib")
SOURCES = sorted((ROOT / "deploy/ejabberd/mod_slotd/src").glob("*.erl"))


def run(*command, **more) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def ejabberd_libraries() -> list[Path]:
    """The directories of ejabberd and of the libraries that mod_slotd uses."""
    (ejabberd,) = (p for p in Path("/usr/lib").glob("*-linux-gnu/ejabberd-*") if not p.is_symlink())
    names = ["p1_xmpp", "p1_xml", "p1_yconf", "kernel", "stdlib", "erts"]
    return [ejabberd] + [path for name in names for path in ERLANG.glob(f"{name}-*")]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """The beams, from a compiler that takes warnings for errors."""
    directory = tmp_path_factory.mktemp("beams")
    libraries = ejabberd_libraries()
    includes = [f"-I{path}/include" for path in libraries]
    paths = [word for path in libraries for word in ("-pa", path / "ebin")]
    run("erlc", "-Werror", "+debug_info", *includes, *paths, "-o", directory, *SOURCES)
    return directory


def test_erlang_compiles_without_warnings(compiled):
    assert len(list(compiled.glob("*.beam"))) == len(SOURCES)


def test_dialyzer(compiled, tmp_path):
    """Against the very modules that are called: seconds, where applications would take minutes."""
    source = "".join(path.read_text() for path in SOURCES)
    called = set(re.findall(r"\b([a-z][a-z0-9_]*):[a-z_]+\(", source))
    called |= {"erlang", "gen", "gen_mod", "gen_server", "logger", "proc_lib", "yconf"}
    called -= {path.stem for path in SOURCES}
    libraries = ejabberd_libraries()
    beams = [p for lib in libraries for p in (lib / "ebin").glob("*.beam") if p.stem in called]
    assert called == {p.stem for p in beams}, "called, and nowhere to be found"
    table = tmp_path / "plt"
    run("dialyzer", "--build_plt", "--output_plt", table, *beams, env=home(tmp_path))
    told = run(
        "dialyzer", "--plt", table, "-Wunmatched_returns", "-Wextra_return", "-Wmissing_return",
        *compiled.glob("*.beam"), env=home(tmp_path),
    )  # fmt: skip
    assert "Unknown functions" not in told, told


def home(directory: Path) -> dict:
    return {"HOME": str(directory), "PATH": "/usr/bin:/bin"}


def test_luacheck():
    """As Prosody's own modules are checked, for each Lua that Prosody 0.12 and later run on."""
    module = ROOT / "deploy/prosody/mod_slotd.lua"
    for std in ("lua52c", "lua53c", "lua54c"):
        run(
            "luacheck", "--no-config", "--std", std, "--max-line-length", "120",
            "--read-globals", "module", "prosody", "--", module,
        )  # fmt: skip


def test_ejabberdctl_installs_the_module(ejabberd):
    assert "Module mod_slotd has been installed" in ejabberd.installed
    assert "mod_slotd" in ejabberd.control("modules_installed")
    assert "Error" not in ejabberd.installed and "Warning" not in ejabberd.installed


def test_ejabberd_by_unix_socket(ejabberd):
    session = ejabberd.session("rosaline@unix.test")
    put, get, headers = slot_of(session.ask_slot("upload.unix.test", "a b.txt", 3))
    assert transfer("PUT", put, b"abc", headers)[0] in (200, 201)
    assert download(get) == b"abc"
    assert settled(session, "upload.unix.test")[2] == str(LIMITS["upload.unix.test"])


def test_ejabberds_own_service_url(ejabberd):
    """ejabberd before 25.08 encodes the URLs again: a slot comes, and no bucket would know it."""
    session = ejabberd.session("sampson@old.test")
    put, _, headers = slot_of(session.ask_slot("upload.old.test", "a.txt", 3))
    assert headers == []
    assert "%3FX-Amz" in put and "?" not in put
    error = error_of(session.ask_slot("upload.old.test", "a.txt", LIMITS["upload.old.test"] + 1))
    assert error[0].tag.endswith("}not-acceptable") and len(error) == 1, "and no word why"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:5480",
        "127.0.0.1:5480",
        "http://",
        "http://a:b@c",
        "http://a?b=c",
        "unix:",
        "",
    ],
)
def test_ejabberd_refuses_a_url_that_it_cannot_ask(ejabberd, url):
    ejabberd.configure({"one.test": {"url": url}})
    try:
        with pytest.raises(AssertionError, match="Invalid URL"):
            ejabberd.control("reload_config")
        sentence = "must be like http://127.0.0.1:5480 or unix:/run/slotd/slotd.sock"
        ejabberd.wait_until(lambda: sentence in ejabberd.log_text())
    finally:
        ejabberd.configure({})
        ejabberd.control("reload_config")
    slot_of(ejabberd.session("romeo@one.test").ask_slot("upload.one.test", "a", 1))


def test_ejabberd_takes_new_options_while_it_runs(ejabberd, stub):
    session = ejabberd.session("nurse@stub.test")
    hung = session.request(slot_request("hang", 1), STUB)
    ejabberd.configure({"stub.test": {"url": stub.url, "hosts": ["files.@HOST@"]}})
    try:
        ejabberd.control("reload_config")
        ((_, answer),) = session.all_answers({hung}).values()
        assert tree(error_of(answer)) == NO_ANSWER, "asked before, answered after"
        slot_of(session.ask_slot("files.stub.test", "a", 1))
        assert session.ask_slot(STUB, "a", 1).get("type") == "error", "no longer a service"
    finally:
        ejabberd.configure({})
        ejabberd.control("reload_config")
    slot_of(session.ask_slot(STUB, "a", 1))


def test_ejabberd_stops_the_module_and_leaves_nobody_waiting(ejabberd):
    session = ejabberd.session("nurse@stub.test")
    hung = session.request(slot_request("hang", 1), STUB)
    ejabberd.configure({"stub.test": None})
    try:
        started = time.monotonic()
        ejabberd.control("reload_config")
        ((at, answer),) = session.all_answers({hung}).values()
        assert error_of(answer)[0].tag.endswith("}service-unavailable")
        assert at - started < STUB_TIMEOUT
    finally:
        ejabberd.configure({})
        ejabberd.control("reload_config")
    slot_of(session.ask_slot(STUB, "a", 1))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"url": "unix:/run/slotd.sock"}, 'slotd_url must be like "http://127.0.0.1:5480"'),
        ({"token": "two words"}, "slotd_token must be one line of slotd's tokens_file"),
    ],
)
def test_prosody_says_what_is_wrong_with_an_option(reachable_directory, options, sentence):
    with Prosody({"one.test": options}, reachable_directory("options")) as server:
        server.wait_until(lambda: sentence in server.log_text())
