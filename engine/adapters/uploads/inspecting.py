"""Files by what they hold, not by what they are called: pictures are made anew, PDFs lose what could act."""

from __future__ import annotations

import puremagic

from engine.adapters.uploads.papers import cleaned_pdf
from engine.adapters.uploads.pictures import redrawn
from engine.domain.received import FileLimits, check_kind, check_size
from engine.ports.uploads import Inspected

# A file is taken for what its first bytes say; one that has something before them is none of these.
BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class ContentInspector:
    """Implements the Inspector port with Pillow, pikepdf and puremagic."""

    def inspect(self, name: str, content: bytes, limits: FileLimits) -> Inspected:
        """The file without what it should not carry; a RefusedFileError says what to do."""
        check_size(name, len(content), limits)
        media_type = sniffed(content)
        check_kind(name, media_type, limits)
        if media_type == "application/pdf":
            return cleaned_pdf(name, content, limits)
        return redrawn(name, content, media_type, limits)


def sniffed(content: bytes) -> str:
    """The media type by content; empty when it is none of those that are taken."""
    begins = next((kind for magic, kind in BEGINNINGS.items() if content.startswith(magic)), "")
    try:
        known = {match.mime_type for match in puremagic.magic_string(content[:4096])}
    except puremagic.PureError:
        return ""
    return begins if begins in known else ""
