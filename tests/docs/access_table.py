"""The table of who may open what, written from what the routes declare.

Run: python -m tests.docs.access_table (writes docs/access.md).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from engine.domain.actor import Actor
from tests.support.desk import ROOT, UNIT, desk_on_stage
from web import access
from web.app import create_app

PAGE = ROOT / "docs" / "access.md"
NOBODY, CITIZEN, OTHERS = "nobody", "citizen", "other officers"
YES, OWN, NO = "yes", "own", "–"
PRIVATE = frozenset({"case_id", "draft_id"})
HEAD = """# Who may open what

Every view declares its access; the application does not start when one is silent. This table is written from what
they declare (`python -m tests.docs.access_table`); `tests/docs/test_access_table.py` fails when it is old, and
`tests/integration/test_access_matrix.py` signs in as each role and tries every address: what the table does not grant
is refused, and the attempt is noted for auditors (`/kiem-tra/tu-choi`).

*yes*: may open it. *own*: may open it for what is theirs: citizens for their own cases and drafts, officers for cases
of their own unit; anybody else is told that there is no such page. *other officers*: every group that has no column.

Beyond the page, the engine decides who may act: a task is done by members of its candidate groups, one at a time;
auditors read and never write; steering needs an administrator or leader, and a second person; an officer of another
unit sees and does nothing of this one (`tests/integration/test_every_route.py`).

"""


@dataclass(frozen=True, slots=True)
class Line:
    """A route: what it is called, how it is asked, and what each column is granted."""

    endpoint: str
    methods: str
    address: str
    grants: tuple[str, ...]


def columns(flask: Flask) -> list[str]:
    """Nobody, citizens, each group that some route names, and all other officers."""
    found = (access.declared(view) for view in flask.view_functions.values())
    named = {group for one in found if one for group in one.groups}
    return [NOBODY, CITIZEN, *sorted(named), OTHERS]


def actor_of(column: str) -> Actor | None:
    """Somebody of this column and nothing else."""
    if column == NOBODY:
        return None
    if column == CITIZEN:
        return Actor(id="matrix-citizen", name="", kind="citizen", unit=UNIT)
    groups = frozenset({"mediation_team" if column == OTHERS else column})
    return Actor(id=f"matrix-{column}".replace(" ", "-"), name="", kind="officer", unit=UNIT, groups=groups)


def rules(flask: Flask) -> list[Rule]:
    """The routes of pages, by address."""
    found = [rule for rule in flask.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(found, key=lambda rule: (str(rule), asked(rule)))


def asked(rule: Rule) -> str:
    """The methods that a person may use."""
    return " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def lines(flask: Flask) -> Iterator[Line]:
    """The table's lines."""
    people = [actor_of(column) for column in columns(flask)]
    for rule in rules(flask):
        declared = access.declared(flask.view_functions[rule.endpoint])
        assert declared, rule.endpoint
        word = OWN if rule.arguments & PRIVATE else YES
        grants = tuple(word if declared.allows(one) else NO for one in people)
        yield Line(rule.endpoint, asked(rule), str(rule), grants)


def text(flask: Flask) -> str:
    """The whole page."""
    names = columns(flask)
    head = f"| address | by | {' | '.join(names)} |\n|{'---|' * (len(names) + 2)}\n"
    rows = (f"| `{one.address}` | {one.methods} | {' | '.join(one.grants)} |\n" for one in lines(flask))
    return HEAD + head + "".join(rows)


def main() -> None:
    """Write the page anew."""
    with tempfile.TemporaryDirectory() as home, desk_on_stage(Path(home)) as desk:
        PAGE.write_text(text(create_app(desk.app)), encoding="utf-8")


if __name__ == "__main__":
    main()
