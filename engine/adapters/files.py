"""Files kept by their content's SHA-256 in a folder: written whole or not at all, checked on every read."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from engine.domain.errors import DomainError, NotFoundError

MAX_BYTES = 25 * 2**20
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class FileTooLargeError(DomainError):
    """Tệp lớn hơn {limit} byte; hãy giảm kích thước rồi gửi lại.
    | The file is larger than {limit} bytes; make it smaller and send it again."""

    code = "file_too_large"


class BadDigestError(DomainError):
    """Mã tệp không hợp lệ. | This is not the digest of a file."""

    code = "bad_digest"


class DamagedFileError(DomainError):
    """Tệp {id} trong kho đã bị hỏng; hãy khôi phục từ bản sao lưu.
    | Stored file {id} is damaged; restore it from the backup."""

    code = "damaged_file"


class FileStore:
    """Port Files on a folder `root/ab/cd/<digest>`; safe for any number of threads and processes on one file system."""

    def __init__(self, root: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._root = root
        self._max_bytes = max_bytes

    def put(self, content: bytes) -> str:
        """Store `content` and return its SHA-256 in hex; it is on the disk when this returns. FileTooLargeError."""
        if len(content) > self._max_bytes:
            raise FileTooLargeError(limit=self._max_bytes, size=len(content))
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not _holds(path, digest):  # a damaged copy is replaced by the good one
            self._make_folders(path.parent)
            _write_whole(path, content)
        return digest

    def get(self, sha256: str) -> bytes:
        """The content. BadDigestError, NotFoundError, DamagedFileError when the bytes no longer match."""
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(what="tệp", id=sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedFileError(id=sha256)
        return content

    def exists(self, sha256: str) -> bool:
        """Whether it is stored (its bytes are not read). BadDigestError."""
        return self._path(sha256).is_file()

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest[2:4] / checked_digest(digest)

    def _make_folders(self, folder: Path) -> None:
        """Make the folder; a new name is only safe once the folder that holds it is on the disk."""
        missing = [p for p in (folder, *folder.parents) if not p.exists()]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for made in missing:
            _sync_folder(made.parent)


def checked_digest(text: str) -> str:
    """The same text, which may become a path; BadDigestError for anything but 64 lower-case hex digits."""
    if not _DIGEST.fullmatch(text):
        raise BadDigestError(id=text[:80])
    return text


def _holds(path: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except FileNotFoundError:
        return False


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside, sync, rename: a reader or a crash sees the whole file or none."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
