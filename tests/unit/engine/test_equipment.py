"""Where files lie is what `[files]` of the connectors' file says, and the disk where it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.adapters.clock import SystemClock
from engine.adapters.files import FileStore
from engine.adapters.files_s3 import S3Files
from engine.equipment import Equipment, equip
from engine.settings import Settings

BUCKET = '[files]\nkind = "s3"\nbucket = "b"\nregion = "r"\naccess_key = "a"\nsecret_key = "s"\n'


def equipped(home: Path, text: str) -> Equipment:
    """Of an installation with this connectors' file."""
    path = home / "connectors.toml"
    path.write_text(text, encoding="utf-8")
    settings = Settings(
        home=home,
        database_url="sqlite:////nowhere.db",
        catalog=home,
        unit="xa-mau",
        demo=False,
        connectors=path,
        standins="http://127.0.0.1:9001",
    )
    return equip(settings, SystemClock())


@pytest.mark.parametrize("text", ["", "[files]\n", '[files]\nkind = "disk"\n'])
def test_files_lie_in_the_house_unless_a_bucket_is_named(tmp_path: Path, text: str) -> None:
    files = equipped(tmp_path, text).files
    assert isinstance(files, FileStore)
    digest = files.put(b"x")
    assert (tmp_path / "files" / digest[:2] / digest[2:4] / digest).read_bytes() == b"x"


def test_files_lie_in_the_bucket_that_is_named(tmp_path: Path) -> None:
    pytest.importorskip("obstore", reason="the extra s3 (obstore) is not installed")
    assert isinstance(equipped(tmp_path, BUCKET).files, S3Files)
    assert not (tmp_path / "files").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[files]\nkind = "ftp"\n', "not 'ftp'"),
        (BUCKET.replace('bucket = "b"\n', ""), "has to name bucket"),
        (BUCKET + 'endpoint = "https://127.0.0.1:9000"\n', "points at this machine"),
    ],
)
def test_a_place_that_makes_no_sense_is_refused_at_start(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        equipped(tmp_path, text)
