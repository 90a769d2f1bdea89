"""Who may act for whom, and until which instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.domain.actor import Actor
from engine.domain.mandate import (
    Mandate,
    MandateOverError,
    MandateProblemsError,
    MandateRules,
    WantedMandate,
    empowered,
    in_the_way,
    made,
    problems_of,
    revoked,
)
from engine.domain.staffing import Lock, Officer

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2022, 12, 19, 8, 0, tzinfo=ZONE)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
RULES = MandateRules(never=frozenset({"administrator"}), signers=frozenset({"chairman"}), longest_days=30)


def _person(name: str, *groups: str) -> Officer:
    return Officer(id=name, unit="xa-mau", login=name, name=name.title(), groups=frozenset(groups))


PEOPLE = {
    one.id: one
    for one in (
        _person("binh", "chairman", "administrator"),
        _person("duc", "justice_officer"),
        _person("tra", "auditor"),
        replace(_person("khoa", "one_stop"), lock=Lock(at=NOW, by="binh", reason="nghỉ việc")),
    )
}
GOOD = WantedMandate(
    kind="acting",
    principal="binh",
    deputy="duc",
    groups=frozenset({"chairman"}),
    first=date(2022, 12, 19),
    last=date(2022, 12, 20),
    basis="Quyết định số 15/QĐ-UBND",
    acting="KT. Chủ tịch",
    title="Phó Chủ tịch",
)


def _made(wanted: WantedMandate = GOOD, number: str = "m1") -> Mandate:
    return made(wanted, PEOPLE[wanted.deputy], id=number, by="quantri", now=NOW)


def _wrong(by: str = "quantri", **other: Any) -> list[str]:
    return [one.field for one in problems_of(replace(GOOD, **other), PEOPLE, RULES, by=by, today=NOW.date())]


def test_a_sound_wish_has_no_problems_and_holds_for_whole_days() -> None:
    assert _wrong() == []
    mandate = _made()
    assert (mandate.starts_at, mandate.ends_at) == (
        datetime(2022, 12, 19, tzinfo=ZONE),
        datetime(2022, 12, 21, tzinfo=ZONE),
    )
    assert mandate.signer == "Duc"


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"deputy": "binh"}, "deputy"),
        ({"deputy": "khoa"}, "deputy"),
        ({"deputy": "tra"}, "deputy"),
        ({"deputy": "nobody"}, "deputy"),
        ({"principal": "nobody"}, "principal"),
        ({"groups": frozenset()}, "groups"),
        ({"groups": frozenset({"one_stop"})}, "groups"),
        ({"groups": frozenset({"administrator"})}, "groups"),
        ({"first": None}, "first"),
        ({"first": date(2022, 12, 18)}, "first"),
        ({"last": None}, "last"),
        ({"last": date(2022, 12, 18)}, "last"),
        ({"last": date(2023, 1, 18)}, "last"),
        ({"last": date.max}, "last"),
        ({"basis": ""}, "basis"),
        ({"basis": "x" * 301}, "basis"),
        ({"title": ""}, "title"),
        ({"title": "Phó\nChủ tịch"}, "title"),
        ({"kind": "eval"}, "kind"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(other: dict[str, Any], field: str) -> None:
    assert field in _wrong(**other)


def test_nobody_records_a_mandate_for_themselves() -> None:
    assert _wrong(by="duc") == ["deputy"]


def test_it_holds_from_its_first_instant_until_before_its_last() -> None:
    mandate = _made()
    held = [mandate.runs(at) for at in (mandate.starts_at - SECOND, mandate.starts_at, mandate.ends_at - SECOND)]
    assert held == [False, True, True]
    assert not mandate.runs(mandate.ends_at)


def test_revoked_it_no_longer_holds_at_that_very_instant() -> None:
    mandate = revoked(_made(), by="binh", reason="đã đi làm lại", now=NOW)
    assert mandate.runs(NOW - SECOND)
    assert not mandate.runs(NOW)
    with pytest.raises(MandateOverError):
        revoked(mandate, by="binh", reason="lần nữa", now=NOW + SECOND)


def test_one_revoked_before_it_began_never_holds_and_stands_in_nobodys_way() -> None:
    later = replace(GOOD, first=date(2022, 12, 25), last=date(2022, 12, 26))
    mandate = revoked(_made(later), by="binh", reason="hoãn", now=NOW)
    assert not any(mandate.runs(mandate.starts_at + hours * DAY / 24) for hours in range(49))
    assert in_the_way(_made(later, "m2"), [mandate], {}) == []


@pytest.mark.parametrize("reason", ["", "x" * 301])
def test_to_revoke_takes_a_reason(reason: str) -> None:
    with pytest.raises(MandateProblemsError):
        revoked(_made(), by="binh", reason=reason, now=NOW)


def test_two_do_not_act_for_one_person_at_a_time_but_one_after_the_other() -> None:
    first = _made()
    follows = replace(GOOD, first=date(2022, 12, 21), last=date(2022, 12, 22))
    assert [one.field for one in in_the_way(_made(number="m2"), [first], {})] == ["first"]
    assert in_the_way(_made(follows, "m2"), [first], {}) == []
    assert in_the_way(first, [first], {}) == [], "never its own rival"


def test_a_deputy_who_is_away_is_refused_in_both_orders() -> None:
    people = {"principal": "duc", "deputy": "binh", "groups": frozenset({"justice_officer"})}
    away = _made(replace(GOOD, kind="leave", **people), "m2")
    assert [one.field for one in in_the_way(_made(), [away], {})] == ["deputy"]
    assert [one.field for one in in_the_way(away, [_made()], {})] == ["principal"]


DUC = Actor(id="duc", name="Đức", kind="officer", unit="xa-mau", groups=frozenset({"justice_officer"}))


def test_a_deputy_acts_on_behalf_of_the_principal_only_in_what_was_lent() -> None:
    actor = empowered(DUC, [(_made(), PEOPLE["binh"])], RULES.signers)
    assert actor.groups == {"justice_officer", "chairman"}
    assert actor.acting_in(("chairman",)).on_behalf_of == "binh"
    assert actor.acting_in(("justice_officer",)).on_behalf_of is None
    assert actor.acting_in(("one_stop",)).on_behalf_of is None
    assert empowered(DUC, []) is DUC


def test_what_the_principal_lost_since_is_not_lent() -> None:
    actor = empowered(DUC, [(_made(), replace(PEOPLE["binh"], groups=frozenset({"one_stop"})))], RULES.signers)
    assert actor.groups == DUC.groups


def test_a_vice_chairman_with_a_title_signs_for_the_chairman_though_in_the_group_anyway() -> None:
    vice = replace(DUC, groups=frozenset({"chairman"}))
    assert empowered(vice, [(_made(), PEOPLE["binh"])], RULES.signers).acting_in(("chairman",)).on_behalf_of == "binh"
    untitled = replace(_made(), title="")
    assert empowered(vice, [(untitled, PEOPLE["binh"])], RULES.signers).acting_in(("chairman",)).on_behalf_of is None
