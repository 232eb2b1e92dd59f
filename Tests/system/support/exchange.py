"""HTTP/1.1 as a test wants it: every byte chosen when sending, every byte judged when receiving."""

import json
import re
import socket
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """One response. Field names are lower-case; one that comes twice is the server's fault."""

    status: int
    fields: dict[str, str]
    body: bytes
    head: bytes = field(repr=False, default=b"")

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media_type(self) -> str | None:
        return self.fields.get("content-type", "").partition(";")[0] or None

    def json(self):
        return json.loads(self.body)


class Unanswered(AssertionError):
    """The server closed before it had sent a byte of the answer."""


class Connection:
    """A connection to one listener: `host:port`, `[v6]:port` or `unix:/path`."""

    def __init__(self, address: str, timeout: float = 10):
        self.authority = "localhost"
        if address.startswith("unix:"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(timeout)
            try:
                self.socket.connect(address.removeprefix("unix:"))
            except OSError:
                self.socket.close()
                raise
        else:
            self.authority = address
            host, _, port = address.rpartition(":")
            self.socket = socket.create_connection((host.strip("[]"), int(port)), timeout)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes | str):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def finish(self):
        """Half-closes: nothing more will be sent, answers are still wanted."""
        self.socket.shutdown(socket.SHUT_WR)

    def ask(self, method: str, target: str, body: bytes | str | None = None, **fields) -> Answer:
        """A well-formed request and its answer; `content_type=…` is the field Content-Type."""
        self.send(request(method, target, body, host=self.authority, **fields))
        return self.answer(method)

    def answer(self, method: str = "GET") -> Answer:
        """The next final response, as strictly as RFC 9112 lets a server write it."""
        while 100 <= (status := self._head())[0] < 200:
            pass
        code, fields, head = status
        if method == "HEAD" or code in (204, 304):
            return Answer(code, fields, b"", head)
        assert "transfer-encoding" not in fields, f"a slot server knows its lengths: {head!r}"
        return Answer(code, fields, self._take(int(fields["content-length"])), head)

    def interim(self) -> int:
        """The status of the next response, which must be an interim one."""
        code, _, head = self._head()
        assert 100 <= code < 200, head
        return code

    def ended(self) -> bytes:
        """Everything until the server closes; fails where it does not within the timeout."""
        while data := self._receive():
            self.received += data
        rest, self.received = self.received, b""
        return rest

    def silent(self, seconds: float) -> bool:
        """Whether the server neither says anything nor closes for that long."""
        self.socket.settimeout(seconds)
        try:
            self.received += self.socket.recv(65536)
            return False
        except TimeoutError:
            return True

    def _receive(self) -> bytes:
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""

    def _take(self, count: int) -> bytes:
        while len(self.received) < count:
            data = self._receive()
            assert data, f"the server closed in the middle of an answer, after {self.received!r}"
            self.received += data
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    def _head(self):
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            if not (data := self._receive()):
                kind = AssertionError if self.received else Unanswered
                raise kind(f"the server closed before the end of a head, after {self.received!r}")
            self.received += data
        head = self._take(end + 4)
        status_line, *lines = head[:-4].split(b"\r\n")
        match = re.fullmatch(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [\x20-\x7e]*", status_line)
        assert match, f"no status line of RFC 9112 section 4: {status_line!r}"
        fields = {}
        for line in lines:
            parts = re.fullmatch(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\x20-\x7e]*)", line)
            assert parts, f"no field line of RFC 9112 section 5: {line!r}"
            name = parts[1].decode().lower()
            assert name not in fields, f"{name} comes twice: {head!r}"
            fields[name] = parts[2].decode()
        return int(match[1]), fields, head


def request(method: str, target: str, body=None, *, host: str = "localhost", **fields) -> bytes:
    """The bytes of a well-formed request."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    body = body.encode() if isinstance(body, str) else body
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")
