"""The desk's papers bear the agency's seal: once, the same file for everybody, and never in the way of whoever asks."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from engine.commands.books import CancelNumber
from engine.commands.messages import ExtendDeadline
from engine.commands.seal_messages import KeepSeal
from engine.domain import seals
from engine.domain.actor import Actor, system
from engine.domain.case import Case
from engine.domain.errors import DomainError, ForbiddenError, NotFoundError
from engine.replay import Auditor
from tests.support.desk import UNIT, citizen, officer
from tests.support.followed import Followed
from tests.support.key_store import HAPPY, Keys, ending, house_with, kept
from tests.support.signing import AGENCY, Office, altered_page, now, office, pdfsig

SCENARIOS = HAPPY.parent
SUPPLEMENT, REFUSED = SCENARIOS / "02_bo_sung_roi_tiep_nhan_tai_quay.toml", SCENARIOS / "04_khong_tiep_nhan.toml"
CLERK = officer("one_stop", name="clerk-mai")


@pytest.fixture(scope="module")
def shared() -> Iterator[Office]:
    with office() as found:
        yield found


@pytest.fixture
def room(shared: Office) -> Iterator[Office]:
    yield shared
    shared.book.turn("tsa", refuse=False, delay=0.0, repeat=0, lie="")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Followed]]:
    """Opens houses, and closes them when the test is over."""
    with ExitStack() as stack:
        yield lambda keys, url="": stack.enter_context(house_with(keys, tmp_path, url))


@pytest.fixture
def house(room: Office, tmp_path: Path, opened: Any) -> Followed:
    """A house with the agency's key."""
    found: Followed = opened(Keys(room, tmp_path))
    return found


def received(house: Followed) -> Case:
    return house.desk.play(HAPPY, steps=1, check=False)


def form(house: Followed, case: Case, number: str = "01", who: Actor = CLERK) -> bytes:
    return house.app.following.papers.form(who, case.id, number)


def test_smoke(house: Followed, room: Office) -> None:
    case = received(house)
    content = form(house, case)
    assert room.checker.check(content).sound
    Path("/tmp/slips-01.pdf").write_bytes(content)
    assert form(house, case) == content
    case = house.desk.play(SUPPLEMENT, steps=1, check=False)
    Path("/tmp/slips-02.pdf").write_bytes(form(house, case, "02"))
    Path("/tmp/slips-all.pdf").write_bytes(house.app.following.papers.everything(CLERK, case.id))
    Path("/tmp/slips-two.pdf").write_bytes(house.app.following.papers.twice(content))
