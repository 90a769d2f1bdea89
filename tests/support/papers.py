"""The text of a PDF as people read it: by pdftotext in the order of writing where there is one, else by pypdf."""

from __future__ import annotations

import io
import re
import shutil
import subprocess

from pypdf import PdfReader

PDFTOTEXT = shutil.which("pdftotext")


def text_of(pdf: bytes) -> str:
    """The lines of all pages, blanks between words as one."""
    return tidy(by_pdftotext(pdf) if PDFTOTEXT else by_pypdf(pdf))


def by_pdftotext(pdf: bytes) -> str:
    """As poppler's program writes it."""
    command = [str(PDFTOTEXT), "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode("utf-8")


def by_pypdf(pdf: bytes) -> str:
    """As the library writes it."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def tidy(text: str) -> str:
    """Without blanks that nobody sees and without empty lines."""
    lines = (re.sub(r"[ \t\f\xa0]+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def png_of(pdf: bytes, dots: int = 72) -> bytes:
    """A picture of the first page; needs poppler's pdftoppm."""
    command = ["pdftoppm", "-png", "-r", str(dots), "-gray", "-singlefile", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
