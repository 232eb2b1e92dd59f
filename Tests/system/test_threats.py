"""The page about threats: each source and each test that it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "Sources" / "THREATS.md").read_text()
ROWS = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| ")]
TESTS = {path.name: path.read_text() for path in (ROOT / "Tests").rglob("*.*") if path.is_file()}


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def exists(test: str) -> bool:
    """Whether there is such a test: `file.py::test_name`, `NameTests.function`, or a command."""
    if "::" in test:
        file, name = test.split("::")
        return re.search(rf"def {name}\(", TESTS.get(file, "")) is not None
    if "/" in test:
        return (ROOT / test).exists()
    file, name = test.split(".")
    return re.search(rf"func `?{name}[`(<]", TESTS.get(f"{file}.swift", "")) is not None


def test_every_defence_is_where_it_is_said_to_be():
    rows = [row for row in ROWS if names(row[-1])]
    assert len(rows) == len(ROWS) - 2 * PAGE.count("| what may happen |") > 20
    for threat, defence, tests in rows:
        assert [name for name in names(tests) if not exists(name)] == [], threat
        files = [name for name in names(defence) if "/" in name]
        assert files or "Swift" in defence, threat
        for file in files:
            assert (ROOT / file).exists() or (ROOT / "Sources" / file).exists(), file


def test_a_test_that_is_not_there_is_noticed():
    assert exists("NamesTests.fileName") and not exists("NamesTests.fileNames")
    assert exists("test_threats.py::test_a_test_that_is_not_there_is_noticed")
    assert not exists("test_threats.py::test_nothing") and not exists("Tests/nothing")
