"""What an administrator may do to officers, and what never."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.domain.staffing import (
    LastAdministratorError,
    Lock,
    Officer,
    OfficerChangedError,
    OwnAccountError,
    StaffProblemsError,
    Wanted,
    changed,
    find,
    locked,
    problems_of,
)

NOW = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
KNOWN = ("administrator", "one_stop", "applicant")
ADMIN = Officer(id="a", unit="xa", login="quantri", name="Quản trị", groups=frozenset({"administrator"}))
OTHER = replace(ADMIN, id="b", login="quantri2", name="Quản trị hai")
CLERK = replace(ADMIN, id="c", login="mai", name="Mai", groups=frozenset({"one_stop"}))
LOCK = Lock(at=NOW, by="a", reason="nghỉ việc")
NO_ONE = frozenset({"one_stop"})


def fields(**given: object) -> list[str]:
    base: dict[str, object] = {"login": "nguyenvana", "name": "Nguyễn Văn A", "groups": frozenset({"one_stop"})}
    wanted = Wanted(**{**base, **given})  # type: ignore[arg-type]  # what is typed may be anything
    return [one.field for one in problems_of(wanted.tidy(), KNOWN)]


def test_a_sound_wish_has_no_problem() -> None:
    assert fields() == []
    assert fields(login=" Nguyen.Van-A_1 ") == []


@pytest.mark.parametrize("login", ["", "ab", "đặng", "079190001234", "1mai", "mai mai", "mai\n", "a" * 41, "mai@xa"])
def test_a_login_that_nobody_can_type_or_that_may_be_a_citizens_number_is_refused(login: str) -> None:
    assert fields(login=login if login != "mai\n" else "mai\nx") == ["login"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "123", "Mai\x00", "Mai\u202e"])
def test_a_name_has_letters_and_no_hidden_signs(name: str) -> None:
    assert fields(name=name) == ["name"]


def test_a_name_is_kept_in_one_encoding_of_its_marks() -> None:
    decomposed = "Nguye\u0302\u0303n  Va\u0306n A"
    assert Wanted(login="a", name=decomposed, groups=frozenset()).tidy().name == "Nguyễn Văn A"


@pytest.mark.parametrize("groups", [frozenset(), frozenset({"kings"}), frozenset({"one_stop", "applicant"})])
def test_groups_are_those_of_the_house_that_officers_may_be_in(groups: frozenset[str]) -> None:
    assert fields(groups=groups) == ["groups"]


def test_the_last_administrator_who_can_sign_in_stays() -> None:
    asleep = replace(OTHER, lock=LOCK)
    with pytest.raises(LastAdministratorError):
        locked([ADMIN, asleep, CLERK], ADMIN, replace(LOCK, by="c"))
    with pytest.raises(LastAdministratorError):
        changed([ADMIN, asleep], ADMIN, "c", name="x", groups=NO_ONE)
    assert locked([ADMIN, OTHER], OTHER, LOCK).lock == LOCK
    assert changed([ADMIN, OTHER], OTHER, "a", name="x", groups=NO_ONE).groups == NO_ONE


def test_nobody_locks_themselves_out() -> None:
    with pytest.raises(OwnAccountError):
        locked([ADMIN, OTHER], ADMIN, LOCK)
    with pytest.raises(OwnAccountError):
        changed([ADMIN, OTHER], ADMIN, "a", name="x", groups=NO_ONE)
    more = ADMIN.groups | NO_ONE
    assert changed([ADMIN], ADMIN, "a", name="x", groups=more).groups == more


@pytest.mark.parametrize("reason", ["", "x" * 501])
def test_a_lock_has_a_reason_of_some_length(reason: str) -> None:
    with pytest.raises(StaffProblemsError):
        locked([ADMIN, CLERK], CLERK, replace(LOCK, reason=reason))


def test_whoever_acts_on_what_is_no_longer_so_is_told() -> None:
    assert find([CLERK], "c", CLERK.seen) == CLERK
    assert find([CLERK], "x", "whatever") is None
    for after in (replace(CLERK, name="Mai Anh"), replace(CLERK, groups=ADMIN.groups), replace(CLERK, lock=LOCK)):
        with pytest.raises(OfficerChangedError):
            find([after], "c", CLERK.seen)
