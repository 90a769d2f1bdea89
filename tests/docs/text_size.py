"""How large a text becomes on a diagram: advance widths of the pages' font, and the line breaks of the viewer."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Hundredths of the font size, measured in Chromium: "Be Vietnam Pro", weight 400.
_WIDTHS = {
    18: "'", 20: "`", 23: " ", 25: "l", 26: "Ii", 27: "j", 28: "!", 29: ".:", 30: ",;", 32: '"', 37: "“", 38: "1",
    39: "fr", 41: "|”", 43: "t{}", 44: "()", 46: "J[]", 47: "~", 48: "\\", 50: "*/z", 51: "s", 55: "k", 56: "<>^x",
    57: "?nu", 58: "hvy", 59: "7", 60: "e", 61: "+-c", 62: "EL", 63: "8FS", 64: "$Pago", 65: "2Tbdpq", 66: "35YZđ",
    67: "BR", 68: "069K–", 70: "_", 71: "4HV", 72: "UX", 73: "=DN…", 74: "&A", 77: "C", 78: "G", 79: "Đ", 81: "#",
    82: "Q", 83: "O", 85: "%M", 87: "w", 89: "m", 100: "@W",
}  # fmt: skip
_WIDTH = {sign: width / 100 for width, signs in _WIDTHS.items() for sign in signs}
_HORN = "\u031b"
EMBEDDED, EXTERNAL = 12, 11  # font sizes of the viewer: inside a shape, beside it
LINE = 1.2


@lru_cache(maxsize=4096)
def width(text: str, size: int) -> float:
    """Width of one line in pixels; marks above and below take no room, a horn a little."""
    signs = unicodedata.normalize("NFD", text)
    ems = sum(0.02 if sign == _HORN else 0 if unicodedata.combining(sign) else _WIDTH.get(sign, 0.7) for sign in signs)
    return ems * size


def lines(text: str, most: float, size: int) -> list[str]:
    """The lines into which the viewer breaks a text that may be `most` pixels wide."""
    left, found = " ".join(unicodedata.normalize("NFC", text).split()), list[str]()
    while left:
        line = left
        while width(line, size) > most and len(line) > 1:
            line = _shorter(line, len(line) * most / width(line, size))
        found.append(line.strip())
        left = left[len(line) :].strip()
    return found


def _shorter(line: str, longest: float) -> str:
    """The viewer's way: whole words that have fewer signs than fit on the average, else the word is cut."""
    kept = ""
    for part in re.split(r"(\s|-)", line):
        if len(kept) + len(part) >= longest:
            break
        kept += part
    return kept if kept.strip() else line[: max(round(longest - 1), 1)]


def extent(text: str, most: float, size: int) -> tuple[float, float]:
    """Width and height in pixels of a text broken into lines."""
    broken = lines(text, most, size)
    return max((width(line, size) for line in broken), default=0.0), len(broken) * size * LINE
