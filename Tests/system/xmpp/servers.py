"""Real XMPP servers, started by hand: loopback ports, temporary directories, no Debian service."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from session import PASSWORD, Session

from support.program import Program, free_port

ROOT = Path(__file__).parents[3]

# The accounts. Their server forbids tybalt to upload, slotd forbids mercutio.
ACCOUNTS = [
    "romeo@one.test",
    "tybalt@one.test",
    "mercutio@one.test",
    "juliet@two.test",
    "nurse@stub.test",
    "friar@dead.test",
    "paris@gone.test",
    "rosaline@unix.test",
    "sampson@old.test",
]


def make_certificate(directory: Path) -> tuple[Path, Path]:
    """A certificate that nobody vouches for, for clients that insist on TLS."""
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ),
            *("-nodes", "-days", "2", "-subj", "/CN=one.test", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


def give_to(user: str, directory: Path) -> list[str]:
    """Lets `user` own the directory; the command that makes one of root's programs that user's."""
    if os.geteuid() != 0:
        return []
    subprocess.run(["chown", "-R", f"{user}:", directory], check=True)
    return ["setpriv", "--reuid", user, "--regid", user, "--init-groups"]


class Server(Program):
    """A running XMPP server; sessions are kept, as clients keep them."""

    def __exit__(self, *_):
        for session in self.sessions.values():
            session.close()
        self.stop()

    def __enter__(self):
        return self

    @contextmanager
    def stopped_on_failure(self):
        """A server that does not come up is not left behind."""
        try:
            yield
        except BaseException:
            self.stop()
            raise

    def session(self, jid: str) -> Session:
        """The session of an account that the tests share."""
        if jid not in self.sessions:
            self.sessions[jid] = Session(self.port, jid)
        return self.sessions[jid]

    def open(self) -> bool:
        """Whether clients can connect."""
        try:
            Session(self.port, ACCOUNTS[0]).close()
        except (OSError, AssertionError):
            return False
        return True


class Ejabberd(Server):
    """Debian's ejabberd, with mod_slotd installed the way an operator does it."""

    software = "ejabberd"

    def __init__(self, services: dict[str, dict], directory: Path):
        self.sessions = {}
        self.directory, self.services = directory, services
        self.port, self.api_port = free_port(), free_port()
        key, certificate = make_certificate(directory)
        (directory / "both.pem").write_text(certificate.read_text() + key.read_text())
        sources = directory / "modules" / "sources"
        shutil.copytree(ROOT / "deploy/ejabberd/mod_slotd", sources / "mod_slotd")
        self.configuration = directory / "ejabberd.yml"
        self.configuration.write_text(json.dumps(self._settings({})))
        # The server dies with the test run: so its Erlang asks for a signal when its parent dies.
        wrapper = directory / "erl"
        wrapper.write_text('#!/bin/sh\nexec setpriv --pdeathsig KILL -- erl "$@"\n')
        wrapper.chmod(0o755)
        (directory / "ejabberdctl.cfg").write_text(f"ERL={wrapper}\n")
        shutil.copy("/etc/ejabberd/inetrc", directory)
        self.environment = {
            **os.environ,
            "HOME": str(directory),
            "ERLANG_NODE": f"slotd{self.port}@localhost",
            "ERL_DIST_PORT": str(free_port()),
            "CONFIG_DIR": str(directory),
            "LOGS_DIR": str(directory),
            "SPOOL_DIR": str(directory / "spool"),
            "EJABBERD_CONFIG_PATH": str(self.configuration),
            "EJABBERDCTL_CONFIG_PATH": str(directory / "ejabberdctl.cfg"),
            "EJABBERD_PID_PATH": str(directory / "pid"),
            "CONTRIB_MODULES_PATH": str(directory / "modules"),
        }
        self.as_user = give_to("ejabberd", directory)
        super().__init__(
            [*self.as_user, "setpriv", "--pdeathsig", "KILL", "--", "ejabberdctl", "foreground"],
            directory / "output.log",
            env=self.environment,
            cwd=directory,
        )
        with self.stopped_on_failure():
            self.wait_until(self._register)
            self.installed = self.control("module_install", "mod_slotd")
            self.configure({})
            self.control("reload_config")
            self.wait_until(self.open)

    def configure(self, changes: dict):
        """Writes ejabberd.yml anew with other options for some hosts; None removes the module."""
        services = {**self.services, **changes}
        self.configuration.write_text(json.dumps(self._settings(services)))

    def control(self, *arguments: str) -> str:
        """Runs ejabberdctl; what it said."""
        done = subprocess.run(
            [*self.as_user, "ejabberdctl", *arguments],
            env=self.environment,
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, f"ejabberdctl {arguments}: {done.stdout} {done.stderr}"
        return done.stdout

    def log_text(self) -> str:
        return (self.directory / "ejabberd.log").read_text()

    def stop(self, seconds: float = 15, **_):
        # Of the shell and its Erlang, only the latter knows how to end.
        if (pid := self.directory / "pid").exists() and self.process.poll() is None:
            os.kill(int(pid.read_text()), 15)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def _register(self) -> bool:
        """Makes the accounts, by the API that is there once the server is."""
        try:
            for jid in ACCOUNTS:
                user, host = jid.split("@")
                body = json.dumps({"user": user, "host": host, "password": PASSWORD}).encode()
                url = f"http://127.0.0.1:{self.api_port}/api/register"
                fields = {"Content-Type": "application/json"}
                with urllib.request.urlopen(urllib.request.Request(url, body, fields), timeout=10):
                    pass
        except OSError:
            time.sleep(0.1)
            return False
        return True

    def _settings(self, services: dict) -> dict:
        """ejabberd.yml; JSON is YAML."""
        hosts = {}
        for host, service in services.items():
            options = {k: v for k, v in (service or {}).items() if k != "built_in"}
            if service and "built_in" in service:
                hosts[host] = {"modules": {"mod_http_upload": {"service_url": options["url"]}}}
            elif service:
                hosts[host] = {"modules": {"mod_slotd": {"access": "upload", **options}}}
        return {
            "hosts": list(self.services),
            "loglevel": "info",
            "certfiles": [str(self.directory / "both.pem")],
            "auth_password_format": "scram",
            "acl": {
                "local": {"user_regexp": ""},
                "forbidden": {"user": ["tybalt@one.test"]},
                "loopback": {"ip": ["127.0.0.0/8"]},
            },
            "access_rules": {
                "local": [{"allow": "local"}],
                "upload": [{"deny": "forbidden"}, {"allow": "local"}],
            },
            "api_permissions": {
                "tests": {
                    "from": ["mod_http_api", "ejabberd_ctl"],
                    "who": {"acl": "loopback"},
                    "what": "*",
                }
            },
            "listen": [
                {"port": self.port, "ip": "127.0.0.1", "module": "ejabberd_c2s", "starttls": True},
                {
                    "port": self.api_port,
                    "ip": "127.0.0.1",
                    "module": "ejabberd_http",
                    "request_handlers": {"/api": "mod_http_api"},
                },
            ],
            "modules": {"mod_disco": {}, "mod_http_api": {}, "mod_ping": {}},
            "append_host_config": hosts,
        }


class Prosody(Server):
    """Debian's Prosody, with mod_slotd found where it lies."""

    software = "prosody"

    def __init__(self, services: dict[str, dict], directory: Path):
        self.sessions = {}
        self.directory, self.port = directory, free_port()
        key, certificate = make_certificate(directory)
        for jid in ACCOUNTS:
            user, host = jid.split("@")
            accounts = directory / "data" / host.replace(".", "%2e") / "accounts"
            accounts.mkdir(parents=True, exist_ok=True)
            (accounts / f"{user}.dat").write_text(f'return {{ ["password"] = "{PASSWORD}" }};\n')
        shutil.copytree(ROOT / "deploy/prosody", directory / "modules")
        configuration = directory / "prosody.cfg.lua"
        configuration.write_text(
            self._settings(key, certificate)
            + "".join(self._host(*service) for service in services.items())
        )
        user = give_to("prosody", directory)
        super().__init__(
            [
                *user,
                "setpriv",
                "--pdeathsig",
                "KILL",
                "--",
                "prosody",
                "-F",
                "--config",
                configuration,
            ],
            directory / "output.log",
            cwd=directory,
        )
        with self.stopped_on_failure():
            self.wait_until(self.open)

    def log_text(self) -> str:
        return (self.directory / "prosody.log").read_text()

    def _settings(self, key: Path, certificate: Path) -> str:
        return f"""
            data_path = "{self.directory}/data"
            pidfile = "{self.directory}/pid"
            log = {{ info = "{self.directory}/prosody.log" }}
            plugin_paths = {{ "{self.directory}/modules" }}
            interfaces = {{ "127.0.0.1" }}
            c2s_ports = {{ {self.port} }}
            s2s_ports = {{}}
            modules_enabled = {{ "disco", "saslauth", "tls", "ping", "roster" }}
            modules_disabled = {{ "s2s" }}
            authentication = "internal_plain"
            storage = "internal"
            c2s_require_encryption = false
            allow_unencrypted_plain_auth = true
            ssl = {{ key = "{key}", certificate = "{certificate}" }}
            """

    def _host(self, host: str, service: dict) -> str:
        names = {"url": "slotd_url", "token": "slotd_token", "timeout": "slotd_timeout"}
        names["max_requests"] = "slotd_max_requests"
        options = "".join(
            f"\n{names[k]} = {json.dumps(v)}" for k, v in service.items() if k in names
        )
        allowed = ", ".join(f'"{jid}"' for jid in ACCOUNTS if jid != "tybalt@one.test")
        return f"""
            VirtualHost "{host}"
            Component "upload.{host}" "slotd"
            slotd_access = {{ {allowed} }}{options}
            """
