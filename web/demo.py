"""The demonstration: people who may sign in, and cases that were played on the real engine."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.bootstrap import App, build, player
from engine.commands.messages import DeployProcedure
from engine.domain.actor import Actor, system
from engine.ports import Account
from engine.settings import Settings
from web.auth import hash_password


def seed(settings: Settings) -> Iterator[str]:
    """Deploy, add people, play the cases of demo.toml; says each step. Safe to repeat: cases are added once."""
    app = build(settings)
    data = tomllib.loads((settings.catalog / "_shared" / "demo.toml").read_text(encoding="utf-8"))
    yield f"catalog: {deploy(app)} procedures deployed"
    people = [_account(entry, settings.unit, data["password"]) for entry in data["person"]]
    for account in people:
        app.accounts.put(account)
    if not app.store.case_ids(settings.unit):
        yield from _cases(app, settings, data.get("case", []), people)
    yield f"people: sign in with the password {data['password']!r} as"
    for account in people:
        yield f"  {account.login:<10} {account.name} ({', '.join(sorted(account.groups)) or account.kind})"


def deploy(app: App) -> int:
    """Deploy every version of the catalog folder; how many there are."""
    for procedure in app.file_catalog.procedures:
        key = f"deploy/{procedure.code}/{procedure.version}/{procedure.digest}"
        app.handle(DeployProcedure(procedure=procedure), system(app.settings.unit), key)
    return len(app.file_catalog.procedures)


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


def _cases(app: App, settings: Settings, cases: list[dict[str, Any]], people: list[Account]) -> Iterator[str]:
    """Play each case a few days back in time, so that queues and terms look like a working week."""
    members = {
        g: Actor(id=p.id, name=p.name, kind="officer", unit=p.unit, groups=p.groups)
        for p in reversed(people)
        for g in p.groups
    }
    for number, entry in enumerate(cases, 1):
        path = Path(settings.catalog, entry["scenario"])
        case = player(app, path, members, days_ago=entry.get("days_ago", 0), steps=entry.get("steps"))
        yield f"case {number} of {len(cases)}: {case.code} {case.procedure}"
