"""PDFs without what acts or hides: scripts, launches, attachments, forms that send; signed ones stay as signed.

A signature covers every byte, so the signed original is kept and a cleaned copy is shown in its place.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any

import pikepdf

from engine.domain.received import BrokenFileError, FileLimits, LockedFileError, LongFileError
from engine.ports.uploads import Inspected

MOST_UNPACKED = 300 * 2**20  # bytes that all streams together may grow to
DEEPEST = 3  # streams packed in packed streams
STREAM = re.compile(rb"stream\r?\n")
SERIOUS = ("damaged", "error", "unexpected", "loop")
ACTING_KEYS = ("/OpenAction", "/AA", "/JS", "/AF", "/EF", "/XFA", "/RichMediaContent", "/PieceInfo", "/Launch")
ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound"}
    | {"/RichMediaExecute", "/Trans", "/Hide", "/ResetForm"}
)
NAMES = ("/JavaScript", "/EmbeddedFiles", "/Renditions")
ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})


def cleaned_pdf(name: str, content: bytes, limits: FileLimits) -> Inspected:
    """The PDF without what acts; LockedFileError, BrokenFileError (bombs, too), LongFileError."""
    if unpacked(content) > MOST_UNPACKED:
        raise BrokenFileError(name=name)
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as pdf:
            problems = [line for line in pdf.check_pdf_syntax() if any(word in line for word in SERIOUS)]
            pages = len(pdf.pages)
            if problems or not pages:
                raise BrokenFileError(name=name)
            if pages > limits.pages:
                raise LongFileError(name=name, pages=pages, limit=limits.pages)
            signed = _clean(pdf)
            out = BytesIO()
            pdf.save(out, encryption=False, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise LockedFileError(name=name) from error
    except (pikepdf.PikepdfError, ValueError, RuntimeError, RecursionError, TypeError) as error:
        raise BrokenFileError(name=name) from error
    if signed:
        return Inspected(media_type="application/pdf", content=content, view=out.getvalue())
    return Inspected(media_type="application/pdf", content=out.getvalue())


def unpacked(content: bytes) -> int:
    """How many bytes the packed streams grow to; counting ends soon after the limit."""
    total = 0
    for found in STREAM.finditer(content):
        total += _grown(memoryview(content)[found.end() :], MOST_UNPACKED - total, DEEPEST)
        if total > MOST_UNPACKED:
            break
    return total


def _grown(packed: memoryview | bytes, room: int, depth: int) -> int:
    """How far one stream grows; what is packed in it is unpacked, too. 0 for what is not packed in this way."""
    if not depth or bytes(packed[:1]) != b"\x78":
        return 0
    reader, grown, head, piece = zlib.decompressobj(), 0, b"", bytes(packed[:65536])
    at = len(piece)
    try:
        while piece and grown <= room and not reader.eof:
            out = reader.decompress(piece, 2**20)
            grown += len(out)
            head = head + out if len(head) < 2**20 else head
            piece = reader.unconsumed_tail
            if not piece:
                piece = bytes(packed[at : at + 65536])
                at += len(piece)
    except zlib.error:
        return grown
    return grown + _grown(head, room - grown, depth - 1)


def _clean(pdf: pikepdf.Pdf) -> bool:
    """Take out what acts; whether the document bears a signature."""
    signed = False
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            signed = signed or "/ByteRange" in each
            _disarm(each)
    _forget(pdf.Root.get("/Names"), NAMES)
    for page in pdf.pages:
        _keep_harmless(page.obj)
    return signed


def _disarm(each: Any) -> None:
    """A dictionary without the keys that act, and without an action of a kind that acts."""
    for key in ACTING_KEYS:
        if key in each:
            del each[key]
    for key in ("/A", "/Next", "/PA"):
        found = each.get(key)
        if isinstance(found, pikepdf.Dictionary) and str(found.get("/S")) in ACTIONS:
            del each[key]
    if str(each.get("/S")) in ACTIONS and ("/Type" not in each or str(each.get("/Type")) == "/Action"):
        del each["/S"]
    for direct in [value for value in each.values() if _is_direct(value)]:
        _disarm(direct)


def _is_direct(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and not value.is_indirect


def _forget(names: Any, keys: tuple[str, ...]) -> None:
    for key in keys:
        if isinstance(names, pikepdf.Dictionary) and key in names:
            del names[key]


def _keep_harmless(page: Any) -> None:
    notes = page.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return
    kept = [one for one in notes if not _acts(one)]
    page["/Annots"] = pikepdf.Array(kept)


def _acts(note: Any) -> bool:
    return isinstance(note, pikepdf.Dictionary) and str(note.get("/Subtype")) in ANNOTATIONS
