"""A unit's own wording of notices, from a day on, over the catalog's: checked and filled as those texts are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from engine.domain.notice import LANGUAGES, Language, Template, Texts
from engine.domain.notice_text import NAMES, PLACE, SHORT_NAMES, SMS_SIGNS, clean, plain_sms, unknown
from engine.domain.registration import Problem, ProblemsError

# signs of each part; `status` is a parameter of a Zalo template
LONGEST: Mapping[str, int] = MappingProxyType({"title": 200, "body": 4000, "status": 30, "short": 300})
FURTHEST = timedelta(days=2 * 366)  # a day further away is a slip of the pen
KEPT = frozenset({"otp", "link"})  # without which a one-time code or link would not reach anybody


class WordingProblemsError(ProblemsError):
    """Có {count} mục cần sửa trong nội dung thông báo. | {count} things about the wording need attention."""

    code = "wording_problems"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a template says from `valid_from` on, by field (`title`, `title_en`, …); no texts: what the catalog says.

    `edition` is the number of the unit's change: no two have the same one.
    """

    unit: str
    template: str
    edition: int
    valid_from: date
    texts: Mapping[str, str]
    changed_at: datetime
    changed_by: str


def counting(rows: Iterable[Wording], template: str, at: datetime) -> Wording | None:
    """The wording of a notice that is written at an instant of the house's zone; None: the catalog's.

    What is changed later on the same day is for notices that are written later: one that waits keeps its words.
    """
    mine = (row for row in rows if row.template == template and row.changed_at <= at and row.valid_from <= at.date())
    found = max(mine, key=lambda row: (row.valid_from, row.edition), default=None)
    return found if found is not None and found.texts else None


def worded(template: Template, texts: Mapping[str, str]) -> Template:
    """The template with these texts; what they do not hold, and all but texts, stays the catalog's."""
    parts: dict[str, Texts] = {}
    for name, part, lang in fields_of(template):
        parts[part] = {**parts.get(part, {}), lang: texts.get(name) or text_of(template, part, lang)}
    return replace(template, **parts)  # type: ignore[arg-type]  # the texts of its parts


def fields_of(template: Template) -> Iterator[tuple[str, str, Language]]:
    """(field, part, language) of each text that the template has."""
    for part in LONGEST:
        for lang in LANGUAGES:
            if text_of(template, part, lang):
                yield (part if lang == "vi" else f"{part}_{lang}"), part, lang


def texts_of(template: Template) -> dict[str, str]:
    """Its texts by field, as they are filled in."""
    return {name: text_of(template, part, lang).strip() for name, part, lang in fields_of(template)}


def text_of(template: Template, part: str, lang: Language) -> str:
    """One text of the template; empty where it has none."""
    texts: Texts = getattr(template, part)
    return texts.get(lang, "")


def names_of(part: str) -> frozenset[str]:
    """Names that may stand in a part: on a locked telephone nothing personal is shown."""
    return SHORT_NAMES if part in ("status", "short") else NAMES


def faults(part: str, text: str) -> Iterator[tuple[str, str, str]]:
    """(rule, Vietnamese, English) of each thing that is wrong with a text, the catalog's or a unit's own."""
    for name in sorted(unknown(text, names_of(part))):
        yield "notice-name", f"tên “{name}” không có ở đây", f"the name “{name}” is not known here"
    if set(PLACE.sub("", text)) & {"{", "}"}:
        vi, en = "dấu { } phải bao quanh một tên, như {code}", "braces have to stand around a name, as in {code}"
        yield "notice-name", vi, en
    if len(text) > LONGEST[part]:
        yield "notice-length", f"dài quá {LONGEST[part]} ký tự", f"there are more than {LONGEST[part]} signs"


def tidy(template: Template, typed: Mapping[str, str]) -> dict[str, str]:
    """Every text of the template in one encoding, without control signs; all but the body on one line."""
    found = {}
    for name, part, _ in fields_of(template):
        text = clean(typed.get(name, ""), 10 * LONGEST["body"]).strip()
        found[name] = text if part == "body" else " ".join(text.split())
    return found


def problems_of(
    template: Template, texts: Mapping[str, str], short: Callable[[Template, Language], str]
) -> list[Problem]:
    """What is wrong with tidy texts; `short` makes the message of a telephone of a template and sample data."""
    found = []
    for name, part, lang in fields_of(template):
        text = texts.get(name, "")
        if not text:
            found.append(Problem(name, "Hãy điền mục này.", "Fill this in."))
        for _, vi, en in faults(part, text):
            found.append(Problem(name, f"{_capital(vi)}.", f"{_capital(en)}."))
        needed = set(PLACE.findall(text_of(template, part, lang))) & KEPT if template.secret else set()
        for each in sorted(needed - set(PLACE.findall(text))):
            found.append(Problem(name, f"Phải có {{{each}}}.", f"It has to hold {{{each}}}."))
    return found or _too_long(worded(template, texts), short)


def _too_long(template: Template, short: Callable[[Template, Language], str]) -> list[Problem]:
    """A message of a telephone is cut where it is too long, and its end is the link."""
    found = []
    for name, part, lang in fields_of(template):
        signs = (
            len(plain_sms(short(template, lang), 10_000)) if part == ("short" if template.short else "status") else 0
        )
        if signs > SMS_SIGNS:
            vi = f"Tin nhắn sẽ dài {signs} ký tự, nhiều nhất là {SMS_SIGNS}: hãy rút gọn."
            found.append(Problem(name, vi, f"The message would have {signs} signs of at most {SMS_SIGNS}: shorten it."))
    return found


def day_problems(day: date | None, today: date) -> list[Problem]:
    """What is wrong with the day from which a wording shall count."""
    if day is None:
        return [Problem("valid_from", "Ghi ngày dạng 31/12/2026.", "Write the day as 31/12/2026.")]
    if day < today:
        return [Problem("valid_from", "Chọn hôm nay hoặc một ngày sau.", "Choose today or a later day.")]
    far = day > today + FURTHEST
    return [Problem("valid_from", "Ngày quá xa.", "That day is too far away.")] if far else []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
