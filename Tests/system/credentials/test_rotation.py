"""Credentials that change while slots are granted: every URL is good, as long as it says."""

import http.client
import threading
import time
from urllib.parse import urlsplit

from sessions import by_botocore
from surroundings import keyless
from test_sources import first_slot

from support import s3
from support.exchange import Connection
from support.signatures import query
from support.slots import Slot

SLOTS = 10_000
ROTATIONS = 10
WORKERS = 4
# Every so many slots one is used, at a real server.
USED = 50
BODY = b"0123456789abcdef"


class Upload(threading.Thread):
    """Asks for slots over one connection, one after the other, and uses some of them at once."""

    def __init__(self, address: str, is_done):
        super().__init__()
        self.address, self.is_done = address, is_done
        self.slots: list[Slot] = []
        self.used: list[int] = []
        self.error: BaseException | None = None

    def run(self):
        try:
            with Connection(self.address) as connection:
                while not self.is_done():
                    target = f"/slot?jid=a@b.example&name=a%20b.txt&size={len(BODY)}"
                    slot = Slot.of_lines(connection.ask("GET", target))
                    self.slots.append(slot)
                    if len(self.slots) % USED == 1:
                        self.used.append(put(slot.put))
                    time.sleep(0.001)
        except BaseException as error:
            self.error = error


def put(url: str) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("PUT", f"{parts.path}?{parts.query}", BODY)
    status = connection.getresponse().status
    connection.close()
    return status


def test_ten_thousand_slots_while_credentials_rotate(start, sessions, container, tmp_path):
    # The bucket has to know all keys before; the stand-in hands them out one by one.
    known = iter([sessions.new() for _ in range(200)])

    def issue():
        session = next(known)
        end = int(time.time()) + container.seconds
        session = type(session)(session.access_key_id, session.secret, session.token, end)
        sessions.all[session.access_key_id] = session
        container.issued.append(session)
        return session

    container.issue = issue
    # Good for four seconds: of the rest no URL is made, and half of it is the time to renew.
    container.seconds = 19
    keys = [(session.access_key_id, session.secret) for session in sessions.all.values()]
    with s3.rclone(tmp_path / "rclone", keys) as bucket:
        place = {"bucket_url": bucket.settings["bucket_url"]}
        slotd = start(container.environment, keyless(place))
        first_slot(slotd)
        deadline = time.monotonic() + 40

        def is_done():
            enough = sum(len(thread.slots) for thread in threads) >= SLOTS
            # The last of them may not have signed anything yet.
            rotated = len(container.issued) > ROTATIONS + 1
            return (enough and rotated) or time.monotonic() > deadline

        threads = [Upload(slotd.addresses[0], is_done) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [thread.error for thread in threads] == [None] * WORKERS
    urls = [slot.put for thread in threads for slot in thread.slots]
    assert len(urls) >= SLOTS
    assert len(set(urls)) == len(urls)

    signed_by = {}
    for url in urls:
        signed_by.setdefault(sessions.judge(url, len(BODY)).access_key_id, []).append(url)
    assert len(signed_by) > ROTATIONS
    # The judge is the tests' own; botocore judges the judge.
    for key_id, some in signed_by.items():
        for url in (some[0], some[-1]):
            assert query(url) == by_botocore(sessions.all[key_id], url, len(BODY))
    used = [status for thread in threads for status in thread.used]
    assert len(used) >= SLOTS // USED and set(used) == {200}
