"""The presigning vectors that the tests of the modules use too: one copy, theirs."""

import json
from pathlib import Path

_FILE = Path(__file__).parents[2] / "SigningTests" / "Vectors" / "presign.json"
VECTORS = json.loads(_FILE.read_text())

# The vectors begin with one of each name that somebody chose for its trouble; random ones follow.
NAMES = [vector["filename"] for vector in VECTORS[:24]]
assert len(set(NAMES)) == 24

# Names that break other upload services: their URLs never match their own signatures.
TROUBLESOME_NAMES = ["très cool.jpg", "a b+c&d.txt", "100%.jpg", "it's (1).jpg"]

CONTENT_TYPES = [*sorted({vector["content_type"] for vector in VECTORS} - {None}), None]
