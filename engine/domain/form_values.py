"""From what was sent to a clean value: one reader per kind of field, strict about types, plain about what is wrong."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from engine.domain.form import Field
from engine.domain.form_patterns import pattern_of

MAX_RAW = 100_000  # characters looked at before a text is refused unread
MAX_NUMBER = 10**15  # beyond this a JSON number is no longer exact everywhere
OTHER_LENGTH = 200
OLDEST_YEAR = 1800
_NUMBER = re.compile(r"-?\d{1,16}([.,]\d{1,10})?", re.ASCII)
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_PHONE = re.compile(r"(0|\+84)([35789]\d{8}|2\d{9})", re.ASCII)  # mobile, or a line with its area code
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TIMED = re.compile(r"(\d{1,2})[:hg](\d{2})[, ] *(\S+)|(\S+)T(\d{2}):(\d{2})", re.ASCII)
_PARTIAL = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})|(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds where a field has no limit of its own: characters, rows, files and megabytes per file."""

    text: int = 500
    textarea: int = 5000
    rows: int = 100
    max_files: int = 5
    max_mb: int = 10


class FieldError(ValueError):
    """Giá trị của một ô không dùng được. | The value of a field cannot be used."""


def is_empty(value: Any) -> bool:
    """Whether nothing was given."""
    return value is None or value == "" or (isinstance(value, list | tuple | dict) and not value)


def read(each: Field, value: Any, limits: Limits) -> Any:
    """The clean value, None when it is blank; FieldError with a Vietnamese message that names the field."""
    return READERS[each.kind](each, value, limits)


def to_value(number: Any) -> Any:
    """A FEEL result as it is stored: whole numbers as int, fractions as float, dates as ISO text."""
    if isinstance(number, Decimal):
        if not number.is_finite() or abs(number) > MAX_NUMBER:
            return None
        return int(number) if number == int(number) else float(round(number, 10))
    if isinstance(number, datetime):
        return number.isoformat(timespec="minutes")[:16]
    if isinstance(number, date):
        return number.isoformat()
    return number


def _text(each: Field, value: Any, limits: Limits) -> str | None:
    if not isinstance(value, str):
        _wrong(each, "phải là chữ")
    longest = int(each.validate.get("maxLength") or (limits.textarea if each.kind == "textarea" else limits.text))
    if len(value) > min(MAX_RAW, 4 * longest + 100):
        _wrong(each, f"dài quá {longest} ký tự")
    text = clean_text(each, value, multiline=each.kind == "textarea")
    if each.normalize:
        text = _normalized(each.normalize, text)
    if not text:
        return None
    if each.partial_date or each.partial_time:
        return _partial_moment(each, text) if each.partial_time else _partial_date(each, text)
    if len(text) > longest:
        _wrong(each, f"dài quá {longest} ký tự (anh/chị nhập {len(text)})")
    shortest = int(each.validate.get("minLength") or 0)
    if len(text) < shortest:
        _wrong(each, f"phải có ít nhất {shortest} ký tự")
    return _formatted(each, text)


def clean_text(each: Field, value: str, *, multiline: bool) -> str:
    """NFC without blanks at the ends; FieldError for control characters and halves of characters."""
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n").strip()
    allowed = "\n\t" if multiline else ""
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c not in allowed for c in text):
        _wrong(each, "có ký tự không dùng được; hãy gõ lại")
    return text


def _normalized(how: str, text: str) -> str:
    return " ".join(text.split()) if how == "name" else re.sub(r"[\s.]", "", text)


def _formatted(each: Field, text: str) -> str:
    kind = each.validate.get("validationType")
    if kind == "email" and (len(text) > 254 or not _EMAIL.fullmatch(text)):
        _wrong(each, "phải là địa chỉ thư điện tử, ví dụ ten@example.vn")
    if kind == "phone" and not _PHONE.fullmatch(re.sub(r"[\s.\-]", "", text)):
        _wrong(each, "phải là số điện thoại Việt Nam, ví dụ 0903000111")
    pattern = each.validate.get("pattern")
    if pattern and not pattern_of(pattern).found_in(text):
        _wrong(each, pattern_of(pattern).wanted(text))
    return text


def _partial_date(each: Field, text: str) -> str:
    found = _PARTIAL.fullmatch(text)
    if found:
        day, month, year = (found[1], found[2], found[3]) if found[3] else (found[6], found[5], found[4])
        try:
            real = date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            real = None
        if real and real.year >= OLDEST_YEAR:
            return real.isoformat()[: 10 if day else 7 if month else 4]
    _wrong(each, "phải là năm, tháng/năm hoặc ngày/tháng/năm có thật, ví dụ 1985, 03/1985 hoặc 21/03/1985")


def _partial_moment(each: Field, text: str) -> str:
    """A partial date, or a time of day before a whole one: stored as YYYY-MM-DDTHH:MM."""
    found = _TIMED.fullmatch(text)
    if found is None:
        return _partial_date(each, text)
    hour, minute = (found[1], found[2]) if found[3] else (found[5], found[6])
    day = _partial_date(each, found[3] or found[4])
    if len(day) < len("2022-12-05"):
        _wrong(each, "có giờ thì phải ghi đủ ngày, tháng, năm, ví dụ 14:30 05/12/2022")
    if int(hour) > 23 or int(minute) > 59:
        _wrong(each, "phải có giờ từ 00:00 đến 23:59, ví dụ 14:30 05/12/2022")
    return f"{day}T{int(hour):02d}:{minute}"


def _number(each: Field, value: Any, limits: Limits) -> int | float | None:
    if isinstance(value, str) and not value.strip():
        return None
    number = _decimal(value)
    if number is None:
        _wrong(each, "phải là số")
    if abs(number) > MAX_NUMBER:
        _wrong(each, "quá lớn")
    if each.decimals is not None and number != round(number, each.decimals):
        _wrong(each, "phải là số nguyên" if each.decimals == 0 else f"có nhiều nhất {each.decimals} chữ số thập phân")
    least, most = each.validate.get("min"), each.validate.get("max")
    if least is not None and number < Decimal(str(least)):
        _wrong(each, f"phải từ {_spoken(least)} trở lên")
    if most is not None and number > Decimal(str(most)):
        _wrong(each, f"không được quá {_spoken(most)}")
    return int(number) if number == int(number) else float(number)


def _decimal(value: Any) -> Decimal | None:
    """Exact, finite and of a sensible length; text only in plain digits."""
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.fullmatch(text):
            return None
        value = Decimal(text.replace(",", "."))
    if isinstance(value, int):
        return Decimal(value if abs(value) <= MAX_NUMBER else MAX_NUMBER * 10)
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else value
    except InvalidOperation:
        return None
    if not isinstance(number, Decimal) or not number.is_finite():
        return None
    return number if abs(number.adjusted()) <= 30 else Decimal(MAX_NUMBER * 10)


def _spoken(number: int | float) -> str:
    return f"{number:,}".replace(",", ".") if isinstance(number, int) else f"{number:g}".replace(".", ",")


def _moment(each: Field, value: Any, limits: Limits) -> str | None:
    if not isinstance(value, str) or len(value) > 40:
        _wrong(each, "phải là ngày giờ dạng chữ")
    text = value.strip()
    if not text:
        return None
    shape, reader, words = MOMENTS[each.subtype]
    try:
        moment = reader(text) if re.fullmatch(shape, text, re.ASCII) else None
    except ValueError:
        moment = None
    if moment is None or getattr(moment, "year", OLDEST_YEAR) < OLDEST_YEAR:
        _wrong(each, words)
    return text


def _choice(each: Field, value: Any, limits: Limits) -> Any:
    chosen = _option(each, value)
    if chosen is not None:
        return chosen
    if isinstance(value, str) and not value.strip():
        return None
    if each.allow_other and isinstance(value, str):
        text = clean_text(each, value[:MAX_RAW], multiline=False)
        if len(text) > OTHER_LENGTH:
            _wrong(each, f"dài quá {OTHER_LENGTH} ký tự")
        return text
    _wrong(each, "hãy chọn trong danh sách", joint=": ")


def _option(each: Field, value: Any) -> Any:
    """The option that is meant: 1, true and "1" are three different things."""
    if isinstance(value, str) and len(value) <= MAX_RAW:
        value = unicodedata.normalize("NFC", value)
    return next((o for o in each.options if type(o) is type(value) and o == value), None)


def _many(each: Field, value: Any, limits: Limits) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > 4 * len(each.options) + 4:
        _wrong(each, "hãy chọn trong danh sách", joint=": ")
    chosen = [_option(each, item) for item in value]
    if any(option is None for option in chosen):
        _wrong(each, "hãy chọn trong danh sách", joint=": ")
    return [option for option in each.options if option in chosen]


def _checkbox(each: Field, value: Any, limits: Limits) -> bool:
    if not isinstance(value, bool):
        _wrong(each, "chỉ là đánh dấu hoặc không")
    return value


def _files(each: Field, value: Any, limits: Limits) -> list[dict[str, Any]]:
    most = (each.max_files or limits.max_files) if each.multiple else 1
    if not isinstance(value, list | tuple):
        _wrong(each, "phải là danh sách tệp")
    if len(value) > most:
        _wrong(each, f"nhận nhiều nhất {most} tệp")
    files = [_file(each, item, (each.max_mb or limits.max_mb) * 1024 * 1024) for item in value]
    if len({file["sha256"] for file in files}) < len(files):
        _wrong(each, "có hai tệp giống nhau")
    return files


def _file(each: Field, item: Any, most: int) -> dict[str, Any]:
    if not isinstance(item, Mapping) or set(item) != {"sha256", "name", "size", "media_type"}:
        _wrong(each, "có tệp không đọc được; hãy tải lại tệp")
    sha256, name, size, media = item["sha256"], item["name"], item["size"], item["media_type"]
    texts = all(isinstance(text, str) and 0 < len(text) <= 255 for text in (sha256, name, media))
    if not texts or not _SHA256.fullmatch(sha256) or type(size) is not int or size <= 0:
        _wrong(each, "có tệp không đọc được; hãy tải lại tệp")
    if size > most:
        _wrong(each, f"mỗi tệp không quá {most // 1024 // 1024} MB", joint=": ")
    name = clean_text(each, name, multiline=False)
    if each.accept and not any(_accepts(rule, name, media) for rule in each.accept):
        _wrong(each, f"chỉ nhận tệp {', '.join(each.accept)}", joint=": ")
    return {"sha256": sha256, "name": name, "size": size, "media_type": media}


def _accepts(rule: str, name: str, media: str) -> bool:
    if rule.startswith("."):
        return name.lower().endswith(rule)
    return media.startswith(rule[:-1]) if rule.endswith("/*") else media == rule


def _wrong(each: Field, what: str, *, joint: str = " ") -> NoReturn:
    raise FieldError(f"{each.label}{joint}{what}")


READERS: Mapping[str, Callable[[Field, Any, Limits], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "datetime": _moment,
    "select": _choice,
    "radio": _choice,
    "checkbox": _checkbox,
    "checklist": _many,
    "taglist": _many,
    "filepicker": _files,
}
MOMENTS: Mapping[str, tuple[str, Callable[[str], Any], str]] = {
    "date": (r"\d{4}-\d{2}-\d{2}", date.fromisoformat, "phải là ngày có thật (ngày/tháng/năm)"),
    "time": (r"\d{2}:\d{2}", time.fromisoformat, "phải là giờ có thật (giờ:phút)"),
    "datetime": (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", datetime.fromisoformat, "phải là ngày và giờ có thật"),
}
