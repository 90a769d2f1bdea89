"""Files kept by their content's SHA-256 as objects of an S3 bucket: written whole, once, checked on every read.

The client is an extra that only an installation with `[files] kind = "s3"` needs: it is imported by name, when chosen.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib import import_module
from threading import Lock
from typing import Any

from engine.adapters.files import MAX_BYTES, DamagedFileError, FileTooLargeError, checked_digest
from engine.domain.errors import DomainError, NotFoundError

CLIENT = "obstore"  # loaded by name, for the reason above
NEEDED = ("bucket", "region", "access_key", "secret_key")
KNOWN = frozenset({*NEEDED, "kind", "prefix", "endpoint", "allow_http", "timeout", "local"})
TRIES = 2  # after the first; the client waits longer each time
REMEMBERED = 10_000


class FilesAwayError(DomainError, ConnectionError):
    """Kho tệp chưa trả lời. Chưa có gì được ghi nhận; hãy thử lại sau ít phút.
    | The store of files does not answer. Nothing was recorded; try again in a few minutes."""

    code = "files_away"


class S3Files:
    """Port Files on a bucket, `prefix/ab/cd/<digest>`; safe for any number of threads, processes and machines.

    `store` is one of the client's. Files are never deleted: what was seen there once is not asked for again, so that a
    step that names files just handed in seldom has to wait for the bucket.
    """

    def __init__(self, store: Any, *, max_bytes: int = MAX_BYTES) -> None:
        self._store = store
        self._wrong = import_module(f"{CLIENT}.exceptions")
        self._max_bytes = max_bytes
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def put(self, content: bytes) -> str:
        """Store `content` and return its SHA-256 in hex. FileTooLargeError, FilesAwayError."""
        if len(content) > self._max_bytes:
            raise FileTooLargeError(limit=self._max_bytes, size=len(content))
        digest = hashlib.sha256(content).hexdigest()
        with self._answering():
            if not self._created(digest, content) and self._read(digest) != content:
                self._store.put(_place(digest), content)  # a damaged copy is replaced by the good one
        self._remember(digest)
        return digest

    def get(self, sha256: str) -> bytes:
        """The content. BadDigestError, NotFoundError, DamagedFileError, FilesAwayError."""
        with self._answering():
            content = self._read(checked_digest(sha256))
        if content is None:
            raise NotFoundError(what="tệp", id=sha256)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedFileError(id=sha256)
        self._remember(sha256)
        return content

    def exists(self, sha256: str) -> bool:
        """Whether it is stored (its bytes are not read). BadDigestError, FilesAwayError."""
        place = _place(checked_digest(sha256))
        if sha256 in self._seen:
            return True
        with self._answering(), suppress(FileNotFoundError):
            self._store.head(place)
            self._remember(sha256)
            return True
        return False

    def _created(self, digest: str, content: bytes) -> bool:
        """Whether it was not there before; of many writers one is told so."""
        try:
            self._store.put(_place(digest), content, mode="create")
        except self._wrong.AlreadyExistsError:
            return False
        return True

    def _read(self, digest: str) -> bytes | None:
        try:
            return bytes(self._store.get(_place(digest)).bytes())
        except FileNotFoundError:
            return None

    def _remember(self, digest: str) -> None:
        with self._lock:
            self._seen[digest] = None
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Whatever else the bucket or the way to it says is no answer; what it said stays the error's cause."""
        try:
            yield
        except (FileNotFoundError, DomainError):
            raise
        except (self._wrong.BaseError, OSError) as error:
            raise FilesAwayError from error


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def s3_files(section: Mapping[str, Any]) -> S3Files:
    """The store that `[files]` of the connectors' file describes; nothing is asked of it yet. ValueError."""
    _check(section)
    try:
        client = import_module(f"{CLIENT}.store")
    except ImportError as error:
        raise ValueError(f"[files] kind s3 needs the extra of this release: pip install '.[s3]' ({error})") from error
    seconds = float(section.get("timeout", 10))
    store = client.S3Store(
        section["bucket"],
        prefix=section.get("prefix") or None,
        region=section["region"],
        access_key_id=section["access_key"],
        secret_access_key=section["secret_key"],
        **({"endpoint": section["endpoint"]} if section.get("endpoint") else {}),
        client_options={
            "allow_http": section.get("allow_http") is True,
            "timeout": timedelta(seconds=seconds),
            "connect_timeout": timedelta(seconds=min(seconds, 5)),
        },
        retry_config={"max_retries": TRIES, "retry_timeout": timedelta(seconds=2 * seconds)},
    )
    return S3Files(store)


def _check(section: Mapping[str, Any]) -> None:
    """What can be seen to be wrong before anything is loaded; secrets are not repeated."""
    if unknown := set(section) - KNOWN:
        raise ValueError(f"[files] does not know {', '.join(sorted(unknown))}")
    if missing := [name for name in NEEDED if not section.get(name)]:
        raise ValueError(f'[files] kind = "s3" has to name {", ".join(missing)}')
    if str(section.get("endpoint", "")).startswith("http://") and section.get("allow_http") is not True:
        raise ValueError("[files] endpoint is not https: say allow_http = true if the network there is trusted")
