"""The command line `motcua`. Exit status: 0 all is well, 1 findings or differences, 2 wrong use."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

import click

from bpmn import lint as linter
from engine.bootstrap import FEEL_FUNCTIONS, App, build, player, upgrade_database
from engine.domain.actor import system
from engine.domain.errors import DomainError
from engine.equipment import doubles
from engine.installation import settings_of_all
from engine.proofs import verify_chains
from engine.settings import Settings
from web import cli_catalog
from web.app import create_app
from web.cli_bench import bench
from web.cli_people import administrator
from web.cli_standins import standins
from web.cli_starts import add_to
from web.cli_steering import register, say
from web.demo import seed
from web.serving import serve as serve_web

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print a list of plain objects.")


def main() -> NoReturn:
    """Run a command; whatever goes wrong is one clear line on stderr."""
    try:
        status = cli.main(standalone_mode=False)
    except click.ClickException as error:
        status = _complain(f"{error.format_message()} (motcua --help lists the commands)")
    except click.Abort:
        status = _complain("stopped")
    except DomainError as error:
        status = _complain(f"{error.message} ({error.code})")
    except Exception as error:  # a database or a disk that cannot be used is said in one line, not in a traceback
        status = _complain(f"{type(error).__name__}: {_first_line(error)}")
    sys.exit(status if isinstance(status, int) else 0)


def _complain(text: str) -> int:
    click.echo(f"motcua: {' '.join(text.split())}", err=True)
    return 2


def _first_line(error: Exception) -> str:
    """Drivers go on with addresses and parameters in later lines; these stay out of logs."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "no details")


def _app(*, migrate: bool = True) -> App:
    app = build(_settings(), migrate=migrate)
    click.get_current_context().call_on_close(app.store.close)
    return app


def _working_apps() -> list[App]:
    """The engine for people at work, once for each commune that is served; refused where it would work with a double of
    the outside, except in a demo."""
    apps = [_app()]
    apps += [build(each, beside=apps[0]) for each in _all_settings()[1:]]
    for app in apps:
        if not app.settings.demo and (found := doubles(app.equipment)):
            whose = f"{app.settings.unit}: " if app.settings.shared else ""
            raise click.UsageError(f"{whose}{'; '.join(found)} (MOTCUA_CONNECTORS, see docs/settings.md)")
    return apps


def _all_settings() -> list[Settings]:
    found = settings_of_all()
    if not found[0].catalog.is_dir():
        raise click.UsageError(f"the catalog folder {found[0].catalog} does not exist")
    return found


def _settings() -> Settings:
    """Of the commune at hand: where there are several, of the first, or of the one that MOTCUA_UNIT names."""
    return _all_settings()[0]


def _print(rows: list[dict[str, Any]], as_json: bool, line: str) -> None:
    """Rows as one JSON list, or one line each."""
    say(rows, as_json, line)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Một Cửa: the one-stop desk of a commune."""


cli.add_command(bench)
cli.add_command(standins)
cli.add_command(administrator)


@cli.command()
def serve() -> None:
    """Serve the web pages; on SQLite the worker runs in the same process."""
    serve_web([(app.settings, create_app(app), app.ticker) for app in _working_apps()])


@cli.command()
def worker() -> None:
    """Fire timers and run jobs until stopped; any number of workers may run on one PostgreSQL."""
    apps = _working_apps()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    for app in apps:
        app.ticker.start()
    click.echo("worker: running")
    stop.wait()
    for app in apps:
        app.ticker.stop()


@cli.command()
def demo() -> None:
    """Deploy the catalog, add the demo people and play a few cases."""
    app = _app()
    for line in seed(app, lambda entry, people: player(app, entry, people)):
        click.echo(line)


@cli.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest form."""
    upgrade_database(Settings.from_env())
    click.echo("db: up to date")


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS_JSON
def lint(files: tuple[Path, ...], as_json: bool) -> int:
    """Check BPMN and DMN files; exit 1 when there are errors."""
    rules = linter.LintContext(functions=FEEL_FUNCTIONS)
    rows = [
        {name: getattr(f, name) for name in ("file", "element_id", "rule", "severity", "message", "message_en")}
        for path in files
        for f in linter.lint_file(path.read_bytes(), str(path), rules)
    ]
    _print(rows, as_json, "{severity}: {file} {element_id} {rule}: {message}")
    return 1 if any(r["severity"] == "error" for r in rows) else 0


@cli.group("case")
def case_group() -> None:
    """Cases."""


@case_group.command("show")
@click.argument("code")
@AS_JSON
def case_show(code: str, as_json: bool) -> None:
    """Show a case: where it stands and what happened."""
    app = _app()
    case = app.store.case(None, _find(app, code))
    view = app.queries.case(system(case.unit if case else app.settings.unit), case.id if case else "")
    if as_json:
        click.echo(json.dumps([_case_row(app, view)], ensure_ascii=False, indent=1, default=str))
        return
    click.echo(f"{view.case.code}  {view.procedure.code}  {view.status.code} {view.status.name}")
    for row in view.history:
        click.echo(f"{row.seq:>4}  {row.at:%d/%m/%Y %H:%M:%S}  {row.actor_name}: {row.text_vi}")


def _case_row(app: App, view: Any) -> dict[str, Any]:
    case = view.case
    return {
        "code": case.code,
        "procedure": case.procedure,
        "version": case.procedure_version,
        "status": case.status,
        "ended": case.ended,
        "tasks": [{"element_id": t.element_id, "name": t.name, "assignee": t.assignee} for t in case.tasks.values()],
        "timers": [{"element_id": t.element_id, "due": t.due} for t in case.timers.values()],
        "due": case.deadline.due if case.deadline else None,
        "history": [
            {"seq": r.seq, "at": r.at, "actor": r.actor, "tag": r.tag, "text": r.text_vi} for r in view.history
        ],
    }


def _find(app: App, code: str) -> str:
    case_id = app.models.find_code(code.strip())
    if case_id is None:
        raise click.UsageError(f"there is no case {code}")
    return case_id


@cli.command("replay")
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Replay every case.")
@AS_JSON
def replay_command(code: str | None, every: bool, as_json: bool) -> int:
    """Rebuild cases from their events and walk their processes again; exit 1 when anything differs."""
    if bool(code) == every:
        raise click.UsageError("name one case code, or --all")
    app = _app()
    wanted = [case_id for _, case_id in app.store.case_ids()] if every else [_find(app, code or "")]
    rows = [_replayed(app, case_id) for case_id in wanted]
    _print(rows, as_json, "{code}: {verdict}")
    different = [r for r in rows if r["differences"]]
    if not as_json:
        click.echo(f"{len(rows)} cases, {len(rows) - len(different)} equal, {len(different)} different")
    return 1 if different else 0


def _replayed(app: App, case_id: str) -> dict[str, Any]:
    differences = app.auditor.differences(case_id)
    readable = not any(d["what"] == "case" for d in differences)
    case = app.store.case(None, case_id) if readable else None
    return {
        "code": case.code if case else case_id,
        "case_id": case_id,
        "events": case.version if case else 0,
        "verdict": "equal" if not differences else f"{len(differences)} differences",
        "differences": differences,
    }


@cli.group()
def audit() -> None:
    """The history's own proof."""


register(cli, case_group, _app)
cli_catalog.add_to(cli, _app, _settings, _print)
add_to(cli, _app, _print)


@audit.command("verify")
@AS_JSON
def audit_verify(as_json: bool) -> int:
    """Check the hash chain of every case; exit 1 when a link is broken."""
    app = _app()
    cases, rows = verify_chains(app.store, app.auditor)
    _print(rows, as_json, "{problem}")
    if not as_json:
        click.echo(f"{cases} cases, {len(rows)} problems")
    return 1 if rows else 0


if __name__ == "__main__":
    main()
