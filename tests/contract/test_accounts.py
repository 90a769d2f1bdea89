"""What every keeper of accounts promises."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.adapters.db import SqlAccounts
from engine.adapters.memory_people import MemoryAccounts
from engine.domain.errors import StaleVersionError
from engine.ports import Account, Accounts
from tests.contract.conftest import KINDS
from tests.support.samples import NOW, SECOND, UNIT
from tests.support.threads import at_once

HOUR = timedelta(hours=1)
MAI = Account(
    id="mai",
    login="Mai.Đặng@Example.VN ",
    name="Đặng Thị Mai",
    kind="officer",
    unit=UNIT,
    groups=frozenset({"one_stop", "judicial"}),
    password_hash="$argon2id$x",
    profile={"phone": "0903000111", "địa chỉ": {"số": 7}},
)
LAN = replace(MAI, id="lan", login="lan", kind="citizen", groups=frozenset(), profile={})


@pytest.fixture(params=KINDS)
def accounts(request: pytest.FixtureRequest) -> Accounts:
    if request.param == "memory":
        return MemoryAccounts()
    return SqlAccounts(request.getfixturevalue(f"{request.param}_store"))


def test_an_account_is_found_as_it_was_put(accounts: Accounts) -> None:
    accounts.put(MAI)
    found = accounts.by_id("mai")
    assert found == replace(MAI, login="mai.đặng@example.vn")
    assert accounts.by_id("MAI") is None
    assert accounts.by_login("nobody") is None


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_login_is_the_same_in_any_case_and_encoding_of_its_marks(accounts: Accounts, form: Any) -> None:
    accounts.put(replace(MAI, login=unicodedata.normalize(form, "Mai.Đặng")))
    for typed in ("mai.đặng", "MAI.ĐẶNG", "  Mai.Đặng\n"):
        assert accounts.by_login(unicodedata.normalize("NFD", typed)) == accounts.by_login(typed) != None  # noqa: E711  # in a chain
    assert accounts.by_login("mai.dang") is None


def test_putting_again_replaces_even_across_units(accounts: Accounts) -> None:
    accounts.put(MAI)
    accounts.put(replace(MAI, unit="xa-khac", groups=frozenset(), login="mai2"))
    assert accounts.all(UNIT) == []
    assert [a.login for a in accounts.all("xa-khac")] == ["mai2"]
    assert accounts.by_login(MAI.login) is None


def test_a_login_belongs_to_one_account(accounts: Accounts) -> None:
    accounts.put(MAI)
    with pytest.raises(StaleVersionError):
        accounts.put(replace(LAN, login=MAI.login.upper()))
    assert accounts.by_id("lan") is None
    assert accounts.by_login(MAI.login) is not None


def test_all_gives_one_unit(accounts: Accounts) -> None:
    for account in (MAI, LAN, replace(LAN, id="x", login="x", unit="xa-khac")):
        accounts.put(account)
    assert [a.id for a in accounts.all(UNIT)] == ["lan", "mai"]
    assert accounts.all("xa-vắng") == []


def test_a_session_lives_until_its_end_and_not_a_moment_longer(accounts: Accounts) -> None:
    accounts.put(MAI)
    accounts.open_session("mai", "t1", NOW, NOW + HOUR)
    found = accounts.session("t1", NOW + HOUR - SECOND)
    assert found is not None
    assert found.id == "mai"
    assert accounts.session("t1", NOW + HOUR) is None
    assert accounts.session("t2", NOW) is None
    assert accounts.session("", NOW) is None


def test_a_closed_session_is_gone_and_the_others_stay(accounts: Accounts) -> None:
    accounts.put(MAI)
    for token in ("t1", "t2"):
        accounts.open_session("mai", token, NOW, NOW + HOUR)
    accounts.close_session("t1")
    accounts.close_session("never")
    assert accounts.session("t1", NOW) is None
    assert accounts.session("t2", NOW) is not None


def test_opening_a_session_leaves_live_ones_alone(accounts: Accounts) -> None:
    accounts.put(MAI)
    accounts.open_session("mai", "short", NOW, NOW + SECOND)
    accounts.open_session("mai", "long", NOW, NOW + HOUR)
    accounts.open_session("mai", "new", NOW + 2 * SECOND, NOW + HOUR)
    assert accounts.session("long", NOW + 3 * SECOND) is not None
    assert accounts.session("short", NOW) is None, "cleared away"


def test_a_session_shows_the_account_as_it_is_now(accounts: Accounts) -> None:
    accounts.put(MAI)
    accounts.open_session("mai", "t1", NOW, NOW + HOUR)
    accounts.put(replace(MAI, groups=frozenset({"chairman"})))
    found = accounts.session("t1", NOW)
    assert found is not None
    assert found.groups == {"chairman"}


def test_attempts_are_counted_within_their_window_and_by_key(accounts: Accounts) -> None:
    at = [accounts.count_attempt("login:mai", NOW + n * SECOND, 3 * SECOND) for n in range(5)]
    assert at == [1, 2, 3, 3, 3]
    assert accounts.count_attempt("login:lan", NOW, HOUR) == 1
    assert accounts.count_attempt("login:mai", NOW + HOUR, 3 * SECOND) == 1


def test_attempts_made_at_once_are_all_counted(accounts: Accounts) -> None:
    def five() -> list[int]:
        return [accounts.count_attempt("login:mai", NOW, HOUR) for _ in range(5)]

    counted = [n for part in at_once([five] * 8) if not isinstance(part, Exception) for n in part]
    assert sorted(counted) == list(range(1, 41))


def test_editing_leaves_login_unit_and_groups_as_they_are_by_now(accounts: Accounts) -> None:
    accounts.put(LAN)
    accounts.put(MAI)
    accounts.put(replace(MAI, groups=frozenset({"one_stop"}), login="mai"))
    accounts.edit(replace(MAI, name="Mai Anh", password_hash="other", profile={"phone": "1"}))
    found = accounts.by_id("mai")
    assert found == replace(
        MAI, login="mai", groups=frozenset({"one_stop"}), name="Mai Anh", password_hash="other", profile={"phone": "1"}
    )
    assert accounts.by_id("lan") == LAN
