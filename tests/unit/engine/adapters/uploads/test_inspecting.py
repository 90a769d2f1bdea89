"""Files by what they hold: pictures made anew, PDFs disarmed, and everything else refused with words of its own."""

from __future__ import annotations

import unicodedata
import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from engine.adapters.uploads import papers
from engine.adapters.uploads.inspecting import ContentInspector
from engine.domain.received import FileLimits, RefusedFileError
from engine.ports.uploads import Inspected
from tests.support import scans

ZIP = b"PK\x03\x04" + b"\0" * 60
LIMITS = FileLimits(megabytes=10, pages=5)


def inspect(name: str, content: bytes, limits: FileLimits = LIMITS) -> Inspected:
    return ContentInspector().inspect(name, content, limits)


def refused(name: str, content: bytes, limits: FileLimits = LIMITS) -> str:
    with pytest.raises(RefusedFileError) as refusal:
        inspect(name, content, limits)
    assert name in refusal.value.message
    return refusal.value.code


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", scans.picture("PNG"), "image/png"),
        ("A.PDF", scans.pdf(), "application/pdf"),
        ("a.jpg", scans.picture(), "image/jpeg"),
        (unicodedata.normalize("NFD", "ảnh chụp.JPEG"), scans.picture(), "image/jpeg"),
    ],
)
def test_pictures_and_pdf_are_taken(name: str, content: bytes, media_type: str) -> None:
    assert inspect(name, content).media_type == media_type


def test_the_same_file_twice_gives_the_same_bytes() -> None:
    for name in ("a.pdf", "a.png", "a.jpg"):
        assert inspect(name, scans.paper(name)).content == inspect(name, scans.paper(name)).content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", scans.picture("PNG")),
        ("a.png", scans.pdf()),
        ("a.jpg", scans.picture("PNG")),
        ("a.html", b"<html>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"<html>"),
        ("a.exe", b"MZ\x90\x00" + b"\0" * 60),
        ("a.pdf", b"MZ\x90\x00" + b"\0" * 60),
        ("a.pdf.exe", scans.pdf()),
        ("a.pdf", ZIP),
        ("a.docx", ZIP),
        ("a.pdf", b" " + scans.pdf()),
        ("a.pdf", b"<script>alert(1)</script>" + scans.pdf()),
        ("a.gif", b"GIF89a/*" + b"\0" * 60 + b"*/=1;alert(1)"),
        ("a.png", b"\x00"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name: str, content: bytes) -> None:
    assert refused(name, content) == "wrong_kind"


def test_empty_and_too_large_files_have_words_of_their_own() -> None:
    assert refused("a.pdf", b"") == "empty_file"
    assert refused("a.pdf", scans.pdf() + b"\0" * (11 * 2**20)) == "big_file"
    assert refused("a.pdf", scans.pdf(6)) == "long_file"


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.pdf"])
def test_half_a_file_is_damaged(name: str, cut: float) -> None:
    whole = scans.picture(name[2:].upper().replace("JPG", "JPEG"), (400, 300)) if name != "a.pdf" else scans.pdf(3)
    assert refused(name, whole[: int(len(whole) * cut)]) == "broken_file"


def test_a_pdf_of_nothing_is_damaged() -> None:
    assert (
        refused("a.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n") == "broken_file"
    )
    assert refused("a.pdf", scans.pdf(0)) == "broken_file"
    assert refused("a.pdf", b"%PDF-1.7\n" + b"[" * 200_000) == "broken_file"


def test_a_pdf_with_a_password_is_locked_and_one_that_opens_without_is_not() -> None:
    both = scans.pdf(encryption=pikepdf.Encryption(user="u", owner="o"))
    assert refused("a.pdf", both) == "locked_file"
    owner_only = scans.pdf(encryption=pikepdf.Encryption(user="", owner="o"))
    with opened(inspect("a.pdf", owner_only).content) as found:
        assert not found.is_encrypted


def test_nothing_in_a_pdf_acts_or_hides_any_more() -> None:
    dirty = scans.acting_pdf()
    found = inspect("a.pdf", dirty)
    with opened(dirty) as before:
        assert len(before.attachments) == 1
    with opened(found.content) as after:
        assert len(after.attachments) == 0
        assert [key for key in ("/OpenAction", "/AA", "/AF") if key in after.Root] == []
        text = " ".join(repr(each) for each in after.objects)
        text += " ".join(str(each.read_bytes()) for each in after.objects if isinstance(each, pikepdf.Stream))
        assert "EVIL" not in text
        assert "JavaScript" not in text
        assert "Launch" not in text
        notes = after.pages[0].obj.Annots
        assert [str(one.Subtype) for one in notes] == ["/Link", "/Link"]
        assert str(notes[1].A.URI) == "https://example.vn/"


def test_a_signed_pdf_stays_as_it_is_and_gets_a_copy_to_look_at() -> None:
    signed = scans.signed_pdf()
    found = inspect("a.pdf", signed)
    assert found.content == signed
    assert found.view is not None
    with opened(found.view) as view:
        assert "/OpenAction" not in view.Root
    assert inspect("a.pdf", scans.pdf()).view is None


def test_a_pdf_that_grows_without_end_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_UNPACKED", 20 * 2**20)
    bomb = scans.pdf_bomb(40)
    assert len(bomb) < 2**17
    assert papers.unpacked(bomb) < 24 * 2**20, "counting ends soon after the limit"
    assert refused("a.pdf", bomb) == "broken_file"
    assert inspect("a.pdf", scans.pdf_bomb(10)).media_type == "application/pdf"


def test_what_is_packed_twice_is_counted_unpacked() -> None:
    inner = zlib.compress(zlib.compress(b"\0" * 2**22))
    assert papers.unpacked(b"%PDF-1.7 stream\n" + inner) > 2**22


def test_a_photo_stands_upright_and_tells_nothing_of_place_and_device() -> None:
    found = inspect("a.jpg", scans.photo())
    assert b"TELEPHONE" not in found.content
    with Image.open(BytesIO(found.content)) as made:
        assert made.size == (20, 40)
        assert not made.getexif()


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_what_hangs_behind_a_picture_is_left_behind(name: str) -> None:
    polyglot = scans.paper(name) + b"<script>EVIL</script>" + ZIP + b"EVIL"
    made = inspect(name, polyglot).content
    assert b"EVIL" not in made
    assert b"PK\x03\x04" not in made


def test_words_inside_a_picture_are_left_behind() -> None:
    assert b"EVIL" not in inspect("a.jpg", scans.picture("JPEG", comment=b"EVIL")).content


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "I;16", "LA"])
def test_pictures_of_all_modes_are_taken(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (8, 8)).save(out, "PNG")
    assert inspect("a.png", out.getvalue()).media_type == "image/png"


def test_a_printers_jpeg_becomes_one_for_screens() -> None:
    out = BytesIO()
    Image.new("CMYK", (8, 8)).save(out, "JPEG")
    with Image.open(BytesIO(inspect("a.jpg", out.getvalue()).content)) as made:
        assert made.mode == "RGB"


@pytest.mark.parametrize("side", [9_500, 14_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked(side: int) -> None:
    bomb = scans.picture_bomb(side)
    assert len(bomb) < 2**20
    assert refused("a.png", bomb) == "huge_picture"
