"""The commands that steer running cases: suspend, resume, modify, approve, reject, migrate, and incidents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click

from engine.commands import messages as m
from engine.commands.migrator import Outcome
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.steering import Change

App = Any  # the built application; only the command line's own module may name its type
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print a list of plain objects.")
ACTING = click.option("--as", "login", required=True, help="Login of the officer who acts.")
REASON = click.option("--reason", required=True, help="Why; it stands in the history.")
CODE = click.argument("code")


def register(cli: click.Group, case_group: click.Group, open_app: Callable[[], App]) -> None:
    """Hang the commands into the command line; `open_app` builds the application."""
    for command in (suspend, resume, modify, approve, reject, migrate):
        case_group.add_command(command)
    cli.add_command(incidents)
    cli.add_command(incident)
    cli.context_settings["obj"] = open_app


class Desk:
    """The application, and the officer who acts at it."""

    def __init__(self, login: str) -> None:
        self.app = click.get_current_context().obj()
        account = self.app.accounts.by_login(login)
        if account is None or account.kind != "officer":
            raise click.UsageError(f"there is no officer {login}")
        self.actor = Actor(id=account.id, name=account.name, kind="officer", unit=account.unit, groups=account.groups)

    def case(self, code: str) -> Case:
        """The case with this code in the officer's unit."""
        found = self.app.models.find_code(code.strip())
        case: Case | None = self.app.store.case(self.actor.unit, found) if found else None
        if case is None:
            raise click.UsageError(f"there is no case {code}")
        return case

    def do(self, case: Case, command: type[m.CaseCommand], **more: Any) -> dict[str, Any]:
        """Carry a command out; what the case looks like afterwards."""
        asked = command(unit=case.unit, case_id=case.id, **more)
        result = self.app.handle(asked, self.actor, f"cli/{self.app.ids.new()}")
        return {**state(self.app.store.case(case.unit, case.id)), **result.data}


def state(case: Case) -> dict[str, Any]:
    """Where a case stands, in short."""
    return {
        "code": case.code,
        "version": case.procedure_version,
        "suspended": case.suspended.reason if case.suspended else None,
        "proposal": case.proposal.id if case.proposal else None,
        "open": sorted([*case.tasks, *case.timers, *case.jobs, *case.subscriptions, *case.listeners]),
        "incidents": sorted(case.incidents),
        "ended": case.ended,
    }


def say(rows: list[dict[str, Any]], as_json: bool, line: str) -> None:
    """Rows as one JSON list, or a line each."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
        return
    for row in rows:
        click.echo(line.format_map(row))


@click.command()
@CODE
@REASON
@ACTING
@AS_JSON
def suspend(code: str, reason: str, login: str, as_json: bool) -> None:
    """Hold a case still: nothing moves until it is resumed."""
    desk = Desk(login)
    say([desk.do(desk.case(code), m.SuspendCase, reason=reason)], as_json, "{code}: suspended")


@click.command()
@CODE
@click.option("--note", default="")
@ACTING
@AS_JSON
def resume(code: str, note: str, login: str, as_json: bool) -> None:
    """Let a suspended case move again."""
    desk = Desk(login)
    say([desk.do(desk.case(code), m.ResumeCase, note=note)], as_json, "{code}: resumed")


@click.command()
@CODE
@click.option("--cancel", multiple=True, metavar="KEY", help="Key of a wait or scope to cancel.")
@click.option("--begin", multiple=True, metavar="[SCOPE/]ELEMENT", help="Element to begin at.")
@click.option("--set", "values", multiple=True, metavar="[SCOPE/]NAME=JSON", help="Variable to set.")
@REASON
@ACTING
@AS_JSON
def modify(code: str, *, cancel: Any, begin: Any, values: Any, reason: str, login: str, as_json: bool) -> None:
    """Propose to move tokens or set variables; a second person has to approve."""
    desk = Desk(login)
    places = tuple((scope, element_id) for scope, _, element_id in (text.rpartition("/") for text in begin))
    change = Change(cancel=tuple(cancel), begin=places, variables=variables(values))
    row = desk.do(desk.case(code), m.ProposeModification, change=change, reason=reason)
    say([row], as_json, "{code}: proposal {proposal} closes {closes}, opens {opens}, visits {visits}")


def variables(texts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Variables by scope out of "scope/name=json"; UsageError for what is no JSON."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        place, is_, value = text.partition("=")
        scope, _, name = place.strip().rpartition("/")
        try:
            found.setdefault(scope, {})[name] = json.loads(value, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise click.UsageError(f'"{text}" is not NAME=JSON') from error
        if not is_:
            raise click.UsageError(f'"{text}" is not NAME=JSON')
    return found


def _no_number(text: str) -> None:
    raise ValueError(text)


@click.command()
@CODE
@ACTING
@AS_JSON
def approve(code: str, login: str, as_json: bool) -> None:
    """Approve the proposed change of a case; never by whoever proposed it."""
    desk = Desk(login)
    case = desk.case(code)
    proposal = case.proposal.id if case.proposal else ""
    say([desk.do(case, m.ApproveModification, proposal=proposal)], as_json, "{code}: changed, now open: {open}")


@click.command()
@CODE
@click.option("--reason", default="")
@ACTING
@AS_JSON
def reject(code: str, reason: str, login: str, as_json: bool) -> None:
    """Reject the proposed change of a case, or take the own one back."""
    desk = Desk(login)
    case = desk.case(code)
    proposal = case.proposal.id if case.proposal else ""
    say([desk.do(case, m.RejectModification, proposal=proposal, reason=reason)], as_json, "{code}: rejected")


@click.command()
@click.argument("code", required=False)
@click.option("--procedure", help="Every running case of this procedure instead of one case.")
@click.option("--from", "version", type=int, help="… in this version.")
@click.option("--to", required=True, type=int, help="Version to go over to.")
@click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="Element id, or process/element, to new id.")
@click.option("--anew", multiple=True, metavar="ELEMENT", help="New id of a timer to compute anew.")
@click.option("--dry-run", "dry", is_flag=True, help="Only look; write nothing.")
@REASON
@ACTING
@AS_JSON
def migrate(
    code: str | None, *, procedure: str | None, version: int | None, dry: bool, as_json: bool, **asked: Any
) -> int:
    """Move cases to another version; exit 1 when some cannot go, with the reasons."""
    if bool(code) == bool(procedure) or bool(procedure) != (version is not None):
        raise click.UsageError("name one case code, or --procedure and --from")
    desk = Desk(asked["login"])
    command = m.MigrateCase(
        unit=desk.actor.unit,
        case_id=desk.case(code).id if code else "",
        to=asked["to"],
        reason=asked["reason"],
        elements=mapping(asked["pairs"]),
        anew=tuple(asked["anew"]),
    )
    outcomes = _outcomes(desk, command, procedure, version, dry)
    rows = [row(each) for each in _shown(outcomes, progress=procedure is not None)]
    say(rows, as_json, "{code}: {said}")
    stay = sum(not each["fits"] for each in rows)
    if not as_json:
        click.echo(f"{len(rows)} cases, {len(rows) - stay} {'could go' if dry else 'moved'}, {stay} cannot")
    return 1 if stay else 0


def mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Old ids to new out of "old=new"; UsageError for what is no pair."""
    found = {}
    for text in pairs:
        old, is_, new = (part.strip() for part in text.partition("="))
        if not (old and is_ and new):
            raise click.UsageError(f'"{text}" is not OLD=NEW')
        found[old] = new
    return found


def _outcomes(
    desk: Desk, command: m.MigrateCase, procedure: str | None, version: int | None, dry: bool
) -> Iterable[Outcome]:
    migrator, run = desk.app.migrator, f"cli/{desk.app.ids.new()}"
    if procedure is not None and version is not None:
        found: Iterable[Outcome] = migrator.all(desk.actor, command, procedure, version, dry=dry, run=run)
        return found
    return [migrator.look(desk.actor, command) if dry else migrator.move(desk.actor, command, run)]


def _shown(outcomes: Iterable[Outcome], *, progress: bool) -> Iterable[Outcome]:
    for number, outcome in enumerate(outcomes, 1):
        if progress and number % 100 == 0:
            click.echo(f"{number} cases …", err=True)
        yield outcome


def row(outcome: Outcome) -> dict[str, Any]:
    """What became of a case, with a line to print."""
    reasons = "; ".join(each["reason"] for each in outcome.problems)
    return {**asdict(outcome), "said": reasons or f"closes {list(outcome.closes)}, opens {list(outcome.opens)}"}


@click.command()
@ACTING
@AS_JSON
def incidents(login: str, as_json: bool) -> None:
    """List what is stuck."""
    desk = Desk(login)
    say(list(desk.app.steering.incidents(desk.actor)), as_json, "{id}  {case_code}  {kind} {element}: {error}")


@click.group()
def incident() -> None:
    """One incident."""


@incident.command("retry")
@click.argument("incident_id")
@click.option("--note", default="")
@ACTING
@AS_JSON
def retry(incident_id: str, note: str, login: str, as_json: bool) -> None:
    """Try once more what an incident holds, after its cause was mended."""
    desk = Desk(login)
    rows = {each["id"]: each for each in desk.app.steering.incidents(desk.actor)}
    if incident_id not in rows:
        raise click.UsageError(f"there is no incident {incident_id}")
    case = desk.case(rows[incident_id]["case_code"])
    say([desk.do(case, m.RetryIncident, incident=incident_id, note=note)], as_json, "{code}: tried, open: {open}")
