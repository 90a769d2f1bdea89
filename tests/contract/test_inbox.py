"""What officers chose for their inbox, who their colleagues are, which notes ask for their eye: on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.adapters.db import SqlAccounts, SqlColleagues, SqlInboxChoices, SqlLooks, SqlMentions, SqlStore
from engine.domain.errors import NameTakenError
from engine.ports import Account
from engine.ports.inbox import Choice, SavedFilter
from tests.support.samples import NOW, SECOND, UNIT, a_case, case_id, keep
from tests.support.threads import at_once


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sql(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


def saved(number: int, name: str = "", **query: str) -> SavedFilter:
    return SavedFilter(id=f"f{number}", name=name or f"Lọc {number}", query=query)


def test_filters_are_a_persons_own_by_name_and_may_be_renamed_and_forgotten(sql: SqlStore) -> None:
    kept = SqlInboxChoices(sql)
    kept.save(UNIT, "mai", saved(1, "Quá hạn", overdue="1", q="đặng"))
    kept.save(UNIT, "mai", saved(2, "Hộ tịch", group="justice_officer"))
    kept.save(UNIT, "tam", saved(1, "Quá hạn"))
    kept.save("xa-khac", "mai", saved(9))
    kept.save(UNIT, "mai", saved(1, "Trễ", overdue="1"))
    assert kept.of(UNIT, "mai").saved == (
        saved(2, "Hộ tịch", group="justice_officer"),
        saved(1, "Trễ", overdue="1"),
    )
    kept.delete(UNIT, "mai", "f2")
    kept.delete(UNIT, "mai", "nothing")
    assert [one.id for one in kept.of(UNIT, "mai").saved] == ["f1"]
    assert kept.of(UNIT, "tam").saved == (saved(1, "Quá hạn"),)


def test_two_filters_of_one_name_cannot_be(sql: SqlStore) -> None:
    kept = SqlInboxChoices(sql)
    kept.save(UNIT, "mai", saved(1, "Trễ"))
    kept.save(UNIT, "mai", saved(2, "Sớm"))
    for number in (2, 3):
        with pytest.raises(NameTakenError):
            kept.save(UNIT, "mai", saved(number, "Trễ"))
    assert [one.name for one in kept.of(UNIT, "mai").saved] == ["Sớm", "Trễ"]


def test_columns_and_the_first_filter_are_kept_and_nobody_chose_anything_at_first(sql: SqlStore) -> None:
    kept = SqlInboxChoices(sql)
    assert kept.of(UNIT, "mai") == Choice()
    kept.choose(UNIT, "mai", columns=("due", "case"), first="")
    kept.choose(UNIT, "mai", columns=("case",), first="f1")
    assert kept.of(UNIT, "mai") == Choice(columns=("case",), filter="f1")


def test_two_choices_at_once_leave_one_of_them(sql: SqlStore) -> None:
    kept = SqlInboxChoices(sql)
    found = at_once([lambda c=c: kept.choose(UNIT, "mai", columns=(c,), first=c) for c in "abcdefgh"])  # type: ignore[misc]  # bound now
    assert found == [None] * 8
    choice = kept.of(UNIT, "mai")
    assert choice.columns == (choice.filter,)


def person(name: str, kind: Any = "officer", unit: str = UNIT, *groups: str) -> Account:
    more: dict[str, Any] = {"groups": frozenset(groups), "password_hash": "", "profile": {}}
    return Account(id=name, login=name, name=name.title(), kind=kind, unit=unit, **more)


def test_colleagues_are_the_officers_of_the_unit_by_name(sql: SqlStore) -> None:
    for one in (
        person("tam", "officer", UNIT, "one_stop"),
        person("mai", "officer", UNIT, "one_stop", "cashier"),
        person("lan", "citizen"),
        person("xa", "officer", "xa-khac", "one_stop"),
    ):
        SqlAccounts(sql).put(one)
    found = SqlColleagues(sql)
    assert [(one.id, one.groups) for one in found.all(UNIT)] == [
        ("mai", {"one_stop", "cashier"}),
        ("tam", {"one_stop"}),
    ]
    assert found.names(UNIT, ["tam", "lan", "xa", "nobody", "tam"]) == {"tam": "Tam"}
    assert found.names(UNIT, []) == {}


def asked(comment: str, *accounts: str, at: Any = NOW) -> dict[str, Any]:
    return {"comment": comment, "accounts": list(accounts), "text": f"Xem {comment}", "at": at}


def test_mentions_are_the_newest_first_and_read_once_the_case_was_opened_since(sql: SqlStore) -> None:
    found = SqlMentions(sql)
    keep(sql, a_case(1, mentions=(asked("a", "mai", "tam"), asked("b", "mai", at=NOW + 2 * SECOND))))
    keep(sql, a_case(2, mentions=(asked("c", "mai", at=NOW + SECOND),)))
    keep(sql, a_case(3, unit="xa-khac", mentions=(asked("d", "mai"),)))
    assert [(one.comment, one.read) for one in found.of(UNIT, "mai")] == [("b", False), ("c", False), ("a", False)]
    assert found.unread(UNIT, "mai") == 3
    SqlLooks(sql).note(UNIT, case_id(1), "mai", NOW + SECOND)
    SqlLooks(sql).note(UNIT, case_id(2), "tam", NOW + timedelta(days=1))
    assert [(one.comment, one.read) for one in found.of(UNIT, "mai")] == [("b", False), ("c", False), ("a", True)]
    assert (found.unread(UNIT, "mai"), found.unread(UNIT, "tam"), found.unread(UNIT, "nobody")) == (2, 1, 0)
    assert [one.comment for one in found.of(UNIT, "mai", limit=1)] == ["b"]


def test_rows_of_mentions_are_written_anew_from_the_case(sql: SqlStore) -> None:
    case = keep(sql, a_case(1, mentions=(asked("a", "mai"),)))
    before = sql.rows(case.id)
    sql.rebuild(case)
    assert sql.rows(case.id) == before
    assert [row["account"] for row in before["mention"]] == ["mai"]
