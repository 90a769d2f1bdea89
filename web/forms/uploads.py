"""Files that people hand in: checked by size and content, stored at once, carried in the page as signed references."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from engine.ports import Files
from web.forms.schema import Component, properties

MAGIC: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
)
Stored = dict[str, Any]


class RefusedFileError(Exception):
    """Tệp không được nhận. | The file is not accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many files of which size (MB) and which endings a field takes."""

    files: int = 5
    megabytes: int = 10
    endings: tuple[str, ...] = (".pdf", ".jpg", ".jpeg", ".png")

    @classmethod
    def of(cls, component: Component, house: Mapping[str, Any]) -> Limits:
        """The component's limits, else the house's (settings `uploads.max_files`, `max_mb`), else these."""
        own, given = properties(component), house.get("uploads") or {}
        accept = str(own.get("accept") or component.get("accept") or "")
        wanted = tuple(part.strip().lower() for part in accept.split(",") if part.strip().startswith("."))
        known = tuple(ending for ending in wanted if ending in cls().endings)
        many = 1 if component.get("multiple") is False else int(own.get("maxFiles") or given.get("max_files") or 5)
        return cls(
            files=many,
            megabytes=int(own.get("maxMb") or given.get("max_mb") or 10),
            endings=known or cls().endings,
        )


class Uploads:
    """Stores uploads and signs references to them for one person."""

    def __init__(self, files: Files, secret: bytes, owner: str) -> None:
        self._files = files
        self._signer = URLSafeSerializer(secret, salt=f"upload:{owner}")

    def token(self, stored: Mapping[str, Any]) -> str:
        """A signed reference to a stored file."""
        return str(self._signer.dumps({key: stored[key] for key in ("sha256", "name", "size", "media_type")}))

    def known(self, tokens: Sequence[str]) -> list[Stored]:
        """The files of genuine references; others are dropped."""
        found = []
        for token in tokens:
            try:
                found.append(dict(self._signer.loads(token)))
            except BadSignature:
                continue
        return found

    def take(self, upload: FileStorage, limits: Limits) -> Stored:
        """Check and store one upload; RefusedFileError says what to do."""
        name = safe_name(upload.filename or "")
        content = upload.stream.read(limits.megabytes * 1024 * 1024 + 1)
        if not content:
            raise RefusedFileError(f"Tệp “{name}” không có nội dung. Hãy chọn tệp khác.")
        if len(content) > limits.megabytes * 1024 * 1024:
            raise RefusedFileError(f"Tệp “{name}” lớn hơn {limits.megabytes} MB. Hãy chọn tệp nhỏ hơn.")
        media_type = sniff(name, content, limits.endings)
        return {"sha256": self._files.put(content), "name": name, "size": len(content), "media_type": media_type}


def sniff(name: str, content: bytes, endings: Sequence[str]) -> str:
    """The media type by content; it has to agree with the name's ending."""
    for magic, media_type, own in MAGIC:
        if content.startswith(magic):
            if name.lower().endswith(own) and set(own) & set(endings):
                return media_type
            break
    allowed = ", ".join(ending.lstrip(".").upper() for ending in endings if ending != ".jpeg")
    raise RefusedFileError(f"Tệp “{name}” không phải là tệp {allowed} hợp lệ. Hãy lưu lại đúng dạng rồi chọn lại.")


def safe_name(name: str) -> str:
    """The last part of a file name, NFC, without control characters, at most 120 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else (kept[:120] or "tep")
