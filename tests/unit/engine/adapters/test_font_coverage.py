"""The character maps of the house's fonts are read right."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from engine.adapters.documents import FONTS
from engine.adapters.font_coverage import covered_characters

VIETNAMESE = "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"


@pytest.mark.parametrize("face", sorted(FONTS.glob("*.ttf")), ids=lambda path: path.stem)
def test_every_face_shows_all_of_vietnamese(face: Path) -> None:
    covered = covered_characters(face)
    assert [c for c in VIETNAMESE + VIETNAMESE.lower() + "₫□–“”" if ord(c) not in covered] == []


@pytest.mark.parametrize("face", sorted(FONTS.glob("*.ttf")), ids=lambda path: path.stem)
def test_no_face_claims_what_it_lacks(face: Path) -> None:
    assert not covered_characters(face) & {ord("漢"), ord("😀"), 0xFFFF, 0xE123}


def _font(cmap: bytes) -> bytes:
    return struct.pack(">LHHHH", 0x10000, 1, 0, 0, 0) + struct.pack(">4sLLL", b"cmap", 0, 28, len(cmap)) + cmap


def test_wide_map_of_groups_is_read(tmp_path: Path) -> None:
    table = struct.pack(">HHLLL", 12, 0, 40, 0, 2) + struct.pack(">6L", 65, 67, 1, 0x1F600, 0x1F600, 9)
    font = tmp_path / "wide.ttf"
    font.write_bytes(_font(struct.pack(">HHHHL", 0, 1, 3, 10, 12) + table))
    assert covered_characters(font) == {65, 66, 67, 0x1F600}


def test_font_without_a_unicode_map_is_refused(tmp_path: Path) -> None:
    font = tmp_path / "symbols.ttf"
    font.write_bytes(_font(struct.pack(">HHHHL", 0, 1, 1, 0, 12) + struct.pack(">H", 0)))
    with pytest.raises(ValueError, match=r"symbols\.ttf has no Unicode character map"):
        covered_characters(font)


def test_file_without_a_map_table_is_refused(tmp_path: Path) -> None:
    font = tmp_path / "none.ttf"
    font.write_bytes(struct.pack(">LHHHH", 0x10000, 0, 0, 0, 0))
    with pytest.raises(ValueError, match="no table cmap"):
        covered_characters(font)
