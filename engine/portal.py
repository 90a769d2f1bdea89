"""The parts of the citizen's portal, put together: what pages and routines use beside commands and queries."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine.adapters.db import (
    SqlAccounts,
    SqlCaseBook,
    SqlComplaints,
    SqlDrafts,
    SqlLooks,
    SqlPageReports,
    SqlParcels,
    SqlPeople,
    SqlResults,
    SqlStore,
    SqlViewingCopies,
)
from engine.adapters.files import FileStore
from engine.adapters.following_texts import read_texts
from engine.adapters.identity.making import Maker
from engine.adapters.papers import TypstPapers
from engine.adapters.postal import postal_service
from engine.adapters.uploads.clamav import scanner_of
from engine.adapters.uploads.inspecting import ContentInspector
from engine.commands.bus import Bus
from engine.commands.complaining import Complaining
from engine.commands.drafting import Drafting
from engine.commands.notices import NoticeDesk
from engine.commands.paper_seals import PaperSeals
from engine.commands.posting import Posting
from engine.commands.receiving import Receiving, Shelves
from engine.domain.procedure import Procedure
from engine.equipment import Equipment
from engine.paying import Paying, make_paying
from engine.paying import routines as paying_routines
from engine.people import People
from engine.portal_notices import notice_desk
from engine.portal_people import furnish_people
from engine.ports import Ports
from engine.ports.drafts import PageReports
from engine.ports.following import Looks, Texts
from engine.ports.uploads import ViewingCopies
from engine.queries.case_book import Register
from engine.queries.papers import CasePapers
from engine.queries.preview import FeePreview, fees
from engine.queries.receipts import Receipts
from engine.queries.results import ResultQueries
from engine.queries.timeline import Timelines
from engine.routines import Routine
from engine.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the parts are made from."""

    settings: Settings
    ports: Ports
    bus: Bus
    store: SqlStore
    equipment: Equipment


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """One attribute for each part; `routines` is what they do at hours of their own."""

    filing: Filing
    paying: Paying
    following: Following
    notices: NoticeDesk
    results: ResultQueries
    people: People
    routines: tuple[Routine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Drafts, files that are handed in, what is shown of them, what people say about pages."""

    drafting: Drafting
    receiving: Receiving
    copies: ViewingCopies
    reports: PageReports
    rules: Mapping[str, Any]
    ports: Ports
    unit: str

    def fees(self, procedure: Procedure, context: Mapping[str, Any]) -> FeePreview | None:
        """What would be charged over {case, application}; None when that is worked out at the desk."""
        rows, today = self.ports.catalog.unit_fees(self.unit), self.ports.clock.now().date()
        return fees(procedure, rows, today, context, self.ports.expressions.evaluate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Texts for finding and following, cases in plain words, the desk's papers."""

    texts: Texts
    timelines: Timelines
    papers: CasePapers
    register: Register
    complaining: Complaining
    looks: Looks
    posting: Posting


def furnish(made: Made) -> Portal:
    """Put the parts together."""
    filing = _filing(made)
    paying = make_paying(made.settings, made.ports, made.bus, made.store, made.equipment)
    following = _following(made, paying.receipts)
    parcels = Routine(name="parcels", every=timedelta(hours=1), work=following.posting.ask)
    routines = (*_filing_routines(filing), *paying_routines(paying), parcels)
    notices = notice_desk(made.settings, made.ports, made.store, made.equipment.connectors)
    results = ResultQueries(made.ports, SqlResults(made.store), made.equipment.checker)
    return Portal(
        filing=filing,
        paying=paying,
        following=following,
        notices=notices,
        results=results,
        people=_people(made),
        routines=routines,
    )


def _filing(made: Made) -> Filing:
    drafts, reports, copies = SqlDrafts(made.store), SqlPageReports(made.store), SqlViewingCopies(made.store)
    accounts, ports = SqlAccounts(made.store), made.ports

    def reach(account_id: str) -> Mapping[str, Any] | None:
        account = accounts.by_id(account_id)
        return {"name": account.name, **account.profile} if account else None

    shelves = Shelves(
        files=ports.files, held=FileStore(made.settings.home / "held"), copies=copies, reports=reports, drafts=drafts
    )
    scanner = scanner_of(made.equipment.connectors.get("clamav"))
    receiving = Receiving(shelves, ContentInspector(), scanner, clock=ports.clock, ids=ports.ids)
    return Filing(
        drafting=Drafting(ports, made.bus, drafts, reach),
        receiving=receiving,
        copies=copies,
        reports=reports,
        rules=_read(made.settings.catalog / "_shared" / "filing.toml"),
        ports=ports,
        unit=made.settings.unit,
    )


def _following(made: Made, receipts: Receipts) -> Following:
    texts, settings = read_texts(made.settings.catalog), made.settings
    post = made.equipment.connectors.get("post")
    maker = TypstPapers(made.ports.documents, settings.catalog, settings.public_url)
    seals = PaperSeals(made.ports, made.bus, made.equipment.sealing)
    return Following(
        texts=texts,
        timelines=Timelines(made.ports, texts.timeline),
        papers=CasePapers(made.ports, SqlAccounts(made.store), maker, receipts.paper, seals),
        register=Register(made.ports, SqlCaseBook(made.store), maker),
        complaining=Complaining(made.ports, SqlComplaints(made.store)),
        looks=SqlLooks(made.store),
        posting=Posting(
            made.ports,
            SqlParcels(made.store),
            postal_service(post),
            str((post or {}).get("callback_secret", "")).encode(),
        ),
    )


def _read(path: Path) -> Mapping[str, Any]:
    """A file of the catalog's shared folder; empty in a catalog that has none."""
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _filing_routines(filing: Filing) -> tuple[Routine, ...]:
    """In the small hours drafts that nobody came back to are forgotten."""
    return (Routine(name="drafts", every=timedelta(days=1), offset=timedelta(hours=3), work=filing.drafting.expire),)


def _people(made: Made) -> People:
    return furnish_people(
        made.settings,
        Maker(sections=made.equipment.connectors, origin=made.settings.public_url),
        store=SqlPeople(made.store),
        accounts=SqlAccounts(made.store),
        messages=made.ports.messages,
        clock=made.ports.clock,
    )
