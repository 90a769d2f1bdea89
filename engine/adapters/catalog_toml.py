"""Strict reading of the catalog's TOML: every key is known, typed and used; a mistake is named with file and key."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, NoReturn, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.domain.calendar import ZONE, Session, SpecialDay, WorkingCalendar
from engine.domain.errors import CatalogError
from engine.domain.procedure import (
    Confidence,
    DeadlineRule,
    DocumentRule,
    Exemption,
    Extension,
    FeeRule,
    Group,
    ResultRule,
    Rule,
    Status,
)

Feel = Callable[[str], str | None]  # what is wrong with an expression, or None
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CONFIDENCES = get_args(Confidence)
CLOCKS = ("none", "start", "run", "restart", "pause", "stop", "finish")
UNITS = ("working_days", "calendar_days")
_REQUIRED: Any = object()
_KINDS = {str: "chữ", int: "số nguyên", bool: "true hoặc false", date: "ngày", list: "danh sách", dict: "bảng"}


class Table:
    """One TOML table: keys are taken one by one, and `done` refuses what nobody took."""

    def __init__(self, file: str, data: Mapping[str, Any], feel: Feel = lambda text: None, where: str = "") -> None:
        self.file = file
        self.where = where
        self._left = dict(data)
        self._feel = feel

    def wrong(self, key: str, reason: str, reason_en: str) -> NoReturn:
        """Raise CatalogError for a key of this table."""
        place = f"{self.file}: {self.where}{key}"
        raise CatalogError(
            code=self.file, reason=f"{place}: {reason}", reason_en=f"{place}: {reason_en}", file=self.file, element=key
        )

    def take(self, key: str, kind: type, default: Any = _REQUIRED) -> Any:
        """The value of a key, of that very type."""
        if key not in self._left:
            if default is _REQUIRED:
                self.wrong(key, "thiếu", "is missing")
            return default
        value = self._left.pop(key)
        if type(value) is not kind:
            self.wrong(key, f"phải là {_KINDS[kind]}", f"must be {kind.__name__}")
        return value

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        """A text; a required one is not blank."""
        value = self.take(key, str, default)
        if default is _REQUIRED and not value.strip():
            self.wrong(key, "không được để trống", "must not be blank")
        return value

    def feel(self, key: str, default: Any = _REQUIRED) -> Any:
        """A FEEL expression that compiles."""
        value = self.text(key, default)
        problem = self._feel(value) if value is not None else None
        if problem:
            self.wrong(key, f"biểu thức sai: {problem}", f"wrong expression: {problem}")
        return value

    def whole(self, key: str, default: Any = _REQUIRED, least: int = 0) -> int:
        """A whole number from `least`."""
        value: int = self.take(key, int, default)
        if value < least:
            self.wrong(key, f"phải từ {least} trở lên", f"must be at least {least}")
        return value

    def one_of(self, key: str, known: tuple[Any, ...], default: Any = _REQUIRED) -> Any:
        """One of the known values."""
        value = self.take(key, type(known[0]), default)
        if value not in known:
            names = ", ".join(map(str, known))
            self.wrong(key, f"“{value}” không phải một trong: {names}", f"“{value}” is none of: {names}")
        return value

    def clock(self, key: str, default: Any = _REQUIRED) -> Any:
        """A time of day written HH:MM."""
        value = self.take(key, str, default)
        try:
            return time.fromisoformat(value) if value is not None else None
        except ValueError:
            self.wrong(key, "phải là giờ dạng HH:MM", "must be a time HH:MM")

    def items(self, key: str, kind: type, default: Any = _REQUIRED) -> tuple[Any, ...]:
        """A list whose items are all of a type."""
        values = self.take(key, list, default)
        if any(type(value) is not kind for value in values):
            self.wrong(key, f"các mục phải là {_KINDS[kind]}", f"items must be {kind.__name__}")
        return tuple(values)

    def table(self, key: str, default: Any = _REQUIRED) -> Table | None:
        """A table inside; None when it may be absent and is."""
        value = self.take(key, dict, default)
        return None if value is None else Table(self.file, value, self._feel, f"{self.where}{key}.")

    def tables(self, key: str) -> list[Table]:
        """An array of tables, possibly absent; [[key]] entries are named by their number."""
        rows = self.items(key, dict, [])
        return [Table(self.file, row, self._feel, f"{self.where}{key}[{n}].") for n, row in enumerate(rows, 1)]

    def rest(self) -> dict[str, Any]:
        """All keys nobody took, for tables with free keys."""
        left, self._left = self._left, {}
        return left

    def done(self) -> None:
        """Refuse the keys nobody took."""
        for key in self._left:
            self.wrong(key, "khóa không dùng đến; kiểm tra chính tả", "unknown key")


def read_table(file: str, data: bytes, feel: Feel = lambda text: None) -> Table:
    """The whole file as a table; CatalogError when it is no TOML."""
    try:
        return Table(file, tomllib.loads(data.decode("utf-8")), feel)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(
            code=file, reason=f"{file}: không đọc được: {error}", reason_en=f"{file}: {error}", file=file, element=""
        ) from error


def read_groups(file: str, data: bytes) -> dict[str, Group]:
    """groups.toml: the closed list of candidate groups, by id."""
    rows = _rows(read_table(file, data), "group", lambda t: Group(t.text("id"), t.text("name"), t.text("name_en")))
    return {group.id: group for group in rows}


def read_statuses(file: str, data: bytes) -> dict[int, Status]:
    """statuses.toml: the national statuses, by code; every code that `follows` names exists."""
    top = read_table(file, data)
    found = {s.code: s for s in _rows(top, "status", _status)}
    for status in found.values():
        if missing := set(status.follows) - set(found):
            top.wrong("follows", f"không có trạng thái {missing}", f"there is no status {missing}")
    return found


def read_calendar(file: str, data: bytes) -> WorkingCalendar:
    """calendar.toml: office hours, days off and make-up days."""
    top = read_table(file, data)
    days = [_special(row, "holiday") for row in top.tables("holiday")]
    days += [_special(row, "make_up") for row in top.tables("make_up")]
    if len({entry.day for entry in days}) < len(days):
        top.wrong("holiday", "có ngày ghi hai lần", "a day is listed twice")
    zone = top.text("zone", ZONE)
    try:
        known_zone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        top.wrong("zone", f"không có múi giờ {zone}", f"there is no zone {zone}")
    calendar = WorkingCalendar(
        version=top.text("version"),
        first_year=top.whole("first_year", least=1976),
        last_year=top.whole("last_year", least=1976),
        sessions=tuple(session for row in top.tables("session") for session in _sessions(row)),
        special_days=tuple(sorted(days, key=lambda entry: entry.day)),
        zone=known_zone,
    )
    top.done()
    return calendar


def read_fees(top: Table) -> tuple[FeeRule, ...]:
    """[[fee]]."""
    return tuple(_rows(top, "fee", lambda t: FeeRule(
        key=t.text("key"), name=t.text("name"), amount=t.feel("amount"), quantity=t.feel("quantity", "1"),
        each=t.feel("each", None), when=t.feel("when", "true"), unit=t.text("unit", ""), basis=t.text("basis", ""),
        kind=t.one_of("kind", ("phi", "le_phi"), "phi"), confidence=t.one_of("confidence", CONFIDENCES, "high"),
    ), keep=True))  # fmt: skip


def read_exemptions(top: Table) -> tuple[Exemption, ...]:
    """[[exemption]]."""
    return tuple(_rows(top, "exemption", lambda t: Exemption(
        key=t.text("key"), name=t.text("name"), when=t.feel("when"), fees=t.items("fees", str, []),
        basis=t.text("basis", ""), confidence=t.one_of("confidence", CONFIDENCES, "high"),
    ), keep=True))  # fmt: skip


def read_documents(top: Table) -> tuple[DocumentRule, ...]:
    """[[document]]."""
    return tuple(_rows(top, "document", lambda t: DocumentRule(
        key=t.text("key"), name=t.text("name"), kind=t.one_of("kind", ("submit", "present")), form=t.text("form", ""),
        quantity=t.whole("quantity", 1), required=t.feel("required", "true"), field=t.text("field", None),
        note=t.text("note", ""),
    ), keep=True))  # fmt: skip


def read_rules(top: Table) -> tuple[Rule, ...]:
    """[[rule]]."""
    return tuple(_rows(top, "rule", lambda t: Rule(
        key=t.text("key"), check=t.feel("check"), message=t.text("message"), message_en=t.text("message_en"),
        when=t.feel("when", "true"), fields=t.items("fields", str, []), basis=t.text("basis", ""),
        severity=t.one_of("severity", ("error", "warning", "info"), "error"),
    ), keep=True))  # fmt: skip


def read_result(top: Table) -> ResultRule | None:
    """[result], absent where nothing is handed out."""
    table = top.table("result", None)
    if table is None:
        return None
    rule = ResultRule(
        name=table.text("name"), code=table.text("code", ""), book=table.text("book", ""),
        number_format=table.text("number_format", "{number:02d}/{year}"), template=table.text("template", None),
        fields=table.items("fields", str, []),
    )  # fmt: skip
    try:
        rule.number_format.format(number=1, year=2022)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        table.wrong("number_format", f"sai: {error}", f"wrong: {error}")
    table.done()
    return rule


def read_deadline(top: Table) -> DeadlineRule:
    """[deadline] with its extension; a term counted in days has some."""
    table = top.table("deadline")
    assert table is not None  # take() has refused an absent one
    kind = table.one_of("kind", ("same_day", *UNITS))
    inner = table.table("extension", None)
    rule = DeadlineRule(
        kind=kind, days=table.whole("days", 0), cutoff=table.clock("cutoff", None), text=table.text("text"),
        confidence=table.one_of("confidence", CONFIDENCES, "high"), extension=_extension(inner) if inner else None,
    )  # fmt: skip
    if (kind == "same_day") == (rule.days > 0):
        table.wrong("days", "không hợp với kind", "does not go with kind")
    table.done()
    return rule


def _extension(table: Table) -> Extension:
    rule = Extension(
        days=table.whole("days", 0), unit=table.one_of("unit", UNITS), total=table.take("total", bool, False),
        when=table.text("when"), basis=table.text("basis", ""),
    )  # fmt: skip
    table.done()
    return rule


def _status(table: Table) -> Status:
    return Status(
        table.whole("code", least=1), table.text("name"), table.text("name_en"), table.one_of("clock", CLOCKS),
        table.items("follows", int), table.take("terminal", bool, False),
    )  # fmt: skip


def _sessions(table: Table) -> list[Session]:
    start, end = table.clock("start"), table.clock("end")
    days = table.items("days", str)
    if start >= end or not set(days) <= set(WEEKDAYS):
        table.wrong("days", f"ngày là một trong {WEEKDAYS}, start trước end", "unknown weekday, or start after end")
    table.done()
    return [Session(WEEKDAYS.index(day) + 1, start, end) for day in days]


def _special(table: Table, kind: Any) -> SpecialDay:
    like = WEEKDAYS.index(table.one_of("like", WEEKDAYS, "mon")) + 1
    entry = SpecialDay(
        day=table.take("date", date), kind=kind, name=table.text("name"), source=table.text("source"),
        confidence=table.one_of("confidence", CONFIDENCES), like=like,
    )  # fmt: skip
    table.done()
    return entry


def _rows(top: Table, key: str, read: Callable[[Table], Any], *, keep: bool = False) -> list[Any]:
    """The [[key]] entries; their own keys are unique. Without `keep` the file holds nothing else."""
    found = []
    for row in top.tables(key):
        found.append(read(row))
        row.done()
    ids = [getattr(entry, "key", None) or getattr(entry, "id", None) or getattr(entry, "code", None) for entry in found]
    if doubled := {name for name in ids if ids.count(name) > 1}:
        top.wrong(key, f"trùng: {doubled}", f"doubled: {doubled}")
    if not keep:
        top.done()
    return found
