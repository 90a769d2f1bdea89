"""What an administrator does to the officers of the own unit; each act is a line of the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.commands.changes import change, check_administers
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError, StaleVersionError
from engine.domain.roster import Roster, read
from engine.domain.staffing import (
    Lock,
    Officer,
    OwnAccountError,
    StaffProblemsError,
    Wanted,
    changed,
    find,
    locked,
    problems_of,
    taken,
)
from engine.ports import Clock, Ids
from engine.ports.administration import Revision, StaffStore

Deed = tuple[str, Officer, Officer | None, str]  # what, the officer after, before, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Officers:
    """`groups`: names of the house's groups by id; `life`: how long a one-time password is good.

    Everything raises ForbiddenError for who is no administrator, NotFoundError for an officer of another unit,
    OfficerChangedError where `seen` is no longer what the officer is.
    """

    store: StaffStore
    clock: Clock
    ids: Ids
    groups: Callable[[], Mapping[str, str]]
    life: timedelta = timedelta(hours=72)

    def all(self, actor: Actor) -> list[Officer]:
        """The officers of the actor's unit."""
        return self.store.officers(actor.unit)

    def one(self, actor: Actor, officer_id: str) -> Officer:
        """One of them."""
        return _found(find(self.all(actor), officer_id, None), officer_id)

    def add(self, actor: Actor, wanted: Wanted, password_hash: str) -> Officer:
        """A new officer with a one-time password; StaffProblemsError."""
        return self._added(actor, [(wanted.tidy(), password_hash)])[0]

    def look(self, actor: Actor, content: bytes) -> Roster:
        """What a list would do, line by line; nothing is written."""
        return read(content, self.groups(), [one.login for one in self.all(actor)])

    def take_over(self, actor: Actor, content: bytes, hashes: Sequence[str]) -> list[Officer]:
        """All of a list or nothing of it, with a hash for each line; StaffProblemsError."""
        roster = self.look(actor, content)
        if not roster.is_sound:
            wrong = [problem for line in roster.lines for problem in line.problems]
            raise StaffProblemsError([*roster.problems, *wrong])
        wanted = [line.wanted for line in roster.lines]
        return self._added(actor, list(zip(wanted, hashes, strict=True)))

    def _added(self, actor: Actor, wanted: Sequence[tuple[Wanted, str]]) -> list[Officer]:
        problems = [problem for one, _ in wanted for problem in problems_of(one, self.groups())]
        if problems:
            raise StaffProblemsError(problems)

        def decide(staff: Sequence[Officer]) -> Revision:
            there = {one.login for one in staff}
            twice = [taken(one.login) for one, _ in wanted if one.login in there]
            if twice:
                raise StaffProblemsError(twice)
            new = [
                (Officer(id=self.ids.new(), unit=actor.unit, **_told(one), one_time=True), password)
                for one, password in wanted
            ]
            until = self.clock.now() + self.life
            return self._revision(
                actor,
                [("officer:added", officer, None, "") for officer, _ in new],
                passwords={officer.id: (password, until) for officer, password in new},
            )

        try:
            return list(self._revise(actor, decide).officers)
        except StaleVersionError as error:  # the login belongs to somebody of another unit, or to a citizen
            raise StaffProblemsError([taken(one.login) for one, _ in wanted]) from error

    def change(self, actor: Actor, officer_id: str, wanted: Wanted, seen: str) -> Officer:
        """Another name, other groups: they count at the officer's next request. StaffProblemsError, OwnAccountError,
        LastAdministratorError."""

        def decide(staff: Sequence[Officer]) -> Revision:
            officer = _found(find(staff, officer_id, seen), officer_id)
            tidy = Wanted(login=officer.login, name=wanted.name, groups=wanted.groups).tidy()
            problems = [one for one in problems_of(tidy, self.groups()) if one.field != "login"]
            if problems:
                raise StaffProblemsError(problems)
            after = changed(staff, officer, actor.id, name=tidy.name, groups=tidy.groups)
            return self._revision(actor, [("officer:changed", after, officer, "")] if after != officer else [])

        return self._of(self._revise(actor, decide), actor, officer_id)

    def lock(self, actor: Actor, officer_id: str, reason: str, seen: str) -> Officer:
        """Sessions end and none can begin. OwnAccountError, LastAdministratorError, StaffProblemsError."""

        def decide(staff: Sequence[Officer]) -> Revision:
            officer = _found(find(staff, officer_id, seen), officer_id)
            lock = Lock(at=self.clock.now(), by=actor.id, reason=" ".join(reason.split()))
            after = locked(staff, officer, lock)
            return self._revision(actor, [("officer:locked", after, officer, lock.reason)], ended=[officer_id])

        return self._of(self._revise(actor, decide), actor, officer_id)

    def unlock(self, actor: Actor, officer_id: str, reason: str, seen: str) -> Officer:
        """The officer may sign in again."""

        def decide(staff: Sequence[Officer]) -> Revision:
            officer = _found(find(staff, officer_id, seen), officer_id)
            after = Officer(id=officer.id, unit=officer.unit, one_time=officer.one_time, **_told(officer))
            return self._revision(actor, [("officer:unlocked", after, officer, " ".join(reason.split())[:500])])

        return self._of(self._revise(actor, decide), actor, officer_id)

    def reset(self, actor: Actor, officer_id: str, password_hash: str, seen: str) -> Officer:
        """A one-time password; every session ends. OwnAccountError: one's own is changed on one's own page."""

        def decide(staff: Sequence[Officer]) -> Revision:
            officer = _found(find(staff, officer_id, seen), officer_id)
            if officer.id == actor.id:
                raise OwnAccountError()
            until = self.clock.now() + self.life
            deed = ("officer:password_reset", officer, officer, "")
            return self._revision(actor, [deed], passwords={officer_id: (password_hash, until)}, ended=[officer_id])

        return self._of(self._revise(actor, decide), actor, officer_id)

    def end_sessions(self, actor: Actor, officer_id: str) -> Officer:
        """Sign the officer out everywhere."""

        def decide(staff: Sequence[Officer]) -> Revision:
            officer = _found(find(staff, officer_id, None), officer_id)
            return self._revision(actor, [("officer:sessions_ended", officer, officer, "")], ended=[officer_id])

        return self._of(self._revise(actor, decide), actor, officer_id)

    def _revise(self, actor: Actor, decide: Callable[[Sequence[Officer]], Revision]) -> Revision:
        def allowed(staff: Sequence[Officer]) -> Revision:
            """Who was an administrator when the page was opened need not be one now."""
            if not from_shell and not any(one.id == actor.id and one.administers for one in staff):
                raise ForbiddenError()
            return decide(staff)

        from_shell = actor.kind == "system"  # the first administrator of a commune is nobody's colleague yet
        if not from_shell:
            check_administers(actor)
        return self.store.revise(actor.unit, allowed)

    def _revision(self, actor: Actor, deeds: Sequence[Deed], **more: Any) -> Revision:
        changes = [
            change(
                self.ids,
                self.clock,
                actor,
                what=what,
                subject=after.id,
                before=_shown(before) if before is not None and before != after else {},
                after=_shown(after) if before != after else {},
                reason=reason,
            )
            for what, after, before, reason in deeds
        ]
        return Revision(officers=[after for _, after, before, _ in deeds if after != before], changes=changes, **more)

    def _of(self, revision: Revision, actor: Actor, officer_id: str) -> Officer:
        return next((one for one in revision.officers if one.id == officer_id), None) or self.one(actor, officer_id)


def _told(wanted: Wanted | Officer) -> dict[str, Any]:
    return {"login": wanted.login, "name": wanted.name, "groups": wanted.groups}


def _shown(officer: Officer) -> dict[str, Any]:
    """What the log keeps of an officer."""
    return {**_told(officer), "groups": sorted(officer.groups), "locked": officer.lock is not None}


def _found(officer: Officer | None, officer_id: str) -> Officer:
    if officer is None:
        raise NotFoundError(what="cán bộ", id=officer_id)
    return officer
