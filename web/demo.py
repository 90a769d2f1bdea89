"""The demonstration: people who may sign in, and cases that were played on the real engine."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol

from engine.commands.messages import Result
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import StaleVersionError
from engine.domain.procedure import Procedure
from engine.people import People
from engine.ports import Account, Accounts
from web.auth import hash_password

Play = Callable[[Mapping[str, Any], Mapping[str, Actor]], Case]  # an entry of demo.toml, and people by group


class FileCatalog(Protocol):
    """The catalog folder."""

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """Every version in it."""


class Demonstrable(Protocol):
    """What a demonstration needs of the engine."""

    @property
    def settings(self) -> Any:
        """Settings."""

    @property
    def accounts(self) -> Accounts:
        """People."""

    @property
    def people(self) -> People:
        """What else is known of people."""

    @property
    def store(self) -> Any:
        """The database."""

    @property
    def file_catalog(self) -> FileCatalog:
        """The catalog folder."""

    def deploy(self, procedure: Procedure) -> Result:
        """Deploy a version; a second time it is a repeat."""


def seed(app: Demonstrable, play: Play) -> Iterator[str]:
    """Deploy, add people, play the cases of demo.toml; says each step. Safe to repeat: cases are added once."""
    data = _demo(app)
    yield f"catalog: {deploy(app)} procedures deployed"
    people = add_people(app)
    if not app.store.case_ids(app.settings.unit):
        yield from _cases(data.get("case", []), people, play)
    yield f"people: sign in with the password {data['password']!r} as"
    for account in people:
        yield f"  {account.login:<10} {account.name} ({', '.join(sorted(account.groups)) or account.kind})"


def deploy(app: Demonstrable) -> int:
    """Deploy every version of the catalog folder; how many there are."""
    procedures = app.file_catalog.procedures
    for procedure in procedures:
        app.deploy(procedure)
    return len(procedures)


def add_people(app: Demonstrable) -> list[Account]:
    """Let the people of demo.toml sign in; who they are."""
    data = _demo(app)
    people = [_account(entry, app.settings.unit, data["password"]) for entry in data["person"]]
    for account in people:
        app.accounts.put(account)
        if account.profile.get("id_number"):
            with suppress(StaleVersionError):  # somebody tried registration with this number before
                app.people.recovering.known_by(account, str(account.profile["id_number"]))
    return people


def _demo(app: Demonstrable) -> dict[str, Any]:
    return tomllib.loads((app.settings.catalog / "_shared" / "demo.toml").read_text(encoding="utf-8"))


def _account(entry: dict[str, Any], unit: str, password: str) -> Account:
    return Account(
        id=entry["id"],
        login=entry["login"],
        name=entry["name"],
        kind=entry["kind"],
        unit=unit,
        groups=frozenset(entry.get("groups", ())),
        password_hash=hash_password(password),
        profile=entry.get("profile", {}),
    )


def _cases(cases: list[dict[str, Any]], people: list[Account], play: Play) -> Iterator[str]:
    """Play each case a few days back in time, so that queues and terms look like a working week."""
    members = {group: _actor(person) for person in reversed(people) for group in person.groups}
    for number, entry in enumerate(cases, 1):
        case = play(entry, members)
        yield f"case {number} of {len(cases)}: {case.code} {case.procedure}"


def _actor(person: Account) -> Actor:
    return Actor(id=person.id, name=person.name, kind="officer", unit=person.unit, groups=person.groups)
