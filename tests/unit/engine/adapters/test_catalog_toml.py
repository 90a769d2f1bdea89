"""Strict TOML: what is unknown, missing or of the wrong type is named with its file and key."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import catalog_toml as toml
from engine.domain.errors import CatalogError

ROOT = Path(__file__).parents[4] / "catalog" / "_shared"
DEADLINE = '[deadline]\nkind = "working_days"\ndays = 3\ntext = "03 ngày làm việc"\n'
FEE = '[[fee]]\nkey = "a"\nname = "Phí"\namount = "3000"\n'


def top(text: str) -> toml.Table:
    return toml.read_table("procedure.toml", text.encode(), lambda feel: "sai" if "!" in feel else None)


def refused(read: Any, text: str) -> str:
    with pytest.raises(CatalogError) as refusal:
        read(top(text))
    assert "procedure.toml" in refusal.value.message_en
    return refusal.value.message


def test_deadline_with_extension_is_read() -> None:
    extension = '[deadline.extension]\ndays = 23\nunit = "working_days"\ntotal = true\nwhen = "xác minh"\n'
    rule = toml.read_deadline(top(DEADLINE + extension))
    assert (rule.kind, rule.days, rule.extension and rule.extension.total) == ("working_days", 3, True)
    same_day = '[deadline]\nkind = "same_day"\ncutoff = "15:00"\ntext = "Ngay trong ngày"\n'
    assert toml.read_deadline(top(same_day)).cutoff == time(15)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "deadline: thiếu"),
        (DEADLINE + "hours = 3\n", "deadline.hours: khóa không dùng đến"),
        (DEADLINE.replace("days = 3", 'days = "3"'), "deadline.days: phải là số nguyên"),
        (DEADLINE.replace("days = 3", "days = true"), "deadline.days: phải là số nguyên"),
        (DEADLINE.replace("days = 3", "days = -3"), "deadline.days: phải từ 0"),
        (DEADLINE.replace("days = 3\n", ""), "deadline.days: không hợp với kind"),
        (DEADLINE.replace("working_days", "weeks"), "“weeks” không phải một trong"),
        (DEADLINE.replace("03 ngày làm việc", " "), "deadline.text: không được để trống"),
        (DEADLINE + 'cutoff = "25:00"\n', "deadline.cutoff: phải là giờ"),
        (DEADLINE + 'extension = "có"\n', "deadline.extension: phải là bảng"),
        (DEADLINE + '[deadline.extension]\ndays = 2\nunit = "ngày"\nwhen = "x"\n', "deadline.extension.unit"),
    ],
)
def test_deadline_that_makes_no_sense_is_refused(text: str, words: str) -> None:
    assert words in refused(toml.read_deadline, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FEE.replace('"3000"', "3000"), "fee[1].amount: phải là chữ"),
        (FEE.replace('"3000"', '"!"'), "fee[1].amount: biểu thức sai"),
        (FEE + 'confidence = "sure"\n', "fee[1].confidence"),
        (FEE + FEE, "trùng"),
        (FEE + FEE.replace('"a"', '"b"') + "x = 1\n", "fee[2].x: khóa không dùng đến"),
        ('fee = "x"\n', "fee: phải là danh sách"),
    ],
)
def test_fee_that_makes_no_sense_is_refused(text: str, words: str) -> None:
    assert words in refused(toml.read_fees, text)


@pytest.mark.parametrize("number_format", ["{nummer}", "{number", "{0}", "{number.__class__.x}", "{number:zz}"])
def test_number_format_that_cannot_be_filled_in_is_refused(number_format: str) -> None:
    assert "number_format" in refused(toml.read_result, f'[result]\nname = "Giấy"\nnumber_format = "{number_format}"\n')


def test_file_that_is_no_toml_is_refused() -> None:
    for data in (b"a = ", b"\xff\xfe", b"a = 1\na = 2"):
        with pytest.raises(CatalogError, match="x.toml"):
            toml.read_table("x.toml", data)


def test_calendar_of_the_house_knows_the_days_that_are_law() -> None:
    calendar = toml.read_calendar("calendar.toml", (ROOT / "calendar.toml").read_bytes())
    working = {year: calendar.working_days_between(date(year, 1, 1), date(year, 12, 31)) for year in range(2022, 2027)}
    assert all(245 <= days <= 253 for days in working.values()), working
    assert calendar.add_working_days(date(2023, 1, 19), 5) == date(2023, 2, 2)
    assert calendar.add_working_days(date(2026, 2, 12), 15) == date(2026, 3, 12)
    for worked in ("2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"):
        assert calendar.is_working_day(date.fromisoformat(worked))
    for off in ("2022-04-11", "2023-05-03", "2024-04-29", "2025-05-02", "2026-01-02", "2026-08-31", "2026-11-24"):
        assert not calendar.is_working_day(date.fromisoformat(off))
    low = {e.day.isoformat() for e in calendar.special_days if e.confidence == "low" and e.day.year == 2026}
    assert low == {"2026-01-02", "2026-01-10", "2026-08-22", "2026-08-31", "2026-11-24"}
    assert {e.confidence for e in calendar.special_days if e.day.year == 2022} == {"high"}
    assert all(entry.source for entry in calendar.special_days)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('zone = "Asia/Ho_Chi_Minh"', 'zone = "Asia/Nowhere"', "zone"),
        ("date = 2022-04-11", "date = 2022-01-03", "hai lần"),
        ("date = 2022-04-11", 'date = "2022-04-11"', "phải là ngày"),
        ("date = 2022-04-11", "date = 2022-04-11T00:00:00", "phải là ngày"),
        ('start = "13:00"', 'start = "18:00"', "start"),
        ('"fri"]', '"friday"]', "days"),
        ('confidence = "high"', "", "confidence: thiếu"),
        ('like = "fri"', 'like = "x"', "like"),
        ("last_year = 2027", "last_year = 2027\nlunch = 1", "lunch"),
    ],
)
def test_calendar_with_a_slip_is_refused(old: str, new: str, words: str) -> None:
    text = (ROOT / "calendar.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(CatalogError, match=words):
        toml.read_calendar("calendar.toml", text.replace(old, new, 1).encode())


def test_statuses_and_groups_are_closed_lists() -> None:
    statuses = toml.read_statuses("statuses.toml", (ROOT / "statuses.toml").read_bytes())
    assert len(statuses) == 10
    assert toml.read_groups("groups.toml", (ROOT / "groups.toml").read_bytes())["one_stop"].name_en
    broken = (ROOT / "statuses.toml").read_text("utf-8").replace("follows = [10]", "follows = [11]")
    with pytest.raises(CatalogError, match="11"):
        toml.read_statuses("statuses.toml", broken.encode())
    with pytest.raises(CatalogError, match="trùng"):
        toml.read_groups(
            "groups.toml", b'[[group]]\nid="a"\nname="A"\nname_en="A"\n[[group]]\nid="a"\nname="B"\nname_en="B"\n'
        )
