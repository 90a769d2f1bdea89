"""The part of the command line about cases that nobody files: what begins them, and messages sent by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from engine.commands.messages import CorrelateMessage
from engine.domain.actor import system
from engine.domain.start_timer import StartTimer

App = Any  # the built application; only the command line's own module may name its type
Row = dict[str, Any]


def add_to(cli: click.Group, app: Callable[[], App], show: Callable[[list[Row], bool, str], None]) -> None:
    """Hang the commands into the command line; `show` prints rows as JSON or by a line."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print a list of plain objects.")

    @cli.group()
    def starts() -> None:
        """What begins cases."""

    @starts.command("list")
    @as_json
    def starts_list(as_json: bool) -> None:
        """List the start events of the procedures in force today; of timers when each is due, and its last error."""
        line = "{unit}  {procedure} v{version}  {element_id}  {kind} {name}  {due}  {error}"
        show(rows(app()), as_json, line)

    @cli.command("send")
    @click.argument("message")
    @click.option("--correlation", default="", help="The value that the waiting case compares.")
    @click.option("--payload", default="{}", help="A JSON object.")
    @click.option("--key", default="", help="The same key again is the same message, not another one.")
    def send(message: str, correlation: str, payload: str, key: str) -> None:
        """Deliver a message to the case that waits for it, or begin the case that it begins."""
        house = app()
        command = CorrelateMessage(
            unit=house.settings.unit, message=message, correlation=correlation, payload=_object(payload)
        )
        actor = system(house.settings.unit, "command line")
        result = house.handle(command, actor, key or f"send/{house.ids.new()}")
        case = house.store.case(house.settings.unit, result.case_id or "")
        click.echo(f"{message}: {case.code if case else ''}{' (again)' if result.repeated else ''}")


def _object(text: str) -> Row:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"the payload is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError("the payload is no JSON object")
    return found


def rows(app: App) -> list[Row]:
    """One row for each start event, of timers for each unit; start events without a trigger are left out."""
    found: list[Row] = []
    timers: dict[tuple[str, str], list[StartTimer]] = {}
    for timer in app.store.start_timers():
        timers.setdefault((timer.procedure, timer.element_id), []).append(timer)
    for procedure in app.catalog.in_force(app.clock.now().date()):
        facts = {"procedure": procedure.code, "version": procedure.version}
        for start in app.diagrams.starts(procedure):
            row = {**facts, "element_id": start.element_id, "kind": start.kind, "name": start.name}
            if start.kind == "timer":
                own = timers.get((procedure.code, start.element_id), [])
                found += [{"unit": each.unit, **row, "due": each.due, "error": each.error} for each in own]
            elif start.kind != "none":
                found.append({"unit": "", **row, "due": None, "error": ""})
    return found
