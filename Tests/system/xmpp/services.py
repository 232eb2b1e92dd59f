"""What stands behind the upload services: slotd with a bucket, and the stub."""

import sys
import tempfile
from pathlib import Path

from servers import ACCOUNTS

from support.program import Program, free_port
from support.slotd import Slotd, settings

TOKEN = "0123456789abcdef-token"

# Bytes that slotd takes at each service.
LIMITS = {
    "upload.one.test": 6 << 20,
    "upload.two.test": 1000,
    "upload.gone.test": 77,
    "upload.unix.test": 1000,
    "upload.old.test": 1000,
}

# Seconds that the servers give the stub; they give slotd the default of five.
STUB_TIMEOUT = 3


class Service:
    """A slotd that can be stopped, and started again at its place."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.socket = directory / "slotd.sock"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        tokens = directory / "tokens"
        tokens.write_text(f"{TOKEN}\n")
        tokens.chmod(0o600)
        hosts = {
            host: {
                "access": [jid for jid in ACCOUNTS if jid != "mercutio@one.test"],
                "max_file_size": limit,
                "service_name": f"Files of {host}",
                "backend": "embedded",
            }
            for host, limit in LIMITS.items()
        }
        listen = [f"127.0.0.1:{port}", f"unix:{self.socket}"]
        embedded = {"directory": str(directory / "bucket"), "listen": f"127.0.0.1:{free_port()}"}
        self.values = settings(hosts, listen=listen, tokens_file=str(tokens), embedded=embedded)
        self.start()

    def start(self):
        # Each run with a log of its own.
        run = Path(tempfile.mkdtemp(dir=self.directory))
        self.program = Slotd(self.values, run)
        # ejabberd is another user.
        self.socket.chmod(0o777)

    def stop(self):
        self.program.__exit__()


class Stub(Program):
    def __init__(self, directory: Path):
        port = free_port()
        here = Path(__file__).parent
        super().__init__([sys.executable, here / "stub_slotd.py", port], directory / "stub.log")
        self.url = f"http://127.0.0.1:{port}"
