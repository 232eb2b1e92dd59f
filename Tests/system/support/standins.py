"""Servers that are no bucket: they refuse, hang, or are not to be trusted."""

import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def s3_error(code: str, message: str = "", **more: str) -> bytes:
    """The document that an S3 server refuses with."""
    rest = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message>{rest}</Error>"
    ).encode()


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        received = {name.lower(): value for name, value in self.headers.items()}
        request = (self.command, self.path, received, self.rfile.read(length))
        status, fields, body = self.server.respond(*request)
        # A Date of the test's own takes the place of the true one.
        (self.send_response_only if "Date" in fields else self.send_response)(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = answer


@contextmanager
def answering(respond, certificate: Path | None = None):
    """A server that answers `respond(method, target, fields, body)`; its URL.

    The names of the fields are in lower case.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
    server.respond = respond
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def always(status: int, body: bytes = b"", **fields: str):
    """The same answer to everything."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return lambda *_: (status, named, body)


@contextmanager
def hanging():
    """A server that takes connections and says nothing; its URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def certificate(directory: Path, *, name: str = "127.0.0.1", days: int = 30) -> Path:
    """A certificate that nobody vouches for, with its key."""
    path = directory / f"{name}-{days}.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        f" -days {days} -subj /CN={name} -addext subjectAltName=IP:{name}"
    )
    files = ["-keyout", path, "-out", f"{path}.crt"]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    with path.open("ab") as file:
        file.write(Path(f"{path}.crt").read_bytes())
    return path
