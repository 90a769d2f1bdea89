"""What an officer knows of a case already, and forms that save themselves while they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.codec import dumps, is_plain
from engine.domain.errors import FormInvalidError
from engine.ports import Ports
from engine.ports.handling import Seen, SeenCases, Unfinished, UnfinishedForms

VISIT = timedelta(minutes=30)  # who comes back within this time is still on the same visit: what was new stays marked


class Looking:
    """Remembers what each officer has seen of a case."""

    def __init__(self, ports: Ports, seen: SeenCases) -> None:
        self._ports = ports
        self._seen = seen

    def look(self, actor: Actor, case: Case) -> int:
        """The number of the last event this officer knew before this visit; on the first one all there is.

        What the page shows counts as known from the next visit on.
        """
        now, last = self._ports.clock.now(), self._seen.get(case.unit, case.id, actor.id)
        same = last is not None and now - last.at < VISIT
        before = last.before if last and same else last.version if last else case.version
        if last is None or last.version != case.version or not same:
            seen = Seen(version=case.version, before=before, at=now)
            self._seen.put(case.unit, case.id, actor.id, seen)
        return before


class Autosaving:
    """Keeps what is being typed into a task's form, apart from the case: no event, and nobody else's business."""

    def __init__(self, ports: Ports, forms: UnfinishedForms) -> None:
        self._ports = ports
        self._forms = forms

    def get(self, actor: Actor, case: Case, key: str) -> Unfinished | None:
        """What this officer typed last without saving it."""
        return self._forms.get(case.unit, case.id, key, actor.id)

    def save(self, actor: Actor, case: Case, key: str, data: Mapping[str, Any]) -> datetime:
        """Keep it, where it differs from what is kept already; NotAssigneeError, FormInvalidError."""
        access.check_holds(actor, case, access.open_task(case, key))
        limit = self._ports.catalog.settings["limits"]["draft"]
        if not is_plain(data) or len(dumps(data)) > limit:
            raise FormInvalidError({"": [f"Bản nháp không đúng dạng hoặc quá dài (tối đa {limit} ký tự)."]})
        now, kept = self._ports.clock.now(), self.get(actor, case, key)
        if kept is None or dumps(kept.data) != dumps(data):
            self._forms.put(case.unit, case.id, key, actor.id, Unfinished(data=data, at=now))
        return now

    def drop(self, actor: Actor, case: Case, key: str) -> None:
        """Forget it: it was saved on purpose, sent, or thrown away."""
        self._forms.drop(case.unit, case.id, key, actor.id)

    def expire(self, now: datetime) -> int:
        """Forget what nobody has touched for as long as the house keeps unfinished applications."""
        settings = self._ports.catalog.settings
        days = int((settings.get("drafts") or {}).get("days", 30))
        return sum(self._forms.expire(unit, now - timedelta(days=days)) for unit in self._ports.units())
