"""What a field takes, and references to files that only their owner can use."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from engine.commands.receiving import Sender
from engine.domain.received import ENDINGS, BigFileError, FileLimits
from web.forms.uploads import Uploads, limits_of

ME, OTHER = Sender(unit="xa-mau", account="me"), Sender(unit="xa-mau", account="other")
STORED = {"sha256": "a" * 64, "name": "a.pdf", "size": 3, "media_type": "application/pdf"}


class Receiving:
    """Takes everything that is not too large."""

    def take(self, sender: Sender, name: str, content: bytes, limits: FileLimits) -> dict[str, object]:
        if len(content) > limits.megabytes * 2**20:
            raise BigFileError(name=name, limit=limits.megabytes)
        return {**STORED, "name": name, "size": len(content)}


def test_a_field_can_take_fewer_kinds() -> None:
    assert limits_of({"properties": {"accept": ".pdf, .exe"}}, {}).endings == (".pdf",)
    assert limits_of({"properties": {"accept": ".exe"}}, {}).endings == ENDINGS


def test_limits_come_from_the_field_then_from_the_house() -> None:
    assert limits_of({"multiple": False}, {}).files == 1
    assert limits_of({"properties": {"maxFiles": "3", "maxMb": 4}}, {"uploads": {"max_mb": 2}}).megabytes == 4
    house = {"uploads": {"max_mb": 2, "max_files": 7, "max_pages": 9, "max_megapixels": 3}}
    assert limits_of({}, house) == FileLimits(files=7, megabytes=2, pages=9, megapixels=3)


def test_no_more_is_read_than_it_takes_to_see_that_it_is_too_large() -> None:
    stream = BytesIO(b"x" * 5 * 2**20)
    with pytest.raises(BigFileError):
        Uploads(Receiving(), b"k", ME).take(FileStorage(stream, filename="a.pdf"), FileLimits(megabytes=1))
    assert stream.tell() == 2**20 + 1


def test_a_reference_is_good_for_its_owner_only() -> None:
    mine = Uploads(Receiving(), b"k", ME)
    token = mine.token({**STORED, "more": 1})
    assert mine.known([token, token[:-1], "x", ""]) == [STORED]
    assert Uploads(Receiving(), b"k", OTHER).known([token]) == []
    assert Uploads(Receiving(), b"other key", ME).known([token]) == []
