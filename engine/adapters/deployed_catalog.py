"""The catalog as deployed in the database: every version ever used stays readable, new cases take the one in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Any

from engine.adapters.lately import Lately
from engine.domain.calendar import WorkingCalendar
from engine.domain.errors import NotFoundError
from engine.domain.procedure import Group, Procedure, Status, in_force
from engine.domain.unit_fees import UnitFee
from engine.domain.wording import Wording
from engine.ports import Store


class DeployedCatalog:
    """Implements the Catalog port; `shared` comes from the catalog folder, procedures from the deployments."""

    def __init__(
        self,
        store: Store,
        read: Callable[[Mapping[str, bytes]], Procedure],
        *,
        groups: Mapping[str, Group],
        statuses: Mapping[int, Status],
        settings: Mapping[str, Any],
        calendar: WorkingCalendar,
        calendars: Callable[[str], WorkingCalendar] | None = None,
        fees: Lately[Mapping[str, Sequence[UnitFee]]] | None = None,
        wordings: Lately[Mapping[str, Sequence[Wording]]] | None = None,
    ) -> None:
        self.groups = groups
        self.statuses = statuses
        self.settings = settings
        self.own_fees = fees or Lately(dict)
        self.own_wordings = wordings or Lately(dict)
        self._store = store
        self._read = read
        self._calendar = calendar
        self._calendars = calendars
        self._versions: dict[tuple[str, int], Procedure] = {}
        self._lock = Lock()

    def procedure(self, code: str, version: int) -> Procedure:
        """That deployed version; NotFoundError."""
        found = self._versions.get((code, version))
        if found is None:
            self.refresh()
            found = self._versions.get((code, version))
        if found is None:
            raise NotFoundError(what="thủ tục", id=f"{code} v{version}")
        return found

    def current(self, code: str, day: date) -> Procedure:
        """The version in force on that day; NotFoundError."""
        self.refresh()
        for procedure in self.current_all(day):
            if procedure.code == code:
                return procedure
        raise NotFoundError(what="thủ tục", id=code)

    def current_all(self, day: date) -> list[Procedure]:
        """Every procedure in force on that day, one version each, by code."""
        known = self._known()
        found = [in_force([p for p in known if p.code == code], day) for code in sorted({p.code for p in known})]
        return [procedure for procedure in found if procedure is not None]

    def in_force(self, day: date) -> list[Procedure]:
        """The same, with what was deployed a moment ago."""
        self.refresh()
        return self.current_all(day)

    def versions(self, code: str) -> list[Procedure]:
        """Every deployed version of a procedure."""
        self.refresh()
        return [procedure for procedure in self._known() if procedure.code == code]

    def calendar(self, unit: str) -> WorkingCalendar:
        """The unit's working calendar: the house's, with what the unit has added to it."""
        return self._calendars(unit) if self._calendars is not None else self._calendar

    def unit_fees(self, unit: str) -> Sequence[UnitFee]:
        """What the unit charges by resolutions of its own."""
        return self.own_fees().get(unit, ())

    def wordings(self, unit: str) -> Sequence[Wording]:
        """What the unit says in notices in words of its own."""
        return self.own_wordings().get(unit, ())

    def refresh(self) -> None:
        """Read versions that were deployed since; they appear all at once, so that nobody sees half a catalog."""
        with self._lock:
            added = self._store.deployments(known=frozenset(self._versions))
            read = {(each.code, each.version): self._read(each.files) for each in added}
            self._versions = {**self._versions, **read}

    def _known(self) -> list[Procedure]:
        if not self._versions:
            self.refresh()
        return list(self._versions.values())
