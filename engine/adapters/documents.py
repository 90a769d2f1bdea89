"""PDFs made with Typst from the templates a procedure version carries; the data reach them as JSON, never as source."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

import typst

from engine.adapters import verification_mark
from engine.adapters.document_data import as_json
from engine.adapters.font_coverage import covered_characters
from engine.domain.errors import DomainError

FONTS = Path(__file__).parents[2] / "catalog" / "_shared" / "fonts"
_USED = (".typ", ".svg", ".png")  # what of a procedure's files a template may open
_STANDARD: typst.PDFStandard = "a-2b"
# Typst evaluates everything anew when its inputs change, but what a changed file does not reach it keeps: half the CPU.
_INPUT, _FILE = b"json(bytes(sys.inputs.data))", "data.input.json"
# A template may import the files it came with, by a literal path; a package ("@preview/…") would be fetched from afar.
_IMPORT = re.compile(r"\b(?:import|include)\b(?!\s*\"[^@\"\\])")


class TemplateError(DomainError):
    """Không lập được văn bản theo mẫu {template}: {reason} | The document cannot be made from {template}: {reason}"""

    code = "template"


class TypstDocuments:
    """Port Documents. Fonts come from the folder `fonts` alone, so a PDF looks the same on every machine."""

    def __init__(self, fonts: Path = FONTS) -> None:
        faces = sorted(fonts.glob("*.ttf"))
        if not faces:
            raise FileNotFoundError(f"no TrueType fonts in {fonts}")
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        self._characters = frozenset.intersection(*map(covered_characters, faces))
        self._folder = Path(tempfile.mkdtemp(prefix="motcua-typst-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._compilers: dict[tuple[str, str], tuple[Path, typst.Compiler]] = {}
        self._lock = Lock()  # a compiler is not shared by threads

    def render(self, template: str, files: Mapping[str, bytes], data: Mapping[str, Any]) -> bytes:
        """A PDF/A-2b of `template`, a key of `files`, fed with `data` (see catalog/_shared/templates/letter.typ).

        The PDF is dated with data["result"]["date"] (ISO date), so the same input gives the same bytes. With
        data["verify"] it bears the QR code of its public page, see `verification_mark`. TemplateError.
        """
        if data.get("verify"):
            data = verification_mark.drawn(data)
        text = as_json(data, self._characters)
        with self._lock:
            root, compiler = self._compiler(template, files)
            given = root / _FILE
            given.write_text(text, encoding="utf-8")
            try:
                pdf = compiler.compile(format="pdf", timestamp=_stamp(data), pdf_standards=_STANDARD)
            except typst.TypstError as error:
                raise TemplateError(template=template, reason=error.message) from error
            finally:
                given.unlink()  # it is about a person
        assert isinstance(pdf, bytes)  # a PDF is one file; pages come as a list only in PNG and SVG
        return pdf

    def _compiler(self, template: str, files: Mapping[str, bytes]) -> tuple[Path, typst.Compiler]:
        if template not in files or not template.endswith(_USED):
            raise TemplateError(template=template, reason="không có tệp mẫu / no such file")
        files = verification_mark.wrapped(template, files)
        used = {name: files[name] for name in sorted(files) if name.endswith(_USED)}
        digest = _digest(used)
        key = (digest, template)
        if key not in self._compilers:
            root = self._lay_out(digest, used)
            compiler = typst.Compiler(root / verification_mark.ENTRY, root=root, font_paths=self._fonts)
            self._compilers[key] = root, compiler
        return self._compilers[key]

    def _lay_out(self, digest: str, used: Mapping[str, bytes]) -> Path:
        """The files as a folder, because templates import each other by path."""
        root = self._folder / digest
        for name, content in used.items():
            _refuse_strange(name, content)
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.replace(_INPUT, f'json("/{_FILE}")'.encode()))
        return root


def _digest(used: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, content in used.items():
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _refuse_strange(name: str, content: bytes) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise TemplateError(template=name, reason="đường dẫn không hợp lệ / the path leaves the folder")
    if name.endswith(".typ") and _IMPORT.search(content.decode("utf-8", "replace")):
        raise TemplateError(template=name, reason="chỉ được nhập tệp của thủ tục / import the procedure's files only")


def _stamp(data: Mapping[str, Any]) -> datetime:
    """The day the result bears; a draft without one is dated 1970 rather than by the wall clock."""
    result = data.get("result")
    day = result.get("date") if isinstance(result, Mapping) else None
    try:
        return datetime.fromisoformat(str(day)[:10]).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
