"""Looking into files that people hand in: what they are, what is made of them, whether they are harmful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.domain.received import FileLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """A file as it is to be kept; `view` is what is shown instead where the file itself must stay as it came."""

    media_type: str
    content: bytes
    view: bytes | None = None


class ScannerDownError(Exception):
    """Không hỏi được chương trình quét vi-rút. | The virus scanner does not answer."""


class Inspector(Protocol):
    """Looks into a file and cleans it."""

    def inspect(self, name: str, content: bytes, limits: FileLimits) -> Inspected:
        """The file without what it should not carry; a RefusedFileError says what to do."""
        ...


class Scanner(Protocol):
    """Looks for malicious code."""

    def scan(self, content: bytes) -> str | None:
        """The name of what was found, None when it is clean; ScannerDownError when nobody can tell."""
        ...


class ViewingCopies(Protocol):
    """Which file is shown instead of one that must stay as it came."""

    def put(self, unit: str, sha256: str, view_sha256: str, reason: str) -> None:
        """Note that the file is shown by another one."""
        ...

    def of(self, unit: str, sha256: str) -> str | None:
        """The file that is shown for this one; None when it may be shown itself."""
        ...
