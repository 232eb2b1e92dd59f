"""What is asked of each server, and what slotd may take for it."""

from dataclasses import dataclass

GET = (
    "/slot?jid=romeo%40montague.example&name=tr%C3%A8s%20cool.jpg&size=23456"
    "&content_type=image/jpeg"
)
# Domains that take turns: `@N@` becomes the number of one.
GET_OF_DOMAIN = GET.replace("montague.example", "@N@.im")
POST = (
    '{"jid":"romeo@montague.example","filename":"très cool.jpg","size":23456,'
    '"content_type":"image/jpeg"}'
)


@dataclass(frozen=True)
class Scenario:
    name: str
    target: str = GET
    body: str | None = None
    accept: str | None = None
    connections: int = 32
    # Whether each request has a connection of its own.
    closes: bool = False
    # Requests that are sent at once on a connection.
    depth: int = 1
    # Domains whose users ask, in turn.
    domains: int = 1
    # Connections that do nothing meanwhile.
    idle: int = 0
    # Milliseconds between an answer and the next request, on average.
    think: int = 0
    # Event loops, and cores that server and load share; one core is the server's alone.
    workers: int = 1
    # Who is compared, by name; the first is what the others are measured by.
    servers: tuple[str, ...] = ("nginx", "slotd", "Go")
    # Whether each is asked half as often as it could answer.
    halves: bool = False
    # The most that slotd may take: CPU time in terms of the first, MiB, µs for 99 of 100 answers.
    ratio_max: float | None = None
    memory_max: float | None = None
    tail_max: float | None = None

    @property
    def options(self) -> list[str]:
        """The arguments of load.lua."""
        options = {"body": self.body, "accept": self.accept, "close": self.closes or None}
        options["depth"] = self.depth if self.depth > 1 else None
        options["think"] = self.think or None
        options["domains"] = self.domains
        return [f"{name}={value}" for name, value in options.items() if value is not None]

    def request(self) -> bytes:
        """One request, as the load writes it."""
        body = (self.body or "").encode()
        fields = {"Host": "127.0.0.1"}
        if self.body:
            fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        if self.accept:
            fields["Accept"] = self.accept
        if self.closes:
            fields["Connection"] = "close"
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        method = "POST" if self.body else "GET"
        target = self.target.replace("@N@", "1")
        return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body


SCENARIOS = [
    Scenario("GET, 32 connections", ratio_max=1.0),
    Scenario("GET, 1 connection", connections=1, ratio_max=1.0),
    Scenario("GET, 512 connections", connections=512, ratio_max=1.0),
    Scenario("POST, JSON", target="/slot", body=POST, ratio_max=1.25),
    Scenario("POST, XML", target="/slot", body=POST, accept="application/xml", ratio_max=1.25),
    # As Prosody's HTTP client has it.
    Scenario("GET, each its connection", closes=True, ratio_max=1.1),
    Scenario("GET, 16 pipelined", depth=16),
    Scenario("GET beside 10,000 idle", idle=10_000, memory_max=60),
    Scenario("GET at half load", halves=True, tail_max=1_000),
    # The load takes its share of both.
    Scenario("GET, two cores", connections=64, workers=2),
    Scenario("GET, what else is on", servers=("slotd", "slotd, log", "slotd, metrics")),
    Scenario(
        "GET, hosts configured",
        target=GET_OF_DOMAIN,
        servers=("1 host", "100 hosts", "10,000 hosts"),
        ratio_max=1.1,
    ),
]
