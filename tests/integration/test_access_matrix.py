"""Role by route by unit: what docs/access.md does not grant is refused and noted, what it grants opens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.routing import Rule

from tests.docs.access_table import CITIZEN, NO, NOBODY, PAGE, PRIVATE, actor_of, asked, columns, rules
from tests.integration import test_every_route as every
from tests.integration.test_every_route import ELSEWHERE, SIGN_IN, Stage, _account
from tests.support.desk import UNIT

stage = every.stage  # the same people and cases
SIGNS_OUT = "auth.sign_out"
TABLE = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
]
COLUMNS, LINES = TABLE[0][2:], TABLE[1:]


def signed_in(stage: Stage, column: str, unit: str = UNIT) -> str | None:
    """The account of somebody of this column; the citizen is the owner of all cases on the stage."""
    if column == NOBODY:
        return None
    if column == CITIZEN:
        owner = replace(_account(str(stage.cases[0].applicant["account"]), "citizen", unit), profile={"assurance": 3})
        stage.desk.app.accounts.put(owner)
        return owner.id
    actor = actor_of(column)
    assert actor
    account = replace(_account(f"{actor.id}-{unit}", "officer", unit), groups=actor.groups)
    stage.desk.app.accounts.put(account)
    return account.id


def line_of(rule: Rule) -> list[str]:
    """What the table grants at a route."""
    return next(line[2:] for line in LINES if (line[0], line[1]) == (f"`{rule}`", asked(rule)))


def test_the_table_has_the_columns_that_routes_name(stage: Stage) -> None:
    assert columns(stage.flask) == COLUMNS
    assert len(rules(stage.flask)) == len(LINES)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_role_opens_what_the_table_grants_and_nothing_else(stage: Stage, column: str) -> None:
    place, who = COLUMNS.index(column), signed_in(stage, column)
    client, refused, wrong = stage.client(who), 0, list[str]()
    for rule in rules(stage.flask):
        grant, path = line_of(rule)[place], next(stage.addresses(rule))
        for method in asked(rule).split():
            if grant == NO:
                refused += 1
                answer = client.open(path, method=method, data={"_key": f"matrix-{refused:06d}"}, buffered=True)
                sent_away = answer.status_code == (302 if method == "GET" else 401)
                if not (sent_away if who is None else answer.status_code == 403):
                    wrong.append(f"{method} {path}: {answer.status_code}, not granted")
            elif method == "GET" and rule.endpoint != SIGNS_OUT:
                answer = client.get(path, buffered=True)
                if answer.status_code == 403 or answer.headers.get("Location", "").startswith(f"{SIGN_IN}?"):
                    wrong.append(f"{path}: {answer.status_code}, though granted")
    assert wrong == []
    if who is not None:
        noted = [one for one in stage.desk.app.desk.attempts.latest(UNIT, limit=10_000) if one.account == who]
        assert sum(one.times for one in noted) >= refused


@pytest.mark.parametrize("column", [one for one in COLUMNS if one not in (NOBODY, CITIZEN)])
def test_the_same_role_of_another_unit_finds_no_case_of_this_one(stage: Stage, column: str) -> None:
    who, tried = signed_in(stage, column, ELSEWHERE), 0
    client = stage.client(who)
    for rule in rules(stage.flask):
        for method in asked(rule).split() if rule.arguments & PRIVATE else ():
            tried += 1
            fields = {"_key": f"elsewhere-{tried:06d}", "_action": "withdraw", "reason": "x"}
            answer = client.open(next(stage.addresses(rule)), method=method, data=fields, buffered=True)
            assert answer.status_code in (403, 404), (method, rule, answer.status_code)
    noted = [one for one in stage.desk.app.desk.attempts.latest(ELSEWHERE, limit=10_000) if one.account == who]
    assert sum(one.times for one in noted) == tried
