"""The table of complaints names tests that exist, one for each line."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.support.desk import ROOT

ROW = re.compile(r"\| (?P<what>[12]\.\d+.*?) \| (?P<how>.*?) \| (?P<test>\S+) \|")


@cache
def functions(path: Path) -> frozenset[str]:
    """The functions of a test file; none where there is no such file."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return frozenset(node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))


def test_every_complaint_in_the_table_names_a_test_that_exists() -> None:
    lines = (ROOT / "docs" / "users-ask.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if re.match(r"\| [12]\.", line)]
    named = [found["test"] for row in rows if (found := ROW.fullmatch(row))]
    assert len(named) == len(rows) > 30, "a line is not of three cells"
    pairs = [(test, *test.partition("::")[::2]) for test in named]
    assert [test for test, file, name in pairs if name not in functions(ROOT / file)] == []
