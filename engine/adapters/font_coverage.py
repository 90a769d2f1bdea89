"""Which characters a TrueType font can show, read from its character map."""

from __future__ import annotations

import struct
from pathlib import Path


def covered_characters(font: Path) -> frozenset[int]:
    """Code points of the font's Unicode map (cmap formats 4 and 12). ValueError when it has none of them."""
    data = font.read_bytes()
    cmap = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    records = [struct.unpack_from(">HHL", data, cmap + 4 + 8 * i) for i in range(count)]
    starts = {cmap + offset for platform, _, offset in records if platform in (0, 3)}
    maps = [_characters(data, start) for start in starts]
    if not any(maps):
        raise ValueError(f"{font.name} has no Unicode character map")
    return frozenset().union(*maps)


def _table(data: bytes, tag: bytes) -> int:
    """Where the table begins."""
    (count,) = struct.unpack_from(">H", data, 4)
    for i in range(count):
        name, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * i)
        if name == tag:
            return int(offset)
    raise ValueError(f"the font has no table {tag.decode()}")


def _characters(data: bytes, start: int) -> set[int]:
    (kind,) = struct.unpack_from(">H", data, start)
    if kind == 4:
        return _segments(data, start)
    if kind == 12:
        return _groups(data, start)
    return set()


def _segments(data: bytes, start: int) -> set[int]:
    """Format 4. A segment's last code 0xFFFF ends the table; glyph 0 means the character is missing."""
    (double,) = struct.unpack_from(">H", data, start + 6)
    count, ends = double // 2, start + 14
    found: set[int] = set()
    for i in range(count):
        last, first, delta, offset = (
            struct.unpack_from(">H", data, ends + shift + 2 * i)[0]
            for shift in (0, double + 2, 2 * double + 2, 3 * double + 2)
        )
        glyphs = ends + 3 * double + 2 + 2 * i + offset
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", data, glyphs + 2 * (code - first))[0] if offset else code
            if glyph and (glyph + delta) & 0xFFFF:
                found.add(code)
    return found


def _groups(data: bytes, start: int) -> set[int]:
    """Format 12."""
    (count,) = struct.unpack_from(">L", data, start + 12)
    found: set[int] = set()
    for i in range(count):
        first, last, _ = struct.unpack_from(">LLL", data, start + 16 + 12 * i)
        found.update(range(first, last + 1))
    return found
