"""Sets of characters that XPath patterns name and Python's do not."""

import re
import unicodedata
from functools import lru_cache

_LAST_SCANNED = 0x1FFFF  # planes above hold only rare ideographs
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}
_CATEGORY = re.compile(r"L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")
_NAME_START = "A-Z_a-z:\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff"
_NAME_PART = _NAME_START + "\\-.0-9\u00b7\u0300-\u036f"


def _ranges(chosen: list[tuple[int, int]]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in chosen)


def _inverted(chosen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    gaps, start = [], 0
    for first, last in chosen:
        if first > start:
            gaps.append((start, first - 1))
        start = last + 1
    if start <= 0x10FFFF:
        gaps.append((start, 0x10FFFF))
    return gaps


@lru_cache(maxsize=64)
def class_of_category(name: str, negated: bool) -> str | None:
    """Return the inside of a Python set for \\p{name}, or None for an unknown name."""
    if name.startswith("Is"):
        block = _BLOCKS.get(name[2:])
        chosen = [block] if block else None
    else:
        chosen = _scan(name) if _CATEGORY.fullmatch(name) else None
    return None if chosen is None else _ranges(_inverted(chosen) if negated else chosen)


def _scan(name: str) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    for code in range(_LAST_SCANNED + 1):
        if unicodedata.category(chr(code)).startswith(name):
            if chosen and chosen[-1][1] == code - 1:
                chosen[-1] = (chosen[-1][0], code)
            else:
                chosen.append((code, code))
    return chosen


ESCAPES = {
    "d": r"\d",
    "D": r"\D",
    "w": r"\w",
    "W": r"\W",
    "s": r" \t\n\r",
    "S": r"\x00-\x08\x0b\x0c\x0e-\x1f\x21-\U0010ffff",
    "i": _NAME_START,
    "I": r"\x00-9;-@\[-\^`{-\xbf\u00d7\u00f7",
    "c": _NAME_PART,
    "C": r"\x00-,/;-@\[-\^`{-\xb6\xb8-\xbf\u00d7\u00f7",
}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


def escaped_character(letter: str) -> str | None:
    """Return the character that a backslash and the letter stand for, or None when there is none."""
    return _CONTROLS.get(letter, letter if letter in "\\|.?*+(){}-[]^$" else None)
