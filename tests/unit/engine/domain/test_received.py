"""Which files are taken, by name, size and number, and what is said of the others."""

from __future__ import annotations

import unicodedata

import pytest

from engine.domain import received
from engine.domain.received import FileLimits, RefusedFileError, check_kind, check_number, check_size, safe_name


def test_the_eight_refusals_and_the_rest_say_different_things_in_both_languages() -> None:
    kinds = [one for one in vars(received).values() if isinstance(one, type) and issubclass(one, RefusedFileError)]
    said = [(one(name="a", limit=1, pages=2, kinds="PDF").message, one.code) for one in kinds]
    english = {one(name="a", limit=1, pages=2, kinds="PDF").message_en for one in kinds}
    assert len({text for text, _ in said}) == len(said) == len(english) == 13
    assert all("{" not in text for text in (*english, *(text for text, _ in said)))


@pytest.mark.parametrize(("size", "fits"), [(0, False), (1, True), (2**20, True), (2**20 + 1, False)])
def test_size_is_counted_to_the_byte(size: int, fits: bool) -> None:
    if fits:
        check_size("a", size, FileLimits(megabytes=1))
        return
    with pytest.raises(RefusedFileError) as refusal:
        check_size("a", size, FileLimits(megabytes=1))
    assert refusal.value.code == ("big_file" if size else "empty_file")


@pytest.mark.parametrize(
    ("name", "media_type", "fits"),
    [
        ("a.pdf", "application/pdf", True),
        ("A.JPEG", "image/jpeg", True),
        ("a.png", "application/pdf", False),
        ("a.pdf.exe", "application/pdf", False),
        ("pdf", "application/pdf", False),
        ("a.gif", "image/gif", False),
        ("a.pdf", "", False),
    ],
)
def test_the_ending_has_to_agree_with_what_is_inside(name: str, media_type: str, fits: bool) -> None:
    if fits:
        check_kind(name, media_type, FileLimits())
        return
    with pytest.raises(RefusedFileError, match="wrong_kind"):
        check_kind(name, media_type, FileLimits())


def test_a_field_can_take_fewer_kinds_and_fewer_files() -> None:
    with pytest.raises(RefusedFileError):
        check_kind("a.png", "image/png", FileLimits(endings=(".pdf",)))
    check_number([1], FileLimits(files=2))
    with pytest.raises(RefusedFileError, match="many_files"):
        check_number([1, 2], FileLimits(files=2))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lan\\ảnh.png", "ảnh.png"),
        ("a\x00b\n.png", "ab.png"),
        ("", "tep"),
        (unicodedata.normalize("NFD", "ảnh.png"), "ảnh.png"),
        ("...", "tep"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_names_of_files_are_only_names(given: str, kept: str) -> None:
    assert safe_name(given) == kept
    assert len(safe_name("x" * 500 + ".pdf")) <= 120
