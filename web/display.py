"""How instants, money, terms and personal data are written on pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from web.house import house
from web.texts import t

LEVELS = {
    4: ("Mức độ 4 (toàn trình)", "Level 4 (fully online)"),
    3: ("Mức độ 3 (một phần)", "Level 3 (partly online)"),
}


def local(value: datetime) -> datetime:
    """The instant in the zone of the house."""
    return value.astimezone(house().clock.now().tzinfo)


def moment(value: datetime | None) -> str:
    """`14:05 ngày 03/08/2026`."""
    if value is None:
        return ""
    here = local(value)
    return here.strftime(t("%H:%M ngày %d/%m/%Y", "%d/%m/%Y %H:%M"))


def day(value: date | datetime | None) -> str:
    """`03/08/2026`."""
    if value is None:
        return ""
    return (local(value) if isinstance(value, datetime) else value).strftime("%d/%m/%Y")


def hour(value: datetime) -> str:
    """`14:05`, where the day stands above."""
    return local(value).strftime("%H:%M")


def by_day(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of a history in their order, gathered by local day: [{"day": "03/08/2026", "rows": [...]}]."""
    return [{"day": name, "rows": list(found)} for name, found in groupby(rows, lambda row: day(row.at))]


def dong(amount: Any) -> str:
    """`8.000 đồng`."""
    return "" if amount is None else f"{int(amount):,} {t('đồng', 'dong')}".replace(",", ".")


def size(count: int) -> str:
    """A file's size: `12 KB`, `1,4 MB`."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB".replace(".", ",")


def now() -> datetime:
    """The instant by the clock of the house."""
    return house().clock.now()


def is_late(due: datetime | None) -> bool:
    """Whether the instant has passed."""
    return due is not None and due < house().clock.now()


def until(due: datetime | None) -> str:
    """How far the instant is, in words: `Quá hạn 2 ngày`, `Còn 3 ngày`, `Hôm nay, 17:00`."""
    if due is None:
        return t("Không có hạn", "No deadline")
    here, now = local(due), house().clock.now()
    days = (here.date() - now.date()).days
    if here < now:
        late = -days
        return t(f"Quá hạn {late} ngày", f"{late} days late") if late else t("Quá hạn hôm nay", "Late today")
    if days == 0:
        return t(f"Hôm nay, {here:%H:%M}", f"Today, {here:%H:%M}")
    return t(f"Còn {days} ngày", f"{days} days left")


def masked_name(name: str | None) -> str:
    """`Nguyễn Thị Lan` as `Nguyễn T. L.`: enough to recognise, too little to identify."""
    words = (name or "").split()
    return " ".join([*words[:1], *(f"{word[0]}." for word in words[1:])])


def masked_number(number: str | None) -> str:
    """All but the last three signs hidden."""
    text = str(number or "")
    return "•" * max(0, len(text) - 3) + text[-3:]


def level(number: int) -> str:
    """Both names of a service level."""
    return t(*LEVELS.get(number, (f"Mức độ {number}", f"Level {number}")))


def grouped(number: int) -> str:
    """`12.345`."""
    return f"{number:,}".replace(",", t(".", ","))


def hours(minutes: int) -> str:
    """Office minutes as hours: `1,5 giờ`."""
    return t(f"{minutes / 60:.1f}".replace(".", ",") + " giờ", f"{minutes / 60:.1f} h")


FILTERS = {
    "grouped": grouped,
    "hours": hours,
    "moment": moment,
    "day": day,
    "hour": hour,
    "groupby_day": by_day,
    "dong": dong,
    "filesize_vi": size,
    "until": until,
    "masked_name": masked_name,
    "masked_number": masked_number,
    "level_name": level,
}
