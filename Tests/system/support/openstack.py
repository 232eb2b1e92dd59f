"""OpenStack Swift with its S3 interface: proxy, account, container and object server."""

import os
import socket
import threading
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import run

from support.program import Program, free_port
from support.s3 import BUCKET, REGION, S3Server, script
from support.slotd import ACCESS_KEY_ID, SECRET_ACCESS_KEY

SWIFT_CONF = """
[swift-hash]
swift_hash_path_prefix = one
swift_hash_path_suffix = two
[storage-policy:0]
name = one
default = yes
"""

COMMON = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {directory}
log_address = {directory}/log.sock
log_level = WARNING
"""

STORAGE = """
devices = {directory}/node
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper s3api tempauth copy slo dlo versioned_writes proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:s3api]
use = egg:swift#s3api
location = {region}
storage_domain = s3.localhost
[filter:tempauth]
paste.filter_factory = plain_tempauth:filter_factory
plain_key = {key}
user_xmpp_upload = {secret} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
"""

# tempauth wants access keys of the form account:user; this lets it know the same user by a plain
# key as well. The judgement of signatures stays Swift's own.
PLAIN_TEMPAUTH = """
from swift.common.middleware.tempauth import TempAuth

def filter_factory(global_conf, **local_conf):
    def make(app):
        auth = TempAuth(app, {**global_conf, **local_conf})
        auth.users[local_conf["plain_key"]] = auth.users["xmpp:upload"]
        return auth
    return make
"""

# Loggers made before the configuration is read go to UDP 514 otherwise.
SITECUSTOMIZE = """
import logging.handlers
logging.handlers.SysLogHandler.__init__.__defaults__ = ({address!r}, 1, None)
"""


def _ring(directory: Path, kind: str, port: int):
    """One partition map with one replica on one device."""
    builder = [script("swift-ring-builder"), f"{kind}.builder"]
    for step in ("create 2 1 1", f"add r1z1-127.0.0.1:{port}/d1 1", "rebalance"):
        run([*builder, *step.split()], cwd=directory, check=True, capture_output=True)


def _answers(port: int) -> bool:
    """Whether an HTTP server is there; what it says does not matter."""
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"http://127.0.0.1:{port}/"
        )
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _syslog(directory: Path) -> socket.socket:
    """A stand-in for syslog on a Unix socket: without one, Swift sends its log over the network."""
    sink = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sink.bind(str(directory / "log.sock"))

    def copy():
        with (directory / "swift.log").open("ab", buffering=0) as log:
            while line := sink.recv(65536):
                log.write(line + b"\n")

    threading.Thread(target=copy, daemon=True).start()
    return sink


@contextmanager
def openstack_swift(directory: Path):
    """Swift's four servers; `directory` has a short path and takes user attributes of files."""
    (directory / "node" / "d1").mkdir(parents=True)
    (directory / "swift.conf").write_text(SWIFT_CONF)
    (directory / "plain_tempauth.py").write_text(PLAIN_TEMPAUTH)
    (directory / "sitecustomize.py").write_text(
        SITECUSTOMIZE.format(address=str(directory / "log.sock"))
    )
    environment = {**os.environ, "SWIFT_DIR": str(directory), "PYTHONPATH": str(directory)}

    def start(kind: str, rest: str) -> tuple[Program, int]:
        values = {
            "directory": directory,
            "port": free_port(),
            "user": run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip(),
            "kind": kind,
            "region": REGION,
            "key": ACCESS_KEY_ID,
            "secret": SECRET_ACCESS_KEY,
        }
        configuration = directory / f"{kind}.conf"
        configuration.write_text((COMMON + rest).format(**values))
        if kind != "proxy":
            _ring(directory, kind, values["port"])
        server = Program(
            [script(f"swift-{kind}-server"), configuration],
            directory / f"{kind}.log",
            env=environment,
            cwd=directory,
        )
        stack.callback(server.stop)
        return server, values["port"]

    with _syslog(directory), ExitStack() as stack:
        servers = [start(kind, STORAGE) for kind in ("account", "container", "object")]
        servers.append(start("proxy", PROXY))
        for server, port in servers:
            server.wait_until(lambda port=port: _answers(port))
        swift = S3Server("OpenStack Swift", f"http://127.0.0.1:{servers[-1][1]}")
        swift.client().create_bucket(Bucket=BUCKET)
        yield swift
