"""Every fact of the 31 procedures is in the catalog, or left out for a reason that is told."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.facts.entry import ROOT, Entry, facts, read
from tests.facts.fields import gaps as field_gaps
from tests.facts.omissions import Verdict, judge

SAMPLE = "xac-nhan-tinh-trang-hon-nhan"
Row = dict[str, Any]


def every_procedure() -> Iterator[Any]:
    """All of them; those whose folder is not there yet are expected to fail."""
    for slug in facts():
        there = (ROOT / slug / "procedure.toml").exists()
        yield pytest.param(slug, marks=() if there else pytest.mark.xfail(strict=True, reason="not in the catalog yet"))


@pytest.mark.parametrize("slug", list(every_procedure()))
def test_every_fact_is_in_the_catalog_or_left_out_for_a_reason(slug: str) -> None:
    entry = read(slug)
    assert entry is not None, "not in the catalog"
    verdict = judge(facts()[slug], entry)
    assert verdict.gaps == []
    assert verdict.idle == []


def test_the_facts_are_those_of_31_procedures_on_two_levels() -> None:
    levels = [each["level"] for each in facts().values()]
    assert (levels.count(3), levels.count(4)) == (15, 16)


def judged(change: Callable[[Row, dict[str, Row]], None]) -> Verdict:
    """The verdict on a procedure of the catalog after a change to its procedure.toml or to its fields."""
    entry = read(SAMPLE)
    assert entry is not None
    head = copy.deepcopy(dict(entry.head))
    data = {name: copy.deepcopy(dict(each.data)) for name, each in entry.fields.items()}
    change(head, data)
    fields = {name: replace(entry.fields[name], data=data[name]) for name in data}
    return judge(facts()[SAMPLE], replace(entry, head=head, fields=fields))


def addresses(change: Callable[[Row, dict[str, Row]], None]) -> list[str]:
    """The addresses of the facts that are missed after a change."""
    return [address for address, _ in judged(change).gaps]


def dropped(rows: list[Row], key: str) -> None:
    rows[:] = [row for row in rows if row["key"] != key]


@pytest.mark.parametrize(
    ("missed", "change"),
    [
        (["field.muc_dich"], lambda head, fields: fields.pop("muc_dich")),
        (["field.so_luong.type"], lambda head, fields: fields["so_luong"].update(type="textfield")),
        (["field.so_luong.min"], lambda head, fields: fields["so_luong"]["validate"].update(min=0)),
        (["field.so_luong.required"], lambda head, fields: fields["so_luong"]["validate"].pop("required")),
        (["field.lam_tai.label"], lambda head, fields: fields["lam_tai"].update(label="Ghi chú")),
        (["field.muc_dich.options"], lambda head, fields: fields["muc_dich"].update(values=[])),
        (["field.ket_hon_voi.visible_if"], lambda head, fields: fields["ket_hon_voi"].pop("conditional")),
        (["field.cam_doan.must_be"], lambda head, fields: fields["cam_doan"].pop("properties")),
        (["fee.xac_nhan_tthn.amount"], lambda head, fields: head["fee"][0].update(amount="30000")),
        (["fee.xac_nhan_tthn"], lambda head, fields: head["fee"].clear()),
        (["exemption.nguoi_khuyet_tat"], lambda head, fields: dropped(head["exemption"], "khuyet_tat")),
        (["document.giay_xn_cu"], lambda head, fields: dropped(head["document"], "giay_xn_cu")),
        (["document.to_khai.required"], lambda head, fields: head["document"][0].update(required="false")),
        (["rule.copies_eq"], lambda head, fields: dropped(head["rule"], "copies_eq")),
        (["step.xac_nhan_ban_dien_tu"], lambda head, fields: dropped(head["special_step"], "xac_nhan_ban_dien_tu")),
        (["term"], lambda head, fields: head["deadline"].update(days=4)),
        (["term.extension"], lambda head, fields: head["deadline"].pop("extension")),
        (["head.level"], lambda head, fields: head.update(level=3)),
        (["head.signer"], lambda head, fields: head["info"].pop("signer")),
        (["result.book"], lambda head, fields: head["result"].update(book="Sổ khác hẳn")),
        (["rule.regex_by_type.nguoi_duoc_cap_giay_to"],
         lambda head, fields: (fields["nguoi_duoc_cap_giay_to"].update(components=[]),
                               dropped(head["rule"], "cccd_consistency"))),
    ],
)  # fmt: skip
def test_a_fact_taken_away_or_falsified_is_missed_by_its_address(missed: list[str], change: Any) -> None:
    assert set(missed) <= set(addresses(change))


def test_fields_in_another_order_than_on_paper_are_missed_and_no_others() -> None:
    entry = read(SAMPLE)
    assert entry is not None
    at = entry.fields["so_luong"].place
    early = replace(entry.fields["so_luong"], place=entry.fields["muc_dich"].place)
    late = replace(entry.fields["muc_dich"], place=at)
    swapped: Entry = replace(entry, fields={**entry.fields, "so_luong": early, "muc_dich": late})
    wrong = [address for address, _ in field_gaps(facts()[SAMPLE], swapped)]
    assert sum(address.endswith(".order") for address in wrong) == 2


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("omission", {"key": "field.khong_co", "reason": "…"}, "the facts have no field.khong_co"),
        ("omission", {"key": "x", "facts": ["rule.khong_co"], "reason": "…"}, "the facts have no rule.khong_co"),
        ("fact", {"key": "rule.khong_co", "at": []}, "none of that name"),
        ("fact", {"key": "rule.copies_eq", "at": ["element.khong_co"]}, "the catalog has no element.khong_co"),
        ("fact", {"key": "rule.copies_eq", "at": ["form.sign_result.khong_co"]}, "has no form.sign_result.khong_co"),
    ],
)
def test_an_explanation_that_names_nothing_is_refused(table: str, row: Row, said: str) -> None:
    verdict = judged(lambda head, fields: head.setdefault(table, []).append(row))
    assert any(said in line for line in verdict.idle)


def test_an_omission_is_taken_with_its_reason_and_covers_that_fact_alone() -> None:
    def change(head: Row, fields: dict[str, Row]) -> None:
        head["deadline"].update(days=4)
        head["rule"].clear()
        head["omission"].append({"key": "rule.copies_eq", "reason": "để thử"})

    verdict = judged(change)
    assert verdict.explained["rule.copies_eq"] == "để thử"
    assert {"term", "rule.age_gte"} <= {address for address, _ in verdict.gaps}
