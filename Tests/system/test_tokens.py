"""Who may ask: bearer tokens in their three places, and where none are needed."""

import base64
import json

import pytest

from support.slotd import command, host, settings, write_settings
from support.slots import FIELDS, ask

TOKENS = ["first-token-of-two", "second-token-of-two"]
SLOT = "/slot?jid=romeo%40montague.example&name=x&size=1"
OPEN = ["/livez", "/readyz", "/healthz"]
GUARDED = [SLOT, "/service?host=upload.montague.example", "/metrics", "/openapi.yaml"]


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def slotd(start_shared_slotd, tmp_path_factory):
    file = tmp_path_factory.mktemp("secrets") / "tokens"
    file.write_text("\n".join(TOKENS) + "\n")
    return start_shared_slotd(settings(tokens_file=str(file)))


@pytest.mark.parametrize("path", GUARDED)
@pytest.mark.parametrize(
    "authorization, reason",
    [
        (f"Bearer {TOKENS[0]}", "the first line of the file"),
        (f"Bearer {TOKENS[1]}", "the second line of the file"),
        (f"bearer {TOKENS[0]}", "schemes have no case, RFC 9110 section 11.1"),
        (basic("ejabberd", TOKENS[0]), "the password is the token"),
        (basic("", TOKENS[1]), "the user does not matter"),
    ],
)
def test_a_token_opens(slotd, path, authorization, reason):
    assert slotd.get(path, authorization=authorization).status == 200, reason


@pytest.mark.parametrize("path", GUARDED)
@pytest.mark.parametrize(
    "authorization, reason",
    [
        (None, "no field"),
        ("Bearer", "no token"),
        ("Bearer ", "an empty token"),
        (f"Bearer {TOKENS[0][:-1]}", "a token cut short"),
        (f"Bearer {TOKENS[0]}x", "a token and more"),
        (f"Bearer {TOKENS[0].upper()}", "tokens have case"),
        (f"Bearer {TOKENS[0]}\t{TOKENS[1]}", "both"),
        (f"Token {TOKENS[0]}", "another scheme"),
        (TOKENS[0], "no scheme"),
        (basic(TOKENS[0], ""), "the token as the user"),
        (basic("user", "wrong"), "a wrong password"),
        ("Basic " + base64.b64encode(TOKENS[0].encode()).decode(), "no colon"),
        ("Basic !!!", "no Base64"),
        ("Basic", "nothing"),
    ],
)
def test_nothing_else_does(slotd, path, authorization, reason):
    fields = {"authorization": authorization} if authorization else {}
    answer = slotd.get(path, **fields)
    assert answer.status == 401, reason
    challenge = answer.fields["www-authenticate"].lower()
    assert "bearer" in challenge and "basic" in challenge
    assert b"http" not in answer.body, "no slot"


def test_a_post_is_asked_for_its_token_too(slotd):
    body, kind = json.dumps(FIELDS), "application/json"
    assert slotd.ask("POST", "/slot", body, content_type=kind).status == 401
    granted = {"content_type": kind, "authorization": f"Bearer {TOKENS[1]}"}
    assert slotd.ask("POST", "/slot", body, **granted).status == 201


@pytest.mark.parametrize("path", OPEN)
def test_health_is_everyones(slotd, path):
    assert slotd.get(path).status == 200
    assert slotd.get(path, authorization="Bearer wrong").status == 200


def test_a_stranger_learns_of_no_route(slotd):
    """Before the token, an unknown path looks like a known one."""
    assert {slotd.get(path).status for path in ["/", "/nothing", "/slot/", "/ejabberd"]} <= {
        401,
        404,
    }
    problem = slotd.get("/service?host=upload.montague.example").json()
    assert problem["type"] == "urn:slotd:problem:unauthorized" and "xmpp" not in problem


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0"])
def test_a_listener_that_strangers_reach_needs_tokens(tmp_path, address):
    path = write_settings(settings(listen=["127.0.0.1:0", address]), tmp_path)
    for name in ("serve", "check"):
        done = command(name, "--config", path)
        assert done.returncode == {"serve": 78, "check": 1}[name]
        assert "token" in done.stderr and address.rpartition(":")[0] in done.stderr, done.stderr


def test_an_empty_file_of_tokens_is_no_protection(tmp_path):
    (tmp_path / "tokens").write_text("\n\n")
    values = settings(listen=["0.0.0.0:0"], tokens_file=str(tmp_path / "tokens"))
    assert command("serve", "--config", write_settings(values, tmp_path)).returncode == 78


def test_without_tokens_loopback_is_open(start_slotd):
    slotd = start_slotd(settings({"upload.@HOST@": host()}))
    assert ask(slotd, "ejabberd").put
    # A field that nobody asked for harms nobody: ejabberd sends one where its URL has a user in it.
    assert slotd.get(SLOT, authorization="Bearer whatever").status == 200
