"""Patterns of forms: JavaScript's regular expressions, run only where the work they can cause is bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.domain.form import refuse

MAX_PATTERN = 200
LONGEST = (100_000, 10_000, 1_000, 200)  # characters searched, by the number of wide repetitions in the pattern
WIDE = 20  # a repetition that may differ by more than this many turns
_TOKEN = re.compile(
    r"\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]))?|\)|\||[*+?]\??|\{\d{0,3}(?:,\d{0,3})?\}\??|.", re.DOTALL
)
_DIGITS = re.compile(r"\^\(?(?:\\d|\[0-9\])\{(\d{1,2})\}(?:\|(?:\\d|\[0-9\])\{(\d{1,2})\})?\)?\$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern and the longest text it may be used on."""

    source: str
    compiled: re.Pattern[str]
    longest: int

    def found_in(self, text: str) -> bool:
        """Whether a part of the text matches; a text too long to be searched safely does not."""
        return len(text) <= self.longest and self.compiled.search(text) is not None

    def wanted(self, text: str) -> str:
        """What the pattern wants of a text that does not match, where that can be said in words."""
        digits = _DIGITS.fullmatch(self.source)
        if digits is None:
            return "chưa đúng mẫu; hãy kiểm tra lại"
        numbers = " hoặc ".join(part for part in digits.groups() if part)
        entered = f"anh/chị nhập {len(text)}" if text.isascii() and text.isdecimal() else "chỉ nhập chữ số"
        return f"phải có {numbers} chữ số ({entered})"


@lru_cache(maxsize=1024)
def pattern_of(source: str) -> Pattern:
    """The pattern for searching; CatalogError when it is wrong, too long or could stall."""
    if len(source) > MAX_PATTERN:
        raise refuse(source[:80], "mẫu quá dài", "the pattern is too long")
    wide = _wide_repetitions(source)
    if wide >= len(LONGEST):
        raise refuse(source, "mẫu có thể làm treo máy", "the pattern could stall")
    python = re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", lambda m: m[1] or r"\Z", source)  # JavaScript's $ is the very end
    try:
        return Pattern(source, re.compile(python, re.ASCII), LONGEST[wide])
    except (re.error, OverflowError, RecursionError) as error:
        raise refuse(source, f"mẫu sai: {error}", f"wrong pattern: {error}") from error


def _wide_repetitions(source: str) -> int:
    """How many repetitions may differ widely; more than allowed for one inside another, or for references back."""
    levels, wide, closed = [False], 0, False  # per open group: does it hold a choice or a repetition
    for token in _TOKEN.findall(source):
        if re.fullmatch(r"\\[1-9k]", token):
            return len(LONGEST)
        if token.startswith("("):
            levels.append(False)
        elif token == "|":
            levels[-1] = True
        elif spread := _spread(token):
            if closed and spread > 1:
                return len(LONGEST)
            exact = token[0] == "{" and "," not in token
            levels[-1] = levels[-1] or not exact
            wide += spread > WIDE and not exact
        inner = token == ")" and len(levels) > 1 and levels.pop()
        levels[-1] = levels[-1] or inner
        closed = inner
    return wide


def _spread(token: str) -> int:
    """How many turns a repetition may take beyond its first; 0 for what is none."""
    if token[0] in "*+":
        return 1000
    if token[0] == "?":
        return 1
    bounds = re.fullmatch(r"\{(\d*)(?:(,)(\d*))?\}\??", token)
    if bounds is None or not bounds[1]:
        return 0
    return int(bounds[3]) if bounds[3] else 1000 if bounds[2] else int(bounds[1])
