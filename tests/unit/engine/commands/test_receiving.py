"""Taking files in: nothing unscanned where there is a scanner, nothing lost on the way, nothing refused is kept."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from engine.adapters.clock import TimeOrderedIds
from engine.adapters.memory_drafts import MemoryDrafts, MemoryPageReports, MemoryViewingCopies
from engine.commands.receiving import Receiving, Sender, Shelves
from engine.domain.errors import StaleVersionError
from engine.domain.received import FileLimits, RefusedFileError, WrongKindError
from engine.ports.drafts import Incoming
from engine.ports.uploads import Inspected, ScannerDownError
from tests.support.small_house import NINE, UNIT, House

LAN = Sender(unit=UNIT, account="lan")
LIMITS = FileLimits(megabytes=1)
FILE = Incoming(unit=UNIT, draft="d1", key="k", path="tep", name="a.pdf", size=6, received=0, at=NINE)


class Files:
    """A shelf."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def get(self, sha256: str) -> bytes:
        return self.kept[sha256]

    def exists(self, sha256: str) -> bool:
        return sha256 in self.kept


class Inspector:
    """Refuses what begins with `bad`, gives signed ones a copy, and marks the rest as cleaned."""

    def inspect(self, name: str, content: bytes, limits: FileLimits) -> Inspected:
        if content.startswith(b"bad"):
            raise WrongKindError(name=name, kinds=limits.kinds)
        if content.startswith(b"signed"):
            return Inspected(media_type="application/pdf", content=content, view=b"view")
        return Inspected(media_type="application/pdf", content=b"clean " + content)


class Scanner:
    """Finds `virus`; says nothing when it is down."""

    down = False

    def scan(self, content: bytes) -> str | None:
        if self.down:
            raise ScannerDownError("no answer")
        return "Eicar" if b"virus" in content else None


class Door:
    """Where files come in."""

    def __init__(self) -> None:
        self.scanner, self.house = Scanner(), House()
        self.shelves = Shelves(
            files=Files(),
            held=Files(),
            copies=MemoryViewingCopies(),
            reports=MemoryPageReports(),
            drafts=MemoryDrafts(),
        )
        self.receiving = Receiving(
            self.shelves, Inspector(), self.scanner, clock=self.house.clock, ids=TimeOrderedIds()
        )

    def refused(self, content: bytes) -> str:
        with pytest.raises(RefusedFileError) as refusal:
            self.receiving.take(LAN, "a.pdf", content, LIMITS)
        return refusal.value.code

    def held(self) -> list[str]:
        return [one.text for one in self.shelves.reports.newest(UNIT)]


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_file_is_kept_as_it_was_cleaned(door: Door) -> None:
    stored = door.receiving.take(LAN, "../x/a.pdf", b"abc", LIMITS)
    assert (stored["name"], stored["size"], stored["media_type"]) == ("a.pdf", 9, "application/pdf")
    assert door.shelves.files.get(stored["sha256"]) == b"clean abc"


def test_a_signed_file_is_kept_as_signed_and_shown_by_its_copy(door: Door) -> None:
    stored = door.receiving.take(LAN, "a.pdf", b"signed", LIMITS)
    view = door.shelves.copies.of(UNIT, stored["sha256"])
    assert view is not None
    assert (door.shelves.files.get(stored["sha256"]), door.shelves.files.get(view)) == (b"signed", b"view")


def test_an_infected_file_is_held_back_and_the_house_is_told(door: Door) -> None:
    assert door.refused(b"virus") == "infected_file"
    assert door.held() == ["infected: Eicar"]
    assert door.shelves.held.exists(door.shelves.reports.newest(UNIT)[0].page)
    assert door.shelves.files.kept == {}  # type: ignore[attr-defined]  # our own shelf


def test_without_a_verdict_nothing_comes_in(door: Door) -> None:
    door.scanner.down = True
    assert door.refused(b"abc") == "unscanned_file"
    assert door.held() == ["unscanned: no answer"]
    door.scanner.down = False
    assert door.receiving.take(LAN, "a.pdf", b"abc", LIMITS)["size"] == 9


def test_empty_large_and_wrong_files_are_refused_and_not_kept(door: Door) -> None:
    assert door.refused(b"") == "empty_file"
    assert door.refused(b"x" * (2**20 + 1)) == "big_file"
    assert door.refused(b"bad") == "wrong_kind"
    assert door.shelves.files.kept == {}  # type: ignore[attr-defined]  # our own shelf


def test_a_file_that_comes_in_parts_is_taken_once_it_is_whole(door: Door) -> None:
    kept: list[object] = []
    first = door.receiving.part(FILE, 0, b"abc", LIMITS)
    assert door.receiving.arrived(UNIT, "d1", "k") == 3
    with pytest.raises(StaleVersionError):
        door.receiving.finish(LAN, first, LIMITS, kept.append)
    whole = door.receiving.part(FILE, 3, b"def", LIMITS)
    stored = door.receiving.finish(LAN, whole, LIMITS, kept.append)
    assert kept == [stored]
    assert door.shelves.files.get(stored["sha256"]) == b"clean abcdef"
    assert door.receiving.arrived(UNIT, "d1", "k") == 0


def test_a_part_sent_again_after_a_lost_answer_is_told_where_to_go_on(door: Door) -> None:
    door.receiving.part(FILE, 0, b"abc", LIMITS)
    for offset in (0, 1, 5):
        with pytest.raises((StaleVersionError, RefusedFileError)):
            door.receiving.part(FILE, offset, b"abc", LIMITS)
    assert door.receiving.arrived(UNIT, "d1", "k") == 3


def test_more_than_was_announced_is_no_file(door: Door) -> None:
    with pytest.raises(RefusedFileError, match="broken_off"):
        door.receiving.part(FILE, 0, b"abcdefg", LIMITS)
    with pytest.raises(RefusedFileError, match="big_file"):
        door.receiving.part(replace(FILE, size=2**21), 0, b"abc", LIMITS)


def test_unfinished_files_of_one_draft_do_not_grow_without_end(door: Door) -> None:
    large, piece = replace(FILE, size=2**20), b"x" * 2**20
    for number in range(60):
        door.receiving.part(replace(large, key=f"k{number}"), 0, piece, LIMITS)
    with pytest.raises(RefusedFileError):
        door.receiving.part(replace(large, key="one more"), 0, piece, LIMITS)


def test_refused_when_whole_its_parts_are_forgotten_but_not_when_nobody_could_scan_it(door: Door) -> None:
    bad = door.receiving.part(replace(FILE, size=3), 0, b"bad", LIMITS)
    with pytest.raises(RefusedFileError):
        door.receiving.finish(LAN, bad, LIMITS, lambda stored: None)
    assert door.receiving.arrived(UNIT, "d1", "k") == 0
    good = door.receiving.part(replace(FILE, size=3), 0, b"abc", LIMITS)
    door.scanner.down = True
    with pytest.raises(RefusedFileError, match="unscanned"):
        door.receiving.finish(LAN, good, LIMITS, lambda stored: None)
    assert door.receiving.arrived(UNIT, "d1", "k") == 3
    door.scanner.down = False
    assert door.receiving.finish(LAN, good, LIMITS, lambda stored: None)["size"] == 9
