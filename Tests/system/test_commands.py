"""The command line: get-url, check, and how every command takes wrong usage and wrong files."""

import json
import os
import re
import subprocess
from urllib.parse import urlsplit

import pytest

from support.slotd import command, executable, host, settings, write_settings
from support.slots import get, put

USAGE = 64  # EX_USAGE of sysexits(3)
CONFIGURATION = 78  # EX_CONFIG


@pytest.fixture(scope="module")
def configuration(tmp_path_factory):
    hosts = {"upload.@HOST@": host(max_file_size=30000), "upload.other.example": host()}
    return write_settings(settings(hosts), tmp_path_factory.mktemp("configuration"))


class TestGetURL:
    def run(self, configuration, *arguments):
        arguments = arguments or ("--filename", "a b.txt", "--size", "123")
        domain = () if "--domain" in arguments else ("--domain", "montague.example")
        return command("get-url", "--config", configuration, *domain, *arguments)

    def test_lines(self, configuration):
        done = self.run(configuration)
        assert (done.returncode, done.stderr) == (0, "")
        match = re.fullmatch(r"PutURL: (\S+)\nGetURL: (\S+)\n", done.stdout)
        assert match and match[1].startswith(match[2] + "?")
        assert match[2].endswith("/a%20b.txt")

    def test_the_self_test_that_mongooseim_documents(self, configuration):
        line = (
            f"{executable()} get-url --config {configuration} --domain montague.example"
            " --filename test.jpg --size 50 --content-type image/jpeg --timeout 600"
        )
        for name in ("PutURL", "GetURL"):
            script = f"{line} | awk '/{name}:/ {{print $2}}'"
            done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
            assert re.fullmatch(r"https://\S+/test\.jpg\S*\n", done.stdout)

    def test_json(self, configuration):
        done = self.run(configuration, "--filename", "a b.txt", "--size", "123", "--format", "json")
        assert done.returncode == 0
        slot = json.loads(done.stdout)
        assert slot["put"]["url"].startswith(slot["get"]["url"] + "?X-Amz-")
        assert slot["put"]["headers"] == []

    @pytest.mark.parametrize("name", ["a b.txt", "it's (1) $HOME `x`.jpg", "100%.jpg"])
    def test_curl_lines_can_be_pasted(self, rclone, tmp_path, name):
        values = settings({"upload.@HOST@": host(rclone.settings, get="presigned")})
        (tmp_path / name).write_bytes(b"pasted")
        done = self.run(
            write_settings(values, tmp_path),
            *("--filename", name, "--size", "6", "--format", "curl"),
        )
        assert done.returncode == 0, done.stderr
        upload, download = done.stdout.splitlines()

        def paste(line):
            surroundings = {**os.environ, "no_proxy": "*"}
            subprocess.run(["sh", "-ec", line], cwd=tmp_path, check=True, env=surroundings)

        paste(upload)
        (tmp_path / name).unlink()
        paste(download)
        assert (tmp_path / name).read_bytes() == b"pasted"

    def test_a_url_of_the_command_line_works(self, rclone, tmp_path):
        values = settings({"upload.@HOST@": host(rclone.settings, get="presigned")})
        done = self.run(
            write_settings(values, tmp_path), "--filename", "très cool.jpg", "--size", "3"
        )
        urls = dict(line.split(": ") for line in done.stdout.splitlines())
        assert put(urls["PutURL"], b"abc") == 200
        assert get(urls["GetURL"]) == (200, b"abc")

    def test_timeout_and_type_reach_the_url(self, configuration):
        done = self.run(
            configuration,
            *("--filename", "x", "--size", "1", "--timeout", "77", "--content-type", "image/png"),
        )
        assert "X-Amz-Expires=77&" in done.stdout

    @pytest.mark.parametrize(
        "arguments, status, words",
        [
            (["--filename", "x", "--size", "30001"], 1, ["30000"]),
            (["--filename", "x", "--size", "1" + "0" * 30], 1, ["30000"]),
            (["--filename", "x", "--size", "0"], None, ["size"]),
            (["--filename", "", "--size", "1"], None, ["filename"]),
            (["--filename", "x"], USAGE, ["--size"]),
            (["--filename", "x", "--size", "1", "--format", "yaml"], USAGE, ["yaml"]),
            (["--filename", "x", "--size", "1", "--timeout", "604800"], None, ["604799"]),
            (["--filename", "x", "--size", "1", "--no-such-option"], USAGE, ["--no-such-option"]),
        ],
    )
    def test_what_it_refuses(self, configuration, arguments, status, words):
        done = self.run(configuration, *arguments)
        assert done.returncode == status or (status is None and done.returncode in (1, USAGE))
        assert done.stdout == ""
        for word in words:
            assert word in done.stderr, done.stderr


class TestCheck:
    def test_a_good_file(self, configuration):
        done = command("check", "--config", configuration)
        assert (done.returncode, done.stderr) == (0, "")

    def test_all_mistakes_at_once_each_with_its_place(self, tmp_path):
        path = tmp_path / "slotd.toml"
        lines = [
            'listen = ["127.0.0.1:99999"]',  # 1: no port
            "worker = 2",  # 2: no such key
            "head_timeout = 0",  # 3: out of range
            "",
            '[hosts."upload.@HOST@"]',
            'expiration_time = "60"',  # 6: wrong type
            "token_bytes = 8",  # 7: too small
            'sign_content_type = "sometimes"',  # 8: no choice of these
            's3.bucket_url = "ftp://example.org/b"',  # 9: no web address
            's3.region = "eu-west-1"',
            's3.access_key_id = "AKIAIOSFODNN7EXAMPLE"',
            's3.secret_access_key_file = "/no/such/file"',  # 12: cannot be read
        ]
        path.write_text("\n".join(lines) + "\n")
        done = command("check", "--config", path)
        assert done.returncode == 1
        found = re.findall(rf"^{re.escape(str(path))}:(\d+): (.+)$", done.stderr, re.MULTILINE)
        assert [int(line) for line, _ in found] == [1, 2, 3, 6, 7, 8, 9, 12], done.stderr
        for (line, sentence), word in zip(
            found,
            [
                *("listen", "workers", "head_timeout", "expiration_time"),
                *("token_bytes", "sign_content_type", "bucket_url", "/no/such/file"),
            ],
            strict=True,
        ):
            assert word in sentence, (line, sentence)
        serve = command("serve", "--config", path)
        assert serve.returncode == CONFIGURATION
        assert re.findall(r":(\d+): ", serve.stderr) == [line for line, _ in found]

    def test_a_file_that_is_no_toml(self, tmp_path):
        path = tmp_path / "slotd.toml"
        path.write_text('listen = ["127.0.0.1:0"]\nworkers = = 2\n')
        done = command("check", "--config", path)
        assert done.returncode == 1
        assert f"{path}:2:" in done.stderr

    @pytest.mark.parametrize("name", ["check", "serve"])
    def test_a_file_that_is_not_there(self, tmp_path, name):
        done = command(name, "--config", tmp_path / "none.toml")
        assert done.returncode == {"check": 1, "serve": CONFIGURATION}[name]
        assert "none.toml" in done.stderr and len(done.stderr.strip().splitlines()) == 1

    def test_secrets_are_not_printed(self, tmp_path):
        values = settings(tokens=["a-token-that-nobody-may-read"], workers=-1)
        done = command("check", "--config", write_settings(values, tmp_path))
        assert done.returncode == 1
        for secret in ("a-token-that-nobody-may-read", "wJalrXUtnFEMI"):
            assert secret not in done.stderr + done.stdout


@pytest.mark.parametrize("arguments", [["no-such-command"], ["serve", "--no-such"], ["serve", "x"]])
def test_wrong_usage(arguments):
    done = command(*arguments)
    assert done.returncode == USAGE
    assert done.stdout == "" and done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["--version"]])
def test_help_is_no_error(arguments):
    done = command(*arguments)
    assert done.returncode == 0 and done.stdout


def test_an_address_that_is_taken(start_slotd, tmp_path):
    slotd = start_slotd(settings())
    values = settings(listen=[slotd.addresses[0]])
    done = command("serve", "--config", write_settings(values, tmp_path))
    assert done.returncode not in (0, USAGE)
    assert slotd.addresses[0] in done.stderr


def test_every_key_can_come_from_the_environment(start_slotd):
    """The variable of a top key, and of a key of a host, win over the file."""
    slotd = start_slotd(
        settings(tokens=["the-token-of-the-file"]),
        {"SLOTD_TOKENS": "the-token-of-the-environment"},
    )
    target = "/slot?jid=a@b.example&name=x&size=1"
    assert slotd.get(target, authorization="Bearer the-token-of-the-file").status == 401
    granted = slotd.get(target, authorization="Bearer the-token-of-the-environment")
    assert granted.status == 200
    assert urlsplit(granted.text.split("\n")[0]).hostname == "s3-eu-west-1.amazonaws.com"
