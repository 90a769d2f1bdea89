"""Which files are taken, and what is said of the others."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from tests.unit.web.fake_house import Files
from web.forms.uploads import Limits, RefusedFileError, Uploads, safe_name

PNG = b"\x89PNG\r\n\x1a\nrest"
PDF = b"%PDF-1.7\nrest"
JPG = b"\xff\xd8\xff\xe0rest"


def take(name: str, content: bytes, limits: Limits | None = None):
    return Uploads(Files(), b"k", "me").take(FileStorage(BytesIO(content), filename=name), limits or Limits())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", PNG, "image/png"),
        ("A.PDF", PDF, "application/pdf"),
        ("a.jpg", JPG, "image/jpeg"),
        ("a.JPEG", JPG, "image/jpeg"),
    ],
)
def test_pictures_and_pdf_are_taken(name, content, media_type):
    assert take(name, content)["media_type"] == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PNG),
        ("a.png", PDF),
        ("a.html", b"<html>"),
        ("a.svg", b"<svg/>"),
        ("a.png", b"<html>"),
        ("a.exe", b"MZ"),
        ("pdf", PDF),
        ("a.pdf.exe", PDF),
        ("a.png", b""),
        ("", PDF),
        ("a.pdf", b" %PDF-1.7"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name, content):
    with pytest.raises(RefusedFileError, match="Hãy"):
        take(name, content)


def test_size_is_counted_to_the_byte():
    limit = Limits(megabytes=1)
    full = PDF + b"x" * (1024 * 1024 - len(PDF))
    assert take("a.pdf", full, limit)["size"] == 1024 * 1024
    with pytest.raises(RefusedFileError, match="lớn hơn 1 MB"):
        take("a.pdf", full + b"x", limit)


def test_a_field_can_take_fewer_kinds():
    limits = Limits.of({"properties": {"accept": ".pdf, .exe"}}, {})
    assert limits.endings == (".pdf",)
    with pytest.raises(RefusedFileError):
        take("a.png", PNG, limits)


def test_limits_come_from_the_field_then_from_the_house():
    assert Limits.of({"multiple": False}, {}).files == 1
    assert Limits.of({"properties": {"maxFiles": "3", "maxMb": 4}}, {"uploads": {"max_mb": 2}}).megabytes == 4
    assert Limits.of({}, {"uploads": {"max_mb": 2, "max_files": 7}}) == Limits(files=7, megabytes=2)


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
def test_names_of_files_are_only_names(given, kept):
    assert safe_name(given) == kept


def test_very_long_names_are_cut():
    assert len(safe_name("x" * 5000 + ".pdf")) <= 120
