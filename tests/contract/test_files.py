"""What every store of files promises: on the disk, over the S3 client's store in memory, and over a bucket by HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.adapters.files import BadDigestError, DamagedFileError, FileStore, FileTooLargeError
from engine.adapters.files_s3 import S3Files, s3_files
from engine.domain.errors import NotFoundError
from engine.ports import Files
from tests.support.bucket import Bucket, section, serving

WHY = "the extra s3 (obstore) is not installed"
PAPER = "Giấy khai sinh".encode()
DIGEST = hashlib.sha256(PAPER).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """A store; `again` opens the same place anew, `damage` replaces the bytes that lie under a digest."""

    store: Files
    again: Callable[[], Files]
    damage: Callable[[str, bytes], object]


def _on_disk(tmp_path: Path) -> Iterator[Place]:
    def damage(digest: str, content: bytes) -> int:
        return (tmp_path / digest[:2] / digest[2:4] / digest).write_bytes(content)

    yield Place(FileStore(tmp_path), lambda: FileStore(tmp_path), damage)


def _in_memory(tmp_path: Path) -> Iterator[Place]:
    memory = pytest.importorskip("obstore.store", reason=WHY).MemoryStore()
    yield Place(
        S3Files(memory), lambda: S3Files(memory), lambda d, content: memory.put(f"{d[:2]}/{d[2:4]}/{d}", content)
    )


def _over_http(tmp_path: Path) -> Iterator[Place]:
    pytest.importorskip("obstore", reason=WHY)
    bucket = Bucket()

    def damage(digest: str, content: bytes) -> None:
        bucket.objects[f"/motcua/xa-mau/{digest[:2]}/{digest[2:4]}/{digest}"] = content

    with serving(bucket) as address:
        yield Place(s3_files(section(address)), lambda: s3_files(section(address)), damage)


@pytest.fixture(params=[_on_disk, _in_memory, _over_http], ids=["disk", "memory", "http"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    yield from request.param(tmp_path)


def test_content_is_found_again_under_its_digest_by_whoever_opens_the_place(place: Place) -> None:
    assert place.store.put(PAPER) == DIGEST
    for store in (place.store, place.again()):
        assert store.exists(DIGEST)
        assert store.get(DIGEST) == PAPER


@pytest.mark.parametrize("content", [b"", b"\0" * 70_000, bytes(range(256)) * 40_000], ids=["empty", "zeros", "10 MB"])
def test_any_size_comes_back_unchanged(place: Place, content: bytes) -> None:
    assert place.again().get(place.store.put(content)) == content


def test_what_was_never_stored_is_not_found(place: Place) -> None:
    assert not place.store.exists(DIGEST)
    with pytest.raises(NotFoundError):
        place.store.get(DIGEST)


def test_what_is_stored_after_a_vain_question_is_found(place: Place) -> None:
    assert not place.store.exists(DIGEST)
    place.again().put(PAPER)
    assert place.store.exists(DIGEST)


@pytest.mark.parametrize("digest", ["", "../" * 21 + "a", "A" * 64, "a" * 63, "a" * 64 + "\n", "٣" * 64])
def test_what_is_no_digest_is_refused(place: Place, digest: str) -> None:
    with pytest.raises(BadDigestError):
        place.store.get(digest)
    with pytest.raises(BadDigestError):
        place.store.exists(digest)


def test_more_than_the_limit_is_refused_and_not_stored(place: Place) -> None:
    huge = b"a" * (25 * 2**20 + 1)
    with pytest.raises(FileTooLargeError):
        place.store.put(huge)
    assert not place.store.exists(hashlib.sha256(huge).hexdigest())


def test_the_same_content_again_is_no_error(place: Place) -> None:
    assert [place.store.put(PAPER), place.again().put(PAPER)] == [DIGEST, DIGEST]
    assert place.store.get(DIGEST) == PAPER


def test_a_damaged_file_is_never_handed_out_and_healed_by_a_new_put(place: Place) -> None:
    place.store.put(PAPER)
    place.damage(DIGEST, b"evil")
    with pytest.raises(DamagedFileError):
        place.store.get(DIGEST)
    place.store.put(PAPER)
    assert place.again().get(DIGEST) == PAPER


def test_many_writers_of_one_content_all_succeed(place: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: place.again().put(PAPER), range(24))) == {DIGEST}
    assert place.store.get(DIGEST) == PAPER
