"""The work screen's part of the officers' side: what each has seen, forms that save themselves, checks, offers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine.adapters.db import SqlReadModels, SqlSeenCases, SqlUnfinishedForms
from engine.commands.expiring import Expiring
from engine.commands.looking import Autosaving, Looking
from engine.commands.offers import Offers
from engine.portal import Made
from engine.queries.checks import Checks
from engine.routines import Routine


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What the work screen uses beside commands and queries."""

    looking: Looking
    autosaving: Autosaving
    checks: Checks
    offers: Offers
    letters: Mapping[str, Any] = field(default_factory=dict)  # words of letters to other agencies
    routines: tuple[Routine, ...] = ()


def furnish_handling(made: Made) -> Handling:
    """Put it together. In the small hours forms that nobody came back to are forgotten; each hour it is looked whose
    time for a supplement is over."""
    autosaving = Autosaving(made.ports, SqlUnfinishedForms(made.store))
    expiring = Expiring(made.ports, SqlReadModels(made.store), made.bus)
    return Handling(
        looking=Looking(made.ports, SqlSeenCases(made.store)),
        autosaving=autosaving,
        checks=Checks(made.ports.expressions.evaluate),
        offers=Offers(made.ports),
        letters=_words(made.settings.catalog / "_shared" / "letters.toml"),
        routines=(
            Routine(
                name="unfinished_forms", every=timedelta(days=1), offset=timedelta(hours=3), work=autosaving.expire
            ),
            Routine(name="supplements_over", every=timedelta(hours=1), work=expiring.run),
        ),
    )


def _words(path: Path) -> Mapping[str, Any]:
    """A file of the catalog's shared folder; empty in a catalog that has none."""
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
