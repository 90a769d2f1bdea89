"""The commands `motcua catalog …`: check the folder, play its scenarios, deploy it, list what is deployed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from engine.bootstrap import App, check_catalog
from engine.coverage import Seen
from engine.rehearsal import Entries, Played, coverage, entries, rehearse, turns
from engine.settings import Settings

Row = dict[str, Any]
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print plain objects.")
SCENARIOS = click.option("--scenarios", is_flag=True, help="Which flows and conditions do the scenarios miss?")
JOBS = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: len(os.sched_getaffinity(0)),
    show_default="number of cores",
    help="Play scenarios in so many processes at a time.",
)


def add_to(
    cli: click.Group,
    app: Callable[[], App],
    settings: Callable[[], Settings],
    show: Callable[[list[Row], bool, str], None],
) -> None:
    """Hang the commands into the command line; `show` prints rows as JSON or by a line."""

    @cli.group()
    def catalog() -> None:
        """The catalog of procedures."""

    @catalog.command("check")
    @click.argument("slugs", nargs=-1)
    @SCENARIOS
    @JOBS
    @AS_JSON
    def catalog_check(slugs: tuple[str, ...], scenarios: bool, jobs: int, as_json: bool) -> int:
        """Check every file; exit 1 on errors, with --scenarios also when one of SLUGS (or of all) misses something."""
        if slugs and not scenarios:
            raise click.UsageError("without --scenarios the whole catalog is checked")
        return _check(check_catalog(settings()), _reached(settings(), slugs, jobs) if scenarios else {}, as_json)

    @catalog.command("test")
    @click.argument("slugs", nargs=-1)
    @JOBS
    @AS_JSON
    def catalog_test(slugs: tuple[str, ...], jobs: int, as_json: bool) -> int:
        """Play the scenarios of these procedures (or of all) and say what differed; exit 1 when something did."""
        return _test(settings(), slugs, jobs, as_json)

    _add_deployed(catalog, app, show)


def _add_deployed(catalog: click.Group, app: Callable[[], App], show: Callable[[list[Row], bool, str], None]) -> None:
    """The commands about what is deployed."""

    @catalog.command("list")
    @AS_JSON
    def catalog_list(as_json: bool) -> None:
        """List the deployed procedures in force today."""
        show(_listed(app()), as_json, "{code}  v{version}  mức độ {level}  {name}")

    @catalog.command("deploy")
    def catalog_deploy() -> None:
        """Deploy every procedure version of the catalog folder."""
        _deploy(app())


def _check(report: Mapping[str, Any], reached: Mapping[str, Any], as_json: bool) -> int:
    errors = [f for f in report["findings"] if f["severity"] == "error"]
    if as_json:
        click.echo(json.dumps({**_summed(report), **reached}, ensure_ascii=False, indent=1, default=str))
    else:
        for finding in report["findings"]:
            click.echo("{severity}: {file} {element_id} {rule}: {message}".format_map(finding))
        for line in _told(reached):
            click.echo(line)
        click.echo(f"{len(report['procedures'])} procedures, {len(errors)} errors")
    gaps = reached and (reached["failed"] or reached["flows"]["missing"] or reached["conditions"]["missing"])
    return 1 if errors or gaps else 0


def _summed(report: Mapping[str, Any]) -> Row:
    """The whole catalog in figures, its findings, its unsure figures, and one object for each version."""
    levels = {row["code"]: row["level"] for row in report["procedures"]}
    return {
        "procedures": len(levels),
        "levels": {str(level): sum(one == level for one in levels.values()) for level in sorted({*levels.values()})},
        "errors": sum(f["severity"] == "error" for f in report["findings"]),
        "warnings": sum(f["severity"] == "warning" for f in report["findings"]),
        "findings": report["findings"],
        "low_confidence": report["low_confidence"],
        "versions": _checked(report),
    }


def _reached(settings: Settings, slugs: tuple[str, ...], jobs: int) -> Row:
    """What the scenarios did not do as told, and what they walk of flows and conditions."""
    chosen, seen = _chosen(settings, slugs), Seen()
    going = _counted(rehearse(settings, chosen, seen, jobs=jobs), len(turns(chosen)))
    played = [_outcome(each) for each in going]
    failed = [row for row in played if row["problems"]]
    return {"scenarios": len(played), "failed": failed, **coverage(settings, chosen, seen, shared=not slugs)}


def on_terminal() -> bool:
    """Whether somebody sits there and waits."""
    return sys.stderr.isatty()


def _counted(going: Iterator[Played], total: int) -> Iterator[Played]:
    """The same, with a line on the terminal that says how far it is; a log is spared it."""
    shown = on_terminal()
    for number, played in enumerate(going, 1):
        if shown:
            click.echo(f"\r{number} of {total} scenarios", nl=number == total, err=True)
        yield played


def _told(reached: Mapping[str, Any]) -> Iterator[str]:
    if not reached:
        return
    for row in reached["failed"]:
        yield "{verdict}: {folder}/tests/{file}: {problems}".format_map(row)
    for what in ("flows", "conditions"):
        yield from (f"missing: {line}" for line in reached[what]["missing"])
        yield f"{what}: {reached[what]['walked']} of {reached[what]['total']}"
    yield f"{reached['scenarios']} scenarios, {len(reached['failed'])} failed"


def _checked(report: Mapping[str, Any]) -> list[Row]:
    """One object per procedure; folders that cannot be read, and "_shared", only when something was found there."""
    rows = {p["folder"]: {name: p[name] for name in ("code", "version", "level", "name")} for p in report["procedures"]}
    for finding in report["findings"]:
        folder = finding["file"].partition("/")[0]
        rows.setdefault(folder, {"code": folder, "version": None, "level": None, "name": None})
    return [_with_findings(row, folder, report) for folder, row in rows.items()]


def _with_findings(row: Mapping[str, Any], folder: str, report: Mapping[str, Any]) -> Row:
    found = [f for f in report["findings"] if f["file"].partition("/")[0] == folder]
    counts = {f"{kind}s": sum(f["severity"] == kind for f in found) for kind in ("error", "warning")}
    unsure = [entry for entry in report["low_confidence"] if entry["file"].partition("/")[0] == folder]
    return {**row, **counts, "findings": found, "low_confidence": unsure}


def _test(settings: Settings, slugs: tuple[str, ...], jobs: int, as_json: bool) -> int:
    chosen, rows = _chosen(settings, slugs), []
    going = rehearse(settings, chosen, jobs=jobs)
    for played in _counted(going, len(turns(chosen))) if as_json else going:
        rows.append(_outcome(played))
        if not as_json:
            click.echo("{verdict:4}  {folder}/tests/{file}  {name}".format_map(rows[-1]))
            for line in played.problems:
                click.echo(f"      {line}")
    failed = sum(bool(row["problems"]) for row in rows)
    summary = f"{len(chosen)} procedures, {len(rows)} scenarios, {failed} failed"
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1) if as_json else summary)
    return 1 if failed or not rows else 0


def _chosen(settings: Settings, slugs: tuple[str, ...]) -> Entries:
    chosen = entries(settings, slugs)
    known = {name for path, _ in chosen for name in (path.name, path.name.partition("@")[0])}
    if lost := sorted({*slugs} - known):
        raise click.UsageError(f"the catalog has no procedure {', '.join(lost)}")
    return chosen


def _outcome(played: Played) -> Row:
    verdict = "FAIL" if played.problems else "ok"
    facts = {"folder": played.folder, "file": played.file, "name": played.name}
    return {"verdict": verdict, **facts, "problems": list(played.problems)}


def _listed(app: App) -> list[Row]:
    shown = ("code", "version", "level", "name", "digest", "valid_from")
    return [{name: getattr(p, name) for name in shown} for p in app.catalog.current_all(app.clock.now().date())]


def _deploy(house: App) -> None:
    for procedure in house.file_catalog.procedures:
        said = "already there" if house.deploy(procedure).repeated else "deployed"
        click.echo(f"{procedure.code} v{procedure.version}: {said}")
