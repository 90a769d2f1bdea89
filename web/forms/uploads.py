"""Files that people hand in, as pages carry them: taken in at once, then signed references for their owner alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from engine.commands.receiving import Sender
from engine.domain.received import ENDINGS, FileLimits
from web.forms.schema import Component, properties

Stored = dict[str, Any]


class Receiving(Protocol):
    """Takes files in."""

    def take(self, sender: Sender, name: str, content: bytes, limits: FileLimits) -> Stored:
        """Check and keep a file; a RefusedFileError says what to do."""


def limits_of(component: Component, house: Mapping[str, Any]) -> FileLimits:
    """What a field takes: its own limits, else the house's (settings `uploads`), else the usual ones."""
    own, given, usual = properties(component), house.get("uploads") or {}, FileLimits()
    accept = str(own.get("accept") or component.get("accept") or "")
    wanted = tuple(part.strip().lower() for part in accept.split(",") if part.strip().startswith("."))
    many = 1 if component.get("multiple") is False else int(own.get("maxFiles") or given.get("max_files") or 5)
    return FileLimits(
        files=many,
        megabytes=int(own.get("maxMb") or given.get("max_mb") or usual.megabytes),
        pages=int(given.get("max_pages") or usual.pages),
        megapixels=int(given.get("max_megapixels") or usual.megapixels),
        endings=tuple(ending for ending in wanted if ending in ENDINGS) or ENDINGS,
    )


class Uploads:
    """Takes uploads in and signs references to them for one person."""

    def __init__(self, receiving: Receiving, secret: bytes, sender: Sender) -> None:
        self._receiving = receiving
        self._sender = sender
        self._signer = URLSafeSerializer(secret, salt=f"upload:{sender.account}")

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

    def take(self, upload: FileStorage, limits: FileLimits) -> Stored:
        """Check and store one upload; a RefusedFileError says what to do."""
        content = upload.stream.read(limits.megabytes * 1024 * 1024 + 1)
        return self._receiving.take(self._sender, upload.filename or "", content, limits)
