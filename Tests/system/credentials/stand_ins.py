"""Stand-ins for STS, a container's credentials endpoint and the metadata service of EC2.

Each knows every byte of every request that it should get. What is not exactly that is kept in
`wrong`, and answered with 400; a test that ends with anything in there fails.
"""

import json
import socket
import threading
from contextlib import contextmanager, suppress
from urllib.parse import quote

from sessions import Session, Sessions


class StandIn:
    """A server on loopback that answers one request a connection, on a thread for each."""

    def __init__(self, sessions: Sessions):
        self.sessions = sessions
        # Seconds that the sessions last which are handed out.
        self.seconds = 3600
        # What it answers instead of what it should: a status, or "hang".
        self.trouble: int | str | None = None
        self.requests: list[bytes] = []
        self.issued: list[Session] = []
        self.wrong: list[str] = []
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.authority = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.url = f"http://{self.authority}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._stopped.set()
        # A socket that a thread waits at is only closed when that has noticed.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def issue(self) -> Session:
        session = self.sessions.new(self.seconds)
        self.issued.append(session)
        return session

    def answer(self, request: bytes) -> tuple[int, str, bytes]:
        """Status, media type and body for a request; raises AssertionError for a wrong one."""
        raise NotImplementedError

    def expected(self, method: str, path: str, *fields: str, body: str = "") -> bytes:
        """The one way in which a request may be written."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.authority}", *fields]
        return ("\r\n".join([*lines, "", ""]) + body).encode()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket):
        with connection:
            connection.settimeout(10)
            request = b""
            while not (length := _complete(request)):
                more = connection.recv(65536)
                if not more:
                    return
                request += more
            if length < len(request):
                self.wrong.append(f"more than one request: {request!r}")
            self.requests.append(request)
            if self.trouble == "hang":
                self._stopped.wait(30)
                return
            issued = len(self.issued)
            try:
                status, media_type, body = self.answer(request)
            except AssertionError as error:
                self.wrong.append(f"{error}\n{request!r}")
                status, media_type, body = 400, "text/plain", b""
            if isinstance(self.trouble, int):
                del self.issued[issued:]
                status, media_type, body = self.trouble, "text/plain", b"out of order"
            head = (
                f"HTTP/1.1 {status} Whatever\r\nContent-Type: {media_type}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            connection.sendall(head.encode() + body)


def _complete(request: bytes) -> int:
    """The length of the request, where all of it is there; else 0."""
    end = request.find(b"\r\n\r\n") + 4
    if end < 4:
        return 0
    for line in request[:end].split(b"\r\n"):
        name, _, value = line.partition(b": ")
        if name.lower() == b"content-length":
            end += int(value)
    return end if len(request) >= end else 0


class STS(StandIn):
    """AssumeRoleWithWebIdentity."""

    role = "arn:aws:iam::123456789012:role/uploads"
    session_name = "slotd@xmpp"
    # The content of the token's file.
    token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln+/="
    # The code of an error to answer with.
    error: str | None = None

    def answer(self, request):
        body = (
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
            f"&RoleArn={quote(self.role, safe='')}"
            f"&RoleSessionName={quote(self.session_name, safe='')}"
            f"&WebIdentityToken={quote(self.token, safe='')}"
        )
        fields = [
            "Accept: */*",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        assert request == self.expected("POST", "/", *fields, body=body)
        if self.error:
            text = (
                "<ErrorResponse><Error><Type>Sender</Type>"
                f"<Code>{self.error}</Code><Message>Not so.</Message></Error></ErrorResponse>"
            )
            return 403, "text/xml", text.encode()
        return 200, "text/xml", self.issue().xml.encode()

    def environment(self, token_file) -> dict:
        token_file.write_text(self.token + "\n")
        return {
            "AWS_WEB_IDENTITY_TOKEN_FILE": str(token_file),
            "AWS_ROLE_ARN": self.role,
            "AWS_ROLE_SESSION_NAME": self.session_name,
            "AWS_ENDPOINT_URL_STS": self.url,
        }


class Container(StandIn):
    """The credentials endpoint of ECS and EKS."""

    path = "/v1/credentials?of=slotd"
    authorization = "Bearer the-first-token"

    def answer(self, request):
        fields = ["Accept: application/json", f"Authorization: {self.authorization}"]
        assert request == self.expected("GET", self.path, *fields)
        return 200, "application/json", json.dumps(self.issue().json).encode()

    @property
    def environment(self) -> dict:
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": self.url + self.path,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self.authorization,
        }


class Metadata(StandIn):
    """The metadata service of EC2, version 2."""

    role = "uploads+role@example"

    def __init__(self, sessions):
        super().__init__(sessions)
        self.tokens: list[str] = []

    def answer(self, request):
        roles = "/latest/meta-data/iam/security-credentials/"
        if request.startswith(b"PUT"):
            fields = ["Accept: */*", "X-aws-ec2-metadata-token-ttl-seconds: 60"]
            assert request == self.expected(
                "PUT", "/latest/api/token", *fields, "Content-Length: 0"
            )
            self.tokens.append(f"AQAEA{len(self.tokens)}==")
            return 200, "text/plain", self.tokens[-1].encode()
        assert self.tokens, "no token was asked for"
        fields = ["Accept: */*", f"X-aws-ec2-metadata-token: {self.tokens[-1]}"]
        if request == self.expected("GET", roles, *fields):
            return 200, "text/plain", self.role.encode()
        assert request == self.expected("GET", roles + self.role, *fields)
        body = {"Code": "Success", "Type": "AWS-HMAC", **self.issue().json}
        return 200, "text/plain", json.dumps(body, indent=2).encode()

    @property
    def environment(self) -> dict:
        return {"AWS_EC2_METADATA_SERVICE_ENDPOINT": self.url}


@contextmanager
def running(stand_in: StandIn):
    try:
        yield stand_in
    finally:
        stand_in.stop()
        assert stand_in.wrong == []
