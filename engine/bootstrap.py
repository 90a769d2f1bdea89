"""The one place where ports meet adapters."""

from __future__ import annotations

import os
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

from engine.adapters.catalog_check import FUNCTIONS
from engine.adapters.catalog_files import FileCatalog
from engine.adapters.catalog_units import read_units
from engine.adapters.clock import SteppedClock, SystemClock, TimeOrderedIds
from engine.adapters.db import SqlAccounts, SqlMandates, SqlReadModels, SqlRoutines, SqlStore, open_store, upgrade
from engine.adapters.deployed_catalog import DeployedCatalog
from engine.adapters.house_catalog import house_catalog
from engine.adapters.payments.standin import StandinPayments
from engine.adapters.procedure_forms import ProcedureForms, house_forms
from engine.adapters.process_runner import FeelExpressions, SpiffProcessRunner
from engine.adapters.scheduler import Ticker, Tickers
from engine.commands.bus import Bus
from engine.commands.messages import Command, DeployProcedure, Result
from engine.commands.migrator import Migrator
from engine.commands.notices import NoticeDesk
from engine.commands.worker import Worker
from engine.desk import Desk, furnish_desk
from engine.domain.actor import Actor, system
from engine.domain.admin_unit import AdminUnits
from engine.domain.case import Case
from engine.domain.procedure import Procedure
from engine.equipment import Equipment, equip
from engine.paying import Paying
from engine.people import People
from engine.portal import Filing, Following, Made, Portal, furnish
from engine.portal_notices import messages_for, rows_of
from engine.ports import Accounts, Clock, Files, Payments, Ports, ReadModels
from engine.ports.mandates import MandateStore
from engine.queries.steering import Steering
from engine.queries.tasks import Queries
from engine.replay import Auditor
from engine.routines import Routines
from engine.scenarios import Player, read
from engine.settings import Settings

BEAT_SECONDS = 15.0  # how often a process says that it is alive
FEEL_FUNCTIONS = FUNCTIONS  # what diagrams of the house may call beyond FEEL itself


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The engine, put together."""

    settings: Settings
    ports: Ports
    store: SqlStore
    bus: Bus
    worker: Worker
    migrator: Migrator
    ticker: Tickers
    accounts: Accounts
    models: ReadModels
    forms: ProcedureForms
    diagrams: SpiffProcessRunner
    queries: Queries
    steering: Steering
    auditor: Auditor
    catalog: DeployedCatalog
    file_catalog: FileCatalog
    payments: Payments
    equipment: Equipment
    portal: Portal
    desk: Desk

    def handle(self, command: Command, actor: Actor, key: str) -> Result:
        """Carry out a command; raises DomainError."""
        return self.bus.handle(command, actor, key)

    def deploy(self, procedure: Procedure) -> Result:
        """Deploy a version; a second time it is a repeat. CatalogError where it is there with other files."""
        key = f"deploy/{procedure.code}/{procedure.version}/{procedure.digest}"
        return self.handle(DeployProcedure(procedure=procedure), system(self.settings.unit), key)

    @property
    def clock(self) -> Clock:
        """The clock of the house."""
        return self.ports.clock

    @property
    def units(self) -> AdminUnits:
        """The administrative units by their names."""
        return read_units(self.settings.catalog)

    @property
    def notices(self) -> NoticeDesk:
        """What citizens are told."""
        return self.portal.notices

    @property
    def ids(self) -> Any:
        """The maker of identifiers."""
        return self.ports.ids

    @property
    def filing(self) -> Filing:
        """Drafts and uploads."""
        return self.portal.filing

    @property
    def files(self) -> Files:
        """The store of files."""
        return self.ports.files

    @property
    def following(self) -> Following:
        """What finding and following use."""
        return self.portal.following

    @property
    def standin_payments(self) -> StandinPayments | None:
        """The double's own side; only where demonstrations are allowed and there is no provider."""
        return self.payments if self.settings.demo and isinstance(self.payments, StandinPayments) else None

    @property
    def paying(self) -> Paying:
        """Money: the collector, statements, reconciling, receipts."""
        return self.portal.paying

    @property
    def people(self) -> People:
        """Accounts: registration, recovery, single sign-on."""
        return self.portal.people

    def health(self) -> Mapping[str, Any]:
        """Whether the parts answer."""
        return self.models.health()


def build(settings: Settings, *, clock: Clock | None = None, migrate: bool = True, beside: App | None = None) -> App:
    """Put the engine together; with `migrate` the database is brought to the newest form first.

    `beside`: another commune of the same process, whose connections and read catalog are used.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if migrate and beside is None:
        upgrade(settings.database_url)
    store = beside.store.serving(settings.serves) if beside else open_store(settings.database_url, settings.serves)
    files, time = beside.file_catalog if beside else FileCatalog.load(settings.catalog), clock or SystemClock()
    catalog = house_catalog(store, files, time)
    equipment = equip(settings, time)
    runner = beside.diagrams if beside else SpiffProcessRunner(files.groups)
    expressions = FeelExpressions(time, files.calendar.functions())
    forms = house_forms(files.settings, expressions.evaluate, read_units(settings.catalog))
    messages = messages_for(settings, equipment, store, time, files.shared.notices)
    ports = Ports(
        clock=time,
        ids=TimeOrderedIds(),
        store=store,
        catalog=catalog,
        runner=runner,
        forms=forms,
        expressions=expressions,
        documents=equipment.documents,
        files=equipment.files,
        signing=equipment.signing,
        keys=equipment.keys,
        payments=equipment.payments,
        messages=messages,
        notices=files.shared.notices,
        notice_rows=rows_of(messages),
        functions=lambda unit: catalog.calendar(unit).functions(),
        groups_of=partial(_groups_of, SqlAccounts(store), SqlMandates(store), time),
        mandates=SqlMandates(store),
        address=settings.public_url,
        serves=settings.serves,
    )
    return _assembled(settings, ports, forms=forms, runner=runner, files=files, equipment=equipment)


def _assembled(
    settings: Settings,
    ports: Ports,
    *,
    forms: ProcedureForms,
    runner: SpiffProcessRunner,
    files: FileCatalog,
    equipment: Equipment,
) -> App:
    tickers: list[Tickers] = []
    bus, store = Bus(ports, on_commit=partial(_wake, tickers)), cast(SqlStore, ports.store)
    made = Made(settings=settings, ports=ports, bus=bus, store=store, equipment=equipment)
    portal, desk = furnish(made), furnish_desk(made)
    worker = Worker(ports, bus, f"{socket.gethostname()}/{os.getpid()}")
    ticker = _ticker(made, worker, portal, desk)
    accounts, models = SqlAccounts(store), SqlReadModels(store)
    app = App(
        settings=settings,
        ports=ports,
        store=store,
        bus=bus,
        worker=worker,
        migrator=Migrator(ports, bus),
        ticker=ticker,
        accounts=accounts,
        models=models,
        forms=forms,
        diagrams=runner,
        queries=Queries(ports, models, accounts, runner, forms),
        steering=Steering(ports, models),
        auditor=Auditor(ports),
        catalog=cast(DeployedCatalog, ports.catalog),
        file_catalog=files,
        payments=equipment.payments,
        equipment=equipment,
        portal=portal,
        desk=desk,
    )
    tickers.append(ticker)
    return app


def _wake(tickers: list[Tickers]) -> None:
    for each in tickers:
        each.wake()


def _ticker(made: Made, worker: Worker, portal: Portal, desk: Desk) -> Tickers:
    """What every tick looks for: due work of cases, the house's own routines, notices; each in a thread of its own, so
    that no case waits for a bank or a mail server."""
    log, due = SqlRoutines(made.store), (*portal.routines, *desk.routines)
    routines = Routines(made.settings.unit, made.ports.clock, log, due)
    notices = Ticker(portal.notices.run_due, portal.notices.soonest)
    alive = Ticker(desk.administration.keeping.beat, seconds=BEAT_SECONDS)
    return Tickers(Ticker(worker.run_due, made.store.soonest), Ticker(routines.run_due), notices, alive)


def _groups_of(accounts: Accounts, mandates: MandateStore, clock: Clock, unit: str, account_id: str) -> frozenset[str]:
    """The groups of an officer of the unit who may sign in, those lent at this moment too; none for anybody else."""
    account = accounts.by_id(account_id)
    works = account is not None and (account.kind, account.unit, account.locked) == ("officer", unit, False)
    if account is None or not works:
        return frozenset()
    lent = (one.groups & person.groups for one, person in mandates.running(unit, account_id, clock.now()))
    return account.groups.union(*lent)


def upgrade_database(settings: Settings) -> None:
    """Bring the database to the newest form."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    upgrade(settings.database_url)


def check_catalog(settings: Settings) -> dict[str, Any]:
    """{procedures, findings, low_confidence} of the catalog folder; never raises on what the files hold."""
    return FileCatalog.check(settings.catalog)


def player(app: App, entry: Mapping[str, Any], members: Mapping[str, Actor]) -> Case:
    """Play an entry of demo.toml: `scenario` begun `days_ago` days ago, its first `steps` steps, nothing checked.

    `dates` moves fields of the application along: a positive number is so many working days after the start, a negative
    one so many calendar days before it.
    """
    clock = SteppedClock(app.clock.now() - timedelta(days=entry.get("days_ago", 0)))
    alone = replace(app.settings, demo=False, connectors=None)  # what happened then reaches nobody outside now
    past = build(alone, clock=clock, migrate=False)
    stage = Player(past.ports, past.bus, past.worker, clock, member=lambda group: members[group])
    path = app.settings.catalog / entry["scenario"]
    scenario = read(path)
    start, calendar = clock.now().date(), app.file_catalog.calendar
    moved = {
        name: (calendar.add_working_days(start, days) if days > 0 else start + timedelta(days=days)).isoformat()
        for name, days in entry.get("dates", {}).items()
    }
    scenario = replace(scenario, application={**scenario.application, **moved})
    code = tomllib.loads((path.parent.parent / "procedure.toml").read_text(encoding="utf-8"))["code"]
    case = stage.play(scenario, code, steps=entry.get("steps"), check=False)
    past.store.close()
    return case
