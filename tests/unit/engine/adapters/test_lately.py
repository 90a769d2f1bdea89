"""What was read lately is used for seconds, read anew when somebody says so, and outlives an outage."""

from __future__ import annotations

import pytest

from engine.adapters import lately
from engine.adapters.lately import Lately
from engine.domain.errors import DatabaseUnavailableError


class Rows:
    """Counts how often it is read; away when told."""

    def __init__(self) -> None:
        self.reads, self.away = 0, False

    def __call__(self) -> int:
        if self.away:
            raise DatabaseUnavailableError()
        self.reads += 1
        return self.reads


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(lately, "monotonic", lambda: now[0])
    return now


def test_it_is_read_once_in_a_while_and_at_once_after_a_refresh(moment: list[float]) -> None:
    known = Lately(Rows())
    assert [known(), known()] == [1, 1]
    moment[0] += lately.FRESH
    assert [known(), known()] == [2, 2]
    known.refresh()
    assert known() == 3


def test_an_outage_leaves_what_was_known_and_nothing_is_guessed_before(moment: list[float]) -> None:
    rows = Rows()
    known, rows.away = Lately(rows), True
    for _ in range(2):
        with pytest.raises(DatabaseUnavailableError):
            known()
    rows.away = False
    assert known() == 1
    rows.away = True
    known.refresh()
    assert known() == 1
    rows.away = False
    moment[0] += lately.FRESH
    assert known() == 2


def test_what_is_refreshed_while_it_is_read_is_read_again(moment: list[float]) -> None:
    rows = Rows()

    def read() -> int:
        found = rows()
        if found == 1:
            known.refresh()
        return found

    known = Lately(read)
    assert known() == 1
    assert known() == 2
