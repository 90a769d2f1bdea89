"""The bucket is asked as seldom as it may be, its silence is told as such, and a wrong section is refused at start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from engine.adapters import files_s3
from engine.adapters.files_s3 import FilesAwayError, S3Files, s3_files
from engine.domain.errors import DomainError, NotFoundError
from tests.support.bucket import Bucket, section, serving

WHY = "the extra s3 (obstore) is not installed"
NOBODY = "http://127.0.0.1:9"  # discard: nothing listens


@pytest.fixture
def bucket() -> Bucket:
    pytest.importorskip("obstore", reason=WHY)
    return Bucket()


@pytest.fixture
def store(bucket: Bucket) -> Iterator[S3Files]:
    with serving(bucket) as address:
        yield s3_files(section(address))


def test_an_object_lies_under_bucket_prefix_and_two_folders(store: S3Files, bucket: Bucket) -> None:
    digest = store.put(b"x")
    assert bucket.objects == {f"/motcua/xa-mau/{digest[:2]}/{digest[2:4]}/{digest}": b"x"}


def test_content_that_is_there_is_read_and_not_written_again(store: S3Files, bucket: Bucket) -> None:
    store.put(b"x")
    before = len(bucket.asked)
    store.put(b"x")
    assert [method for method, _ in bucket.asked[before:]] == ["PUT", "GET"]  # the PUT was refused: it is there


def test_a_file_once_seen_is_not_asked_for_again(store: S3Files, bucket: Bucket) -> None:
    digest = store.put(b"x")
    bucket.away = True
    assert store.exists(digest)


def test_what_is_remembered_is_bounded(store: S3Files, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_s3, "REMEMBERED", 1)
    first = store.put(b"1")
    store.put(b"2")
    before = len(bucket.asked)
    assert store.exists(first)
    assert [method for method, _ in bucket.asked[before:]] == ["HEAD"]


@pytest.mark.parametrize("ask", [lambda s: s.put(b"x"), lambda s: s.get("0" * 64), lambda s: s.exists("0" * 64)])
def test_a_busy_bucket_is_away_and_never_an_absent_file(store: S3Files, bucket: Bucket, ask: Any) -> None:
    bucket.away = True
    with pytest.raises(FilesAwayError) as told:
        ask(store)
    assert isinstance(told.value, ConnectionError)
    assert isinstance(told.value, DomainError)
    assert not isinstance(told.value, NotFoundError)
    assert len(bucket.asked) == 1 + files_s3.TRIES


@pytest.mark.parametrize("ask", [lambda s: s.put(b"x"), lambda s: s.get("0" * 64), lambda s: s.exists("0" * 64)])
def test_an_address_where_nobody_listens_is_away(bucket: Bucket, ask: Any) -> None:
    with pytest.raises(FilesAwayError):
        ask(s3_files(section(NOBODY)))


def test_wrong_keys_are_told_as_away_without_the_secret(bucket: Bucket) -> None:
    with serving(bucket) as address, pytest.raises(FilesAwayError) as told:
        s3_files(section(address) | {"access_key": "AKIAOTHER"}).put(b"x")
    assert "khong-ai-biet" not in f"{told.value} {told.value.__cause__}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bucket": ""}, "has to name bucket"),
        ({"secret_key": None}, "has to name secret_key"),
        ({"buckett": "x"}, "does not know buckett"),
        ({"allow_http": False}, "allow_http"),
        ({"allow_http": "yes"}, "allow_http"),
    ],
)
def test_a_wrong_section_is_refused_by_name_and_keeps_the_secret(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as told:
        s3_files(section(NOBODY) | change)
    assert "khong-ai-biet" not in str(told.value)


def test_without_the_extra_the_refusal_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_s3, "CLIENT", "no_such_client")
    with pytest.raises(ValueError, match=r"pip install '\.\[s3\]'"):
        s3_files(section(NOBODY))


def test_a_house_that_keeps_files_on_the_disk_loads_no_client() -> None:
    code = "import sys, engine.equipment; print('obstore' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
