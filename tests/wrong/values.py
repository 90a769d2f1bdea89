"""Values that a question may be given to see whether it notices: what is out of range, what is next to right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from engine.domain.form import Field
from engine.domain.form_patterns import pattern_of

YEARS = (-130, -101, -80, -79, -70, -65, -60, -59, -40, -30, -25, -22, -21, -20, -19, -18, -17, -16, -15, -14, -13, -10)
DAYS = (-400, -200, -190, -100, -61, -60, -31, -30, -20, -16, -15, -10, -1, 0, 1, 5, 14, 19, 29, 40, 100, 400, 40_000)
NUMBERS = (0, 1, 2, 3, -1, 10, 59, 61, 99, 101, 1_000, 10_000_000)
STRANGE = ("!?", "12ab", "không có", "1")
TEXTS = ("1", "0", "abc", "A1", "12345", "123456789", "012345678901", "1990", "99/99", "!?", "Nguyễn Văn 2")


def unfit(field: Field) -> Iterator[Any]:
    """Values that the question's own constraints refuse: nothing, no option, too long, too small, no date."""
    if field.required or field.must_be_true or field.required_if:
        yield False if field.kind == "checkbox" else None
    made = {"number": _unfit_numbers, "textfield": _unfit_texts, "textarea": _unfit_texts}
    if field.kind in made:
        yield from made[field.kind](field)
    elif field.kind == "datetime":
        yield from ("2022-02-30", "hôm qua")
    elif field.kind in ("select", "radio") and not field.allow_other:
        yield "khong_co_muc_nay"
    elif field.kind in ("checklist", "taglist"):
        yield ["khong_co_muc_nay"]


def _unfit_numbers(field: Field) -> Iterator[Any]:
    validate = field.validate
    yield "mười"
    if validate.get("min") is not None:
        yield validate["min"] - 1
    if validate.get("max") is not None:
        yield validate["max"] + 1


def _unfit_texts(field: Field) -> Iterator[str]:
    validate = field.validate
    if field.partial_date or field.partial_time:
        yield from ("99/2022", "2022-13-01", "năm ngoái")
        return
    if validate.get("maxLength"):
        yield "a" * (int(validate["maxLength"]) + 1)
    if int(validate.get("minLength") or 0) > 1:
        yield "a" * (int(validate["minLength"]) - 1)
    if validate.get("validationType"):
        yield from ("!?", "12ab")
    if pattern := validate.get("pattern"):
        strange = [text for text in STRANGE if not pattern_of(str(pattern)).found_in(text)]
        assert strange, f"{field.path}: what would {pattern} refuse?"
        yield from strange


def tried(field: Field, value: Any, today: datetime, words: set[str]) -> list[Any]:
    """Values worth trying where an expression that mentions `words` (its text literals) shall be broken."""
    kinds = {
        "datetime": lambda: _moments(field, value, today.date()),
        "number": lambda: [n for n in NUMBERS if n != value],
        "select": lambda: _options(field, words),
        "radio": lambda: _options(field, words),
        "checkbox": lambda: [value is not True],
        "checklist": lambda: [[], *([one] for one in field.options[:3]), list(field.options)],
        "taglist": lambda: [[], *([one] for one in field.options[:3]), list(field.options)],
        "filepicker": lambda: [None],
        "dynamiclist": lambda: _rows(value),
    }
    made = kinds[field.kind]() if field.kind in kinds else _texts(field, value, today.date())
    return [*made, None] if None not in made else made


def _moments(field: Field, value: Any, today: date) -> list[Any]:
    """Days around the present one, birthdays of every age that a law asks for, and the day before and after the own."""
    days = [today + timedelta(days=n) for n in DAYS] + [_years(today, n) for n in YEARS]
    try:
        own = date.fromisoformat(str(value)[:10])
    except ValueError:
        own = today
    days += [own - timedelta(days=1), own + timedelta(days=1), own + timedelta(days=4_000)]
    tail = str(value)[10:] if field.subtype == "datetime" and len(str(value)) > 10 else "T08:00"
    if field.subtype == "time":
        return ["00:00", "07:00", "12:00", "17:30", "23:59"]
    return [day.isoformat() + (tail if field.subtype == "datetime" else "") for day in days]


def _years(day: date, years: int) -> date:
    return (day - timedelta(days=1)).replace(year=day.year + years, day=min(day.day, 28))


def _options(field: Field, words: set[str]) -> list[Any]:
    named = [one for one in field.options if str(one) in words]
    others = [one for one in field.options if one not in named][:4]
    return [*named, *others, *(["Việc khác"] if field.allow_other else [])]


def _texts(field: Field, value: Any, today: date) -> list[Any]:
    if field.partial_date or field.partial_time:
        years = [str(today.year + n) for n in (1, 0, -1, -10, -17, -25, -101)]
        return [*years, (today + timedelta(days=1)).isoformat(), (today - timedelta(days=20)).isoformat()]
    text = value if isinstance(value, str) else ""
    near = [f"{text}9", text[:-1], text.upper(), f"{text[:3]}9{text[4:]}", f"{text[:4]}99{text[6:]}"] if text else []
    return [*near, *TEXTS]


def _rows(value: Any) -> list[Any]:
    rows = value if isinstance(value, list) else []
    return [[], rows[:1], [*rows, *rows[:1]], rows * 6] if rows else [[{}], [{}, {}]]


def filler(field: Field, today: datetime) -> Any:
    """A value that a question of this kind takes, for what becomes due when another answer changes."""
    if field.kind == "datetime":
        day = today.date() - timedelta(days=400)
        return {"date": day.isoformat(), "time": "08:00"}.get(field.subtype, f"{day}T08:00")
    if field.kind in ("select", "radio"):
        return field.options[0] if field.options else "x"
    if field.kind in ("checklist", "taglist"):
        return list(field.options[:1])
    if field.kind == "filepicker":
        ending = next((e for e in field.accept if e.startswith(".")), ".pdf")
        return [{"sha256": "a" * 64, "name": f"giay-to{ending}", "size": 1_000, "media_type": "application/pdf"}]
    simple = {"number": max(1, int(field.validate.get("min") or 1)), "checkbox": True, "dynamiclist": [{}]}
    return simple[field.kind] if field.kind in simple else _text(field)


def _text(field: Field) -> str:
    if field.partial_date or field.partial_time:
        return "1990"
    known = {"phone": "0903000111", "email": "lan@example.vn"}.get(str(field.validate.get("validationType")))
    pattern = str(field.validate.get("pattern") or "")
    return known or ("079190001234" if "\\d" in pattern or "0-9" in pattern else "Nguyễn Văn An")
