"""What administrators work with, put together: people, the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from engine.adapters.db import SqlReadModels
from engine.adapters.db.administration import SqlAdministrationLog
from engine.adapters.db.staff import SqlStaff
from engine.commands.officers import Officers
from engine.portal import Made
from engine.ports.administration import AdministrationLog

NOBODY = ""  # nobody's own tasks are asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """`waiting`: open tasks of a unit by group, as the rail counts them."""

    officers: Officers
    log: AdministrationLog
    waiting: Callable[[str, Sequence[str]], Mapping[str, int]]


def make_administration(made: Made) -> Administration:
    """Put the part together."""
    ports, models = made.ports, SqlReadModels(made.store)
    return Administration(
        officers=Officers(
            store=SqlStaff(made.store),
            clock=ports.clock,
            ids=ports.ids,
            groups=lambda: {name: group.name for name, group in ports.catalog.groups.items()},
        ),
        log=SqlAdministrationLog(made.store),
        waiting=partial(models.counts, assignee=NOBODY),
    )
