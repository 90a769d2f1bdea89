"""Templates become text: names in braces are replaced from a closed list, nothing is evaluated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from engine.domain.folding import without_marks
from engine.domain.notice import Language

PLACE = re.compile(r"\{(\w+)\}")
NAMES = frozenset({
    "agency", "amount", "at", "code", "delivery", "due_at", "filed_at", "handler", "items", "link", "minutes", "name",
    "number", "old_due_at", "otp", "procedure", "reason", "received_at", "receiver", "result", "status", "text",
    "until", "until_at", "way",
})  # fmt: skip
SHORT_NAMES = frozenset({"code", "status", "link", "otp", "minutes"})  # what may stand on a locked telephone
LONGEST = 4000  # signs of one value
SMS_SIGNS = 160  # of one message in the seven-bit alphabet
GSM = frozenset(
    "@$\n\r !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
)  # of the seven-bit alphabet the part that every network carries as one sign


def unknown(text: str, names: frozenset[str] = NAMES) -> frozenset[str]:
    """Names in braces that no value will ever have."""
    return frozenset(PLACE.findall(text)) - names


def render(text: str, data: Mapping[str, Any], lang: Language, zone: tzinfo) -> str:
    """The text with its names filled in; a line that names what has no value is left out."""
    lines = [_line(line, data, lang, zone) for line in text.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line is not None)).strip()


def _line(line: str, data: Mapping[str, Any], lang: Language, zone: tzinfo) -> str | None:
    values = {name: shown(name, data.get(name), lang, zone) for name in PLACE.findall(line)}
    if any(not value for value in values.values()):
        return None
    return PLACE.sub(lambda found: values[found[1]], line)


def shown(name: str, value: Any, lang: Language, zone: tzinfo) -> str:
    """A value as people read it: instants, money, lists, and texts in the reader's language."""
    if isinstance(value, Mapping):
        value = value.get(lang) or value.get("vi")
    if isinstance(value, list | tuple):
        return "\n".join(f"– {clean(str(each))}" for each in value)
    if name.endswith("at") and isinstance(value, str):
        return _moment(value, lang, zone)
    if name == "until" and isinstance(value, str):
        return _day(value)
    if name == "amount" and isinstance(value, int):
        return f"{value:,}".replace(",", ".") + (" đồng" if lang == "vi" else " VND")
    return clean(str(value)) if value not in (None, "") else ""


def _moment(value: str, lang: Language, zone: tzinfo) -> str:
    try:
        at = datetime.fromisoformat(value).astimezone(zone)
    except ValueError:
        return ""
    return at.strftime("%H:%M ngày %d/%m/%Y" if lang == "vi" else "%H:%M on %d/%m/%Y")


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    except ValueError:
        return ""


def clean(text: str, longest: int = LONGEST) -> str:
    """Text as it may travel: composed, without control signs but line ends, not endless."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        sign for sign in composed if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")
    )
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def one_line(text: str, longest: int = 200) -> str:
    """The same on one line, as a heading needs it."""
    return clean(" ".join(text.split()), longest)


def plain_sms(text: str, longest: int = SMS_SIGNS) -> str:
    """Text for one short message: without marks, in the seven-bit alphabet, cut at a blank where it is too long."""
    bare = _unmarked(" ".join(text.replace("–", "-").replace("…", "...").split()))
    fit = "".join(sign for sign in bare if sign in GSM)
    if len(fit) <= longest:
        return fit
    return fit[:longest].rsplit(" ", 1)[0] if " " in fit[:longest] else fit[:longest]


def _unmarked(text: str) -> str:
    """Like `without_marks`, with capitals."""
    return "".join(without_marks(sign).upper() if sign.isupper() else without_marks(sign) for sign in _composed(text))


def _composed(text: str) -> Iterable[str]:
    return unicodedata.normalize("NFC", text)


def international(phone: str) -> str:
    """A Vietnamese number with the country's code and without signs, 84903000111; empty for what is none."""
    digits = re.sub(r"[\s.\-()]", "", phone)
    found = re.fullmatch(r"(?:\+?84|0)([2-9]\d{8,9})", digits)
    return f"84{found[1]}" if found else ""
