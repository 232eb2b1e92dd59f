"""RFC 9112 from outside: one request a row, sent as raw bytes, with the section that decides."""

import contextlib

import pytest

from support.slotd import settings

BODY = '{"jid":"romeo@montague.example","filename":"x","size":1}'
SLOT = "/slot?jid=romeo@montague.example&name=x&size=1"
HOST = "Host: a\r\n"
POST = f"POST /slot HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n"
LENGTH = f"Content-Length: {len(BODY)}\r\n"
END = "\r\n"


@pytest.fixture(scope="module")
def slotd(start_shared_slotd):
    return start_shared_slotd(settings())


def get(target: str = "/livez", fields: str = HOST, version: str = "HTTP/1.1") -> str:
    return f"GET {target} {version}\r\n{fields}\r\n"


def chunked(body: str, coding: str = "chunked") -> str:
    return f"{POST}Transfer-Encoding: {coding}\r\n\r\n{body}"


def chunk(text: str, extension: str = "") -> str:
    return f"{len(text):x}{extension}\r\n{text}\r\n"


# Requests that are taken: raw bytes, status, why.
TAKEN = [
    (get(), 200, "§3: method, target, version"),
    (END + get(), 200, "§2.2: an empty line before the request line is passed over"),
    (get(fields="hOsT: a\r\n"), 200, "§5: field names have no case"),
    (get(fields="Host:a\r\n"), 200, "§5: no space behind the colon"),
    (get(fields="Host: \t a \t \r\n"), 200, "§5.1: space around a value is no part of it"),
    (get(fields="Host: a\r\nX:\r\n"), 200, "§5.5 of 9110: an empty value"),
    (get(fields="Host: a\r\nte: \r\n"), 200, "ejabberd sends an empty te"),
    (get(fields="Host: a\r\nX: \x80\xff\r\n"), 200, "§5.5 of 9110: obs-text is opaque"),
    (get(fields="Host: a:80\r\n"), 200, "§3.2: a port"),
    (get(fields="Host: [::1]:80\r\n"), 200, "§3.2: an IPv6 literal"),
    (get(fields="Host:\r\n"), 200, "§3.2: an empty Host is for targets without an authority"),
    (get("http://a/livez"), 200, "§3.2.2: absolute-form must be accepted"),
    (get("HTTP://a:80/livez"), 200, "§3.2.2: schemes have no case"),
    (get("/livez?x=%00"), 200, "a query that nobody reads"),
    (get(fields=HOST + "Content-Length: 0\r\n"), 200, "§6.3: a GET may have a body of nothing"),
    (get(fields=HOST + "Content-Length: 3\r\n") + "abc", 200, "§9.3.1 of 9110: or of something"),
    (get(fields="", version="HTTP/1.0"), 200, "§3.2: HTTP/1.0 needs no Host"),
    (get(fields=HOST + "X: 1\r\n" * 40), 200, "a name may come more than once"),
    (POST + LENGTH + END + BODY, 201, "§6.2: Content-Length"),
    (POST + f"Content-Length: 000{len(BODY)}\r\n\r\n{BODY}", 201, "§8.6 of 9110: leading zeros"),
    (chunked(chunk(BODY) + "0\r\n\r\n"), 201, "§7.1: one chunk"),
    (chunked("".join(map(chunk, BODY)) + "0\r\n\r\n"), 201, "§7.1: a chunk for each byte"),
    (chunked(chunk(BODY).upper().replace(BODY.upper(), BODY) + "0\r\n\r\n"), 201, "§7.1: hex"),
    (chunked(chunk(BODY, ";a=b") + "0;c\r\n\r\n"), 201, "§7.1.1: extensions are passed over"),
    (chunked(chunk(BODY) + "000\r\n\r\n"), 201, "§7.1: last-chunk is one zero or more"),
    (chunked(chunk(BODY) + "0\r\nX: 1\r\n\r\n"), 201, "§7.1.2: a trailer is passed over"),
    (chunked(chunk(BODY) + "0\r\n\r\n", "Chunked"), 201, "§7: codings have no case"),
    (f"HEAD /livez HTTP/1.1\r\n{HOST}\r\n", 200, "§9.3.2 of 9110: HEAD where GET is"),
    (f"OPTIONS * HTTP/1.1\r\n{HOST}\r\n", 204, "§3.2.4: asterisk-form"),
    (get("/nothing"), 404, "no such route"),
    (get("/slot/"), 404, "a path is compared whole"),
    (get("/SLOT"), 404, "paths have case"),
    (get("//livez"), 404, "no segment is dropped"),
    (get("/./livez"), 404, "dots are the sender's to remove, RFC 3986 §6.2.2"),
    (f"DELETE /slot HTTP/1.1\r\n{HOST}\r\n", 405, "§15.5.6 of 9110"),
    (f"POST /livez HTTP/1.1\r\n{HOST}Content-Length: 0\r\n\r\n", 405, "§15.5.6 of 9110"),
    (f"get /livez HTTP/1.1\r\n{HOST}\r\n", 405, "§9.1 of 9110: methods have case"),
    (f"BREW /livez HTTP/1.1\r\n{HOST}\r\n", 405, "a method that is a token"),
]

# Requests that are refused; nobody can say where the next one begins, so the connection ends.
REFUSED = [
    # Lines
    ("GET /livez HTTP/1.1\nHost: a\n\n", 400, "§2.2: bare LF"),
    (f"GET /livez HTTP/1.1\r\n{HOST}\n", 400, "§2.2: bare LF at the end of the head"),
    ("GET /livez HTTP/1.1\rHost: a\r\n\r\n", 400, "§2.2: bare CR"),
    (get(fields="Host: a\r\nX: a\rb\r\n"), 400, "§2.2: bare CR in a value"),
    (get(fields="Host: a\r\nX: a\r b\r\n"), 400, "§2.2: bare CR and a space"),
    (get(fields="Host: a\r\nX: a\0b\r\n"), 400, "§5.5 of 9110: NUL"),
    (get(fields="Host: a\r\nX: a\x01b\r\n"), 400, "§5.5 of 9110: a control character"),
    (get(fields="Host: a\r\nX: a\x7fb\r\n"), 400, "§5.5 of 9110: DEL"),
    # The request line
    (" GET /livez HTTP/1.1\r\nHost: a\r\n\r\n", 400, "§3: a space first"),
    ("GET  /livez HTTP/1.1\r\nHost: a\r\n\r\n", 400, "§3: two spaces"),
    ("GET\t/livez HTTP/1.1\r\nHost: a\r\n\r\n", 400, "§3: a tab"),
    ("GET /livez  HTTP/1.1\r\nHost: a\r\n\r\n", 400, "§3: two spaces before the version"),
    ("GET /livez HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "§3: a space behind the version"),
    ("GET /li vez HTTP/1.1\r\nHost: a\r\n\r\n", 400, "§3.2: a space in the target"),
    ("GET /livez\r\nHost: a\r\n\r\n", 400, "HTTP/0.9 is over"),
    ("GET\r\n\r\n", 400, "§3: a method alone"),
    ("G@T /livez HTTP/1.1\r\nHost: a\r\n\r\n", 400, "§3.1: a method is a token"),
    (get("livez"), 400, "§3.2.1: a path begins with a slash"),
    (get("/l\x01vez"), 400, "§3.2: a control character in the target"),
    (get("/lïvez"), 400, "§3.2: a target is ASCII"),
    (get("/livez#x"), 400, "§3.2: a fragment is not sent"),
    (get("*"), 400, "§3.2.4: * is for OPTIONS"),
    (get("ftp://a/livez"), 400, "§3.2.2: no scheme of ours"),
    ("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 501, "§9.3.6 of 9110: no proxy"),
    (get(version="HTTP/1.10"), 400, "§2.3: one digit"),
    (get(version="http/1.1"), 400, "§2.3: the name has case"),
    (get(version="HTTP/11"), 400, "§2.3: a dot"),
    (get(version="HTTP/2.0"), 505, "§15.6.6 of 9110"),
    (get(version="HTTP/0.9"), 505, "§15.6.6 of 9110"),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "the preface of HTTP/2"),
    ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "x" * 40, 400, "a TLS hello"),
    # Fields
    (get(fields="Host : a\r\n"), 400, "§5.1: space before the colon"),
    (get(fields="Host: a\r\nX : b\r\n"), 400, "§5.1: space before the colon"),
    (get(fields="Host: a\r\n b\r\n"), 400, "§5.2: folding"),
    (get(fields=" Host: a\r\n"), 400, "§2.2: space before the first field"),
    (get(fields="Host: a\r\nX: b\r\n\tc\r\n"), 400, "§5.2: folding with a tab"),
    (get(fields="Host: a\r\nno-colon\r\n"), 400, "§5: no colon"),
    (get(fields="Host: a\r\n: x\r\n"), 400, "§5.1: no name"),
    (get(fields="Host: a\r\nX(Y): x\r\n"), 400, "§5.1: a name is a token"),
    (get(fields="Host: a\r\nÜ: x\r\n"), 400, "§5.1: a name is ASCII"),
    # Host
    (get(fields=""), 400, "§3.2: no Host"),
    (get(fields="X: y\r\n"), 400, "§3.2: no Host"),
    (get(fields="Host: a\r\nHost: a\r\n"), 400, "§3.2: two Hosts"),
    (get(fields="Host: a\r\nhost: b\r\n"), 400, "§3.2: two Hosts that differ"),
    (get(fields="Host: a b\r\n"), 400, "§3.2: a Host with a space"),
    (get(fields="Host: a/b\r\n"), 400, "§3.2: a Host with a path"),
    (get(fields="Host: u@a\r\n"), 400, "§3.2: a Host with a user"),
    (get(fields="Host: a, b\r\n"), 400, "§3.2: a list of Hosts"),
    # Where the body ends
    (POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400, "§6.3: twice"),
    (POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400, "§6.3: they differ"),
    (POST + "Content-Length: 5, 5\r\n\r\nabcde", 400, "§6.3: a list"),
    (POST + "Content-Length: +5\r\n\r\nabcde", 400, "§8.6 of 9110: a sign"),
    (POST + "Content-Length: -5\r\n\r\nabcde", 400, "§8.6 of 9110: a sign"),
    (POST + "Content-Length: 5 5\r\n\r\nabcde", 400, "§8.6 of 9110: a space"),
    (POST + "Content-Length: 0x5\r\n\r\nabcde", 400, "§8.6 of 9110: hex"),
    (POST + "Content-Length: 5.0\r\n\r\nabcde", 400, "§8.6 of 9110: a point"),
    (POST + "Content-Length:\r\n\r\n", 400, "§8.6 of 9110: empty"),
    (POST + "Content-Length: 18446744073709551621\r\n\r\nabcde", 400, "§8.6 of 9110: 2^64 + 5"),
    (POST + f"Content-Length: {'9' * 40}\r\n\r\nabcde", 400, "§8.6 of 9110: overflow"),
    (
        POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "§6.1: both, the classic of smuggling",
    ),
    (
        POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        400,
        "§6.1: both, the other way round",
    ),
    (chunked("0\r\n\r\n", "chunked, chunked"), 400, "§6.1: chunked twice"),
    (chunked("0\r\n\r\n", "chunked\r\nTransfer-Encoding: chunked"), 400, "§6.1: twice, apart"),
    (chunked("0\r\n\r\n", "chunked\r\nTransfer-Encoding: identity"), 400, "§6.1: and another"),
    (chunked("0\r\n\r\n", "chunked, gzip"), 400, "§6.1: chunked is not the last"),
    (chunked("0\r\n\r\n", "gzip"), 501, "§6.1: a coding unknown here"),
    (chunked("0\r\n\r\n", "xchunked"), 501, "§6.1: a coding unknown here"),
    (chunked("0\r\n\r\n", "identity"), 501, "§6.1: a coding that is gone"),
    (chunked("0\r\n\r\n", '"chunked"'), 400, "§6.1: quoted"),
    (chunked("0\r\n\r\n", ""), 400, "§6.1: empty"),
    (
        POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "§6.1: not in HTTP/1.0",
    ),
    # Chunks
    (chunked("x\r\n"), 400, "§7.1: no hex"),
    (chunked("\r\n"), 400, "§7.1: no size"),
    (chunked("-1\r\n"), 400, "§7.1: a sign"),
    (chunked("+1\r\n{\r\n"), 400, "§7.1: a sign"),
    (chunked("0x1\r\n{\r\n"), 400, "§7.1: a prefix"),
    (chunked(" 1\r\n{\r\n"), 400, "§7.1: a space before"),
    (chunked("1 \r\n{\r\n"), 400, "§7.1: a space behind"),
    (chunked("1\n{\r\n"), 400, "§7.1: bare LF"),
    (chunked("1\r{\r\n"), 400, "§7.1: bare CR"),
    (chunked("1\r\n{\n0\r\n\r\n"), 400, "§7.1: bare LF behind the data"),
    (chunked("1\r\n{}\r\n"), 400, "§7.1: more data than the size"),
    (chunked("1_0\r\n"), 400, "§7.1: an underscore"),
    (chunked("ffffffffffffffff1\r\n"), 400, "§7.1: overflow"),
    (chunked("1;" + "x" * 20000 + "\r\n"), 400, "§7.1.1: an extension without end"),
    (chunked("1;a\nb\r\n"), 400, "§7.1.1: bare LF in an extension"),
    (chunked("0\r\nX : y\r\n\r\n"), 400, "§7.1.2: a malformed trailer"),
    (chunked("0\r\n" + "X: y\r\n" * 20000 + "\r\n"), 400, "§7.1.2: a trailer without end"),
    # What is too large
    (get("/" + "x" * 70000), 414, "§3: a target too long"),
    (get(fields=HOST + f"X: {'x' * 70000}\r\n"), 431, "§5 of RFC 6585: a field too large"),
    (get(fields=HOST + "X: y\r\n" * 2000), 431, "§5 of RFC 6585: too many fields"),
    (POST + "Content-Length: 1000000\r\n\r\n", 413, "§15.5.14 of 9110: said before it comes"),
    (chunked("fffff\r\n" + "x" * 20000), 413, "§15.5.14 of 9110: in a chunk"),
    (
        POST + "Content-Length: 5\r\nExpect: magic\r\n\r\n",
        417,
        "§10.1.1 of 9110: another expectation",
    ),
]


def named(rows):
    return [
        f"{reason.replace('§', 'section ')} ({position})"
        for position, (*_, reason) in enumerate(rows)
    ]


@pytest.mark.parametrize("sent, status, reason", TAKEN, ids=named(TAKEN))
def test_taken(slotd, sent, status, reason):
    with slotd.connect() as connection:
        connection.send(sent.encode("latin-1"))
        answer = connection.answer("HEAD" if sent.startswith("HEAD") else "GET")
        assert answer.status == status, reason
        assert "date" in answer.fields
        if "HTTP/1.0" in sent:
            assert connection.ended() == b"", "§9.3: HTTP/1.0 closes unless asked not to"
        else:
            # All of the request was read and no more: the next one is understood.
            assert connection.ask("GET", "/livez").status == 200


@pytest.mark.parametrize("sent, status, reason", REFUSED, ids=named(REFUSED))
def test_refused(slotd, sent, status, reason):
    with slotd.connect() as connection:
        # What stands behind it must never be taken for a request.
        # The answer may come, and the connection end, before all of that is sent.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.send(sent.encode("latin-1") + get(SLOT).encode())
        answer = connection.answer()
        assert answer.status == status, reason
        assert answer.fields["connection"] == "close"
        assert answer.media_type == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status and problem["detail"]
        assert connection.ended() == b""


@pytest.mark.parametrize(
    "whole",
    [
        get(SLOT),
        POST + LENGTH + END + BODY,
        chunked(chunk(BODY[:9]) + chunk(BODY[9:]) + "0\r\nX: y\r\n\r\n"),
        get("http://a/livez", fields="Host: a\r\nX: y\r\n"),
    ],
    ids=["GET", "POST", "chunked", "absolute"],
)
def test_every_prefix_is_incomplete(slotd, whole):
    """Half a request is none: it is not answered, unless with the word that it is bad."""
    for end in range(1, len(whole)):
        with slotd.connect() as connection:
            connection.send(whole[:end])
            connection.finish()
            rest = connection.ended()
            assert not rest or rest.startswith(b"HTTP/1.1 4"), (whole[:end], rest)


@pytest.mark.parametrize("whole", [get(SLOT), POST + LENGTH + END + BODY], ids=["GET", "POST"])
def test_a_request_may_come_byte_by_byte(slotd, whole):
    with slotd.connect() as connection:
        for byte in whole.encode():
            connection.send(bytes([byte]))
        assert connection.answer().status in (200, 201)


def test_allow_names_what_a_route_takes(slotd):
    def allow(target):
        answer = slotd.ask("DELETE", target)
        assert answer.status == 405
        assert answer.json()["type"] == "urn:slotd:problem:method-not-allowed"
        return set(answer.fields["allow"].replace(" ", "").split(",")) - {"OPTIONS"}

    assert allow("/slot") == {"GET", "HEAD", "POST"}
    for path in ("/service", "/livez", "/readyz", "/healthz", "/metrics", "/openapi.yaml"):
        assert allow(path) == {"GET", "HEAD"}


def test_head_is_get_without_the_body(slotd):
    for target in ("/livez", "/openapi.yaml", "/nothing"):
        full, head = slotd.get(target), slotd.ask("HEAD", target)
        assert head.status == full.status
        assert head.fields["content-length"] == full.fields["content-length"]
        assert head.fields.get("content-type") == full.fields.get("content-type")
