"""Where credentials come from: each source by itself, and which of several counts."""

import dataclasses
import os
import signal
import time

import pytest
from sessions import by_botocore
from surroundings import keyless, surroundings

from support.metrics import key, scrape
from support.signatures import query
from support.slotd import command, write_settings
from support.slots import FIELDS, ask, ask_json

CONFIGURATION = 78


def first_slot(slotd):
    """The first slot that is granted: the answer of another machine may take a moment."""
    slotd.wait_until(lambda: slotd.get("/readyz").status == 200, 5)
    return ask(slotd)


def judge(sessions, url):
    """The session of a URL that a bucket would take."""
    session = sessions.judge(url, FIELDS["size"])
    assert query(url) == by_botocore(session, url, FIELDS["size"])
    return session


def write_profile(path, session, name="default"):
    """Replaces the file as a good program does: in one go."""
    path.parent.mkdir(exist_ok=True)
    text = f"[{name}]\naws_access_key_id = {session.access_key_id}\n"
    text += f"aws_secret_access_key = {session.secret}\n"
    if session.token:
        text += f"aws_session_token = {session.token}\n"
    new = path.with_suffix(".new")
    new.write_text(text)
    os.replace(new, path)


class TestEachSource:
    def test_environment(self, start, sessions):
        session = sessions.new(3600)
        slotd = start(
            {
                "AWS_ACCESS_KEY_ID": session.access_key_id,
                "AWS_SECRET_ACCESS_KEY": session.secret,
                "AWS_SESSION_TOKEN": session.token,
                "AWS_CREDENTIAL_EXPIRATION": session.expiration,
            }
        )
        # Nobody else has to be asked, so the very first slot is granted.
        assert judge(sessions, ask(slotd).put) == session

    def test_web_identity(self, start, sessions, sts, tmp_path):
        slotd = start(sts.environment(tmp_path / "token"))
        assert judge(sessions, first_slot(slotd).put) == sts.issued[-1]
        assert len(sts.requests) == 1

    def test_the_token_of_a_web_identity_is_read_each_time(self, start, sessions, sts, tmp_path):
        sts.seconds = 18
        slotd = start(sts.environment(tmp_path / "token"))
        first_slot(slotd)
        # Until the new one is in place a request with the old one is right, and after it not.
        count = len(sts.requests)
        (tmp_path / "token").write_text("the.second.token")
        sts.token = "the.second.token"
        sts.wrong.clear()
        slotd.wait_until(lambda: len(sts.requests) > count + 1, 8)
        assert b"the.second.token" in sts.requests[-1]

    def test_shared_files(self, start, sessions, tmp_path):
        session = sessions.new()
        write_profile(tmp_path / ".aws" / "credentials", session)
        assert judge(sessions, ask(start({})).put) == session

    def test_a_profile(self, start, sessions, tmp_path):
        session = sessions.new()
        write_profile(tmp_path / "keys", session, "uploads")
        environment = {
            "AWS_PROFILE": "uploads",
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "keys"),
        }
        assert judge(sessions, ask(start(environment)).put) == session

    def test_container(self, start, sessions, container):
        slotd = start(container.environment)
        assert judge(sessions, first_slot(slotd).put) == container.issued[-1]
        assert len(container.requests) == 1

    def test_the_token_of_a_container_comes_from_a_file(self, start, sessions, container, tmp_path):
        (tmp_path / "token").write_text(container.authorization + "\n")
        environment = {
            **container.environment,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(tmp_path / "token"),
        }
        assert judge(sessions, first_slot(start(environment)).put) == container.issued[-1]

    def test_instance_metadata(self, start, sessions, metadata):
        slotd = start(metadata.environment, keyless({"instance_metadata": True}))
        assert judge(sessions, first_slot(slotd).put) == metadata.issued[-1]
        assert len(metadata.requests) == 3

    def test_the_command_line_asks_too(self, sessions, container, tmp_path):
        done = command(
            *("get-url", "--config", write_settings(keyless(), tmp_path)),
            *("--domain", "montague.example", "--filename", "x", "--size", FIELDS["size"]),
            environment=surroundings(tmp_path, container.environment),
        )
        assert done.returncode == 0, done.stderr
        put = done.stdout.splitlines()[0].removeprefix("PutURL: ")
        assert judge(sessions, put) == container.issued[-1]


class TestTheOrder:
    """`slotd check` says which source will be used, and asks nobody."""

    @pytest.mark.parametrize(
        "sources, named",
        [
            (["environment", "identity", "files", "container", "metadata"], "the environment"),
            (["identity", "files", "container", "metadata"], "STS, for the role"),
            (["files", "container", "metadata"], "the shared files' profile default"),
            (["container", "metadata"], "the container's credentials endpoint"),
            (["metadata"], "the instance's metadata service"),
        ],
    )
    def test_the_first_counts(self, sources, named, sessions, container, tmp_path):
        variables = {
            "environment": {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"},
            "identity": {"AWS_WEB_IDENTITY_TOKEN_FILE": "/no/such", "AWS_ROLE_ARN": "arn"},
            "container": container.environment,
        }
        environment = {}
        for source in sources:
            environment |= variables.get(source, {})
        if "files" in sources:
            write_profile(tmp_path / ".aws" / "credentials", sessions.new())
        values = keyless({"instance_metadata": "metadata" in sources})
        done = self.check(values, tmp_path, environment)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"upload.@HOST@: credentials from {named}" in done.stdout
        assert container.requests == []

    def test_the_configuration_is_first(self, sessions, container, tmp_path):
        (tmp_path / "secret").write_text("secret")
        values = keyless({"access_key_id": "AKIA", "secret_access_key_file": "secret"})
        done = self.check(values, tmp_path, container.environment)
        assert "credentials from the configuration" in done.stdout

    @pytest.mark.parametrize(
        "environment, words",
        [
            ({"AWS_ACCESS_KEY_ID": "AKIA"}, "half a key"),
            ({"AWS_PROFILE": "nobody"}, "no profile nobody"),
            ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.org/"}, "plain http"),
            ({"AWS_SHARED_CREDENTIALS_FILE": "/no/such/file"}, "/no/such/file does not exist"),
        ],
    )
    def test_what_is_set_up_badly_is_said(self, environment, words, tmp_path):
        done = self.check(keyless(), tmp_path, environment)
        assert done.returncode == 1 and done.stdout == ""
        assert words in done.stderr and len(done.stderr.splitlines()) == 1

    def test_a_program_is_not_run(self, tmp_path):
        (tmp_path / ".aws").mkdir()
        (tmp_path / ".aws" / "config").write_text(
            f"[default]\ncredential_process = touch {tmp_path}/was-run\n"
        )
        done = self.check(keyless(), tmp_path, {})
        assert done.returncode == 1 and "slotd runs no programs" in done.stderr
        assert not (tmp_path / "was-run").exists()

    @pytest.mark.parametrize(
        "s3, environment",
        [({}, {}), ({"instance_metadata": True}, {"AWS_EC2_METADATA_DISABLED": "true"})],
    )
    def test_nothing_is_set_up(self, s3, environment, metadata, tmp_path):
        """It does not start, and does not ask an address that nobody gave it."""
        environment = {**metadata.environment, **environment}
        path = write_settings(keyless(s3), tmp_path)
        for name, status in [("check", 1), ("serve", CONFIGURATION)]:
            done = command(name, "--config", path, environment=surroundings(tmp_path, environment))
            assert done.returncode == status
            assert "there is no access key; set s3.access_key_id" in done.stderr
        assert metadata.requests == []

    @staticmethod
    def check(values, directory, environment):
        return command(
            *("check", "--config", write_settings(values, directory)),
            environment=surroundings(directory, environment),
        )


class TestFilesThatChange:
    def test_a_secret_of_the_configuration(self, start, sessions, tmp_path):
        old, new = sessions.new(token=False), sessions.new(token=False)
        key_id, secret = tmp_path / "id", tmp_path / "secret"
        key_id.write_text(old.access_key_id + "\n")
        secret.write_text(old.secret)
        values = keyless({"access_key_id_file": str(key_id), "secret_access_key_file": str(secret)})
        slotd = start({}, values)
        assert judge(sessions, ask(slotd).put) == old
        # One after the other, as many do: nothing may be signed with half of each.
        key_id.write_text(new.access_key_id + "\n")
        time.sleep(0.3)
        assert judge(sessions, ask(slotd).put) == old
        secret.write_text(new.secret)
        slotd.wait_until(lambda: judge(sessions, ask(slotd).put) == new, 5)

    def test_a_secret_that_is_mounted(self, start, sessions, tmp_path):
        """As Kubernetes does it: the file is a link, and a directory on its way is exchanged."""
        old, new = sessions.new(token=False), sessions.new(token=False)
        for session in (old, new):
            (tmp_path / session.access_key_id).mkdir()
            (tmp_path / session.access_key_id / "id").write_text(session.access_key_id)
            (tmp_path / session.access_key_id / "secret").write_text(session.secret)
        data = tmp_path / "data"
        data.symlink_to(old.access_key_id)
        values = keyless(
            {
                "access_key_id_file": str(data / "id"),
                "secret_access_key_file": str(data / "secret"),
            }
        )
        slotd = start({}, values)
        assert judge(sessions, ask(slotd).put) == old
        (tmp_path / "next").symlink_to(new.access_key_id)
        os.replace(tmp_path / "next", data)
        slotd.wait_until(lambda: judge(sessions, ask(slotd).put) == new, 5)

    def test_the_half_that_stands_in_the_configuration(self, start, sessions, tmp_path):
        old = sessions.new(token=False)
        new = dataclasses.replace(old, secret="of-the-same-name")
        (tmp_path / "id").write_text(old.access_key_id)
        half = {"access_key_id_file": str(tmp_path / "id")}
        slotd = start({}, keyless({**half, "secret_access_key": old.secret}))
        assert judge(sessions, ask(slotd).put) == old
        write_settings(
            keyless({**half, "secret_access_key": new.secret}), slotd.configuration.parent
        )
        slotd.process.send_signal(signal.SIGHUP)
        slotd.wait_until(lambda: "loaded anew" in slotd.output(), 5)
        sessions.all[new.access_key_id] = new
        assert judge(sessions, ask(slotd).put) == new

    def test_a_shared_file(self, start, sessions, tmp_path):
        path = tmp_path / ".aws" / "credentials"
        old, new = sessions.new(), sessions.new()
        write_profile(path, old)
        slotd = start({})
        assert judge(sessions, ask(slotd).put) == old
        # Half of it, and for long: the old key stays, and the log says why.
        path.write_text(f"[default]\naws_access_key_id = {new.access_key_id}\n")
        slotd.wait_until(lambda: "could not be renewed" in slotd.output(), 5)
        assert "half a key" in slotd.output()
        assert judge(sessions, ask(slotd).put) == old
        assert slotd.get("/readyz").status == 200
        write_profile(path, new)
        slotd.wait_until(lambda: judge(sessions, ask(slotd).put) == new, 5)

    def test_a_reload_leaves_no_gap(self, start, sessions, container):
        slotd = start(container.environment)
        first_slot(slotd)
        session = container.issued[-1]
        container.trouble = 500
        slotd.process.send_signal(signal.SIGHUP)
        slotd.wait_until(lambda: "configuration loaded anew" in slotd.output(), 5)
        for _ in range(20):
            assert judge(sessions, ask(slotd).put) == session
        assert len(container.requests) == 1


def test_the_end_is_a_metric(start, sessions, container):
    slotd = start(container.environment)
    first_slot(slotd)
    name = "slotd_credentials_expiry_timestamp_seconds"
    samples = scrape(slotd)
    assert samples[key(name, host="upload.@HOST@")] == container.issued[-1].expires_at


def test_a_key_that_lasts_is_told_from_one_that_ends(start, sessions, tmp_path):
    write_profile(tmp_path / ".aws" / "credentials", sessions.new(token=False))
    name = "slotd_credentials_expiry_timestamp_seconds"
    assert scrape(start({}))[key(name, host="upload.@HOST@")] == float("inf")


def test_a_session_shortens_the_url(start, sessions, container):
    container.seconds = 100
    slotd = start(container.environment, keyless(expiration_time=3600))
    url = first_slot(slotd).put
    session = judge(sessions, url)
    left = session.expires_at - int(time.time())
    assert left - 8 <= int(query(url)["X-Amz-Expires"]) <= left
    asked = ask_json(slotd, {**FIELDS, "expiration_time": 7})
    assert "X-Amz-Expires=7&" in asked.text
