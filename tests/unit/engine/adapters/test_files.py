"""The file store keeps what it was given, whole, and says so when it no longer has it."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.adapters.files import BadDigestError, DamagedFileError, FileStore, FileTooLargeError
from engine.domain.errors import NotFoundError


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kho", max_bytes=100)


def _files(root: Path) -> list[Path]:
    return [p for p in root.rglob("*") if p.is_file()]


def test_content_is_found_again_under_its_digest(store: FileStore) -> None:
    digest = store.put("Giấy khai sinh".encode())
    assert digest == hashlib.sha256("Giấy khai sinh".encode()).hexdigest()
    assert store.get(digest) == "Giấy khai sinh".encode()
    assert store.exists(digest)


def test_empty_file_is_a_file(store: FileStore) -> None:
    assert store.get(store.put(b"")) == b""


def test_same_content_is_kept_once_in_two_levels_of_folders(store: FileStore, tmp_path: Path) -> None:
    digest = store.put(b"x")
    assert store.put(b"x") == digest
    assert [p.relative_to(tmp_path / "kho").parts for p in _files(tmp_path)] == [(digest[:2], digest[2:4], digest)]


def test_unknown_file_is_not_found(store: FileStore) -> None:
    assert not store.exists("0" * 64)
    with pytest.raises(NotFoundError):
        store.get("0" * 64)


@pytest.mark.parametrize("digest", ["", "../" * 21 + "a", "A" * 64, "a" * 63, "a" * 64 + "\n", "٣" * 64, "a" * 65])
def test_what_is_no_digest_is_refused_before_it_becomes_a_path(store: FileStore, digest: str) -> None:
    with pytest.raises(BadDigestError):
        store.get(digest)
    with pytest.raises(BadDigestError):
        store.exists(digest)


def test_limit_is_inclusive(store: FileStore, tmp_path: Path) -> None:
    store.put(b"a" * 100)
    with pytest.raises(FileTooLargeError) as refused:
        store.put(b"a" * 101)
    assert refused.value.data == {"limit": 100, "size": 101}
    assert len(_files(tmp_path)) == 1


def test_damaged_file_is_never_handed_out_and_healed_by_a_new_put(store: FileStore, tmp_path: Path) -> None:
    digest = store.put(b"good")
    _files(tmp_path)[0].write_bytes(b"evil")
    with pytest.raises(DamagedFileError):
        store.get(digest)
    store.put(b"good")
    assert store.get(digest) == b"good"


def test_failed_write_leaves_nothing_behind(store: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        store.put(b"x")
    assert _files(tmp_path) == []


def test_file_and_its_folders_are_synced_before_put_returns(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(os.readlink(f"/proc/self/fd/{fd}")), real(fd))[1])
    digest = store.put(b"x")
    assert any(".new-" in name for name in synced)
    assert synced[-1].endswith(f"/{digest[:2]}/{digest[2:4]}")
    assert any(name.endswith("/kho") for name in synced)


def test_many_writers_of_one_content_leave_one_whole_file(store: FileStore, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: store.put(b"same"), range(32)))
    assert len(digests) == 1
    assert store.get(digests.pop()) == b"same"
    assert len(_files(tmp_path)) == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100))
def test_any_bytes_come_back_unchanged(store: FileStore, content: bytes) -> None:
    assert store.get(store.put(content)) == content
