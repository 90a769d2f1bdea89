"""Units as they are by now: the catalog's folder gives the defaults, rows in the database go before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from engine.adapters.lately import Lately
from engine.domain.calendar import WorkingCalendar
from engine.domain.calendar_edition import revised
from engine.ports.administration import Facts, UnitBook


class LiveUnits(Mapping[str, Mapping[str, Any]]):
    """Facts of each unit that are in force today, by its id; `calendar` gives its working calendar."""

    def __init__(
        self,
        book: UnitBook,
        defaults: Mapping[str, Mapping[str, Any]],
        base: WorkingCalendar,
        today: Callable[[], date],
    ) -> None:
        self.base = base
        self._book = book
        self._defaults = defaults
        self._today = today
        self._calendars: dict[str, tuple[int, WorkingCalendar]] = {}
        self._known = Lately(self._read)

    def __getitem__(self, unit: str) -> Mapping[str, Any]:
        today = self._today()
        own = [one.facts for one in self._known() if one.unit == unit and one.valid_from <= today]
        if not own and unit not in self._defaults:
            raise KeyError(unit)
        return {**self._defaults.get(unit, {}), **(own[-1] if own else {})}

    def __iter__(self) -> Iterator[str]:
        today = self._today()
        added = {one.unit for one in self._known() if one.valid_from <= today} - set(self._defaults)
        return iter([*self._defaults, *sorted(added)])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def calendar(self, unit: str) -> WorkingCalendar:
        """The unit's own calendar; the house's where it has added nothing."""
        self._known()
        return self._calendars[unit][1] if unit in self._calendars else self.base

    def refresh(self) -> None:
        """See at the next question what was changed a moment ago."""
        self._known.refresh()

    def _read(self) -> tuple[Facts, ...]:
        for unit, number in self._book.numbers().items():
            if self._calendars.get(unit, (0, self.base))[0] != number:
                self._calendars[unit] = (number, revised(self.base, self._book.edition(unit)))
        return tuple(self._book.facts())
