"""Pages of deadlines: what is late, due today or soon, by person, group and procedure, and the cases behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.ports.deadlines import Tally, Wish
from engine.queries.deadlines import WATCHERS, Band, Listed, Overview
from web import access
from web.house import house, procedure_names
from web.texts import t
from web.words import group_name

blueprint = Blueprint("deadlines", __name__, url_prefix="/can-bo/thoi-han")
BANDS: Mapping[str, Band] = {
    "qua-han": "overdue",
    "hom-nay": "today",
    "sap-den": "soon",
    "truoc-han": "near",
    "tat-ca": "all",
}
FREE = "-"  # in an address: cases of which nobody holds some task
LONGEST = 80  # characters of a name in an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a table: what it is called, its counts, and what its addresses ask for."""

    name: str
    tally: Tally
    asks: Mapping[str, str]


@blueprint.get("")
@access.officer
def overview() -> ResponseReturnValue:
    """Counts by person, group and procedure, each leading to its cases."""
    found = house().desk.deadlines.queries.overview(g.actor)
    return render_template("deadlines/overview.html", found=found, tables=_tables(found))


def _tables(found: Overview) -> dict[str, list[Line]]:
    """The tables by what they sort by; officers who see their own alone need no table of people and groups."""
    tallies, names = found.tallies, procedure_names()
    tables = {"thu-tuc": [(name, names.get(name, name), one) for name, one in tallies.procedures.items()]}
    if found.whole:
        people = house().desk.inbox.colleagues.names(g.actor.unit, [name for name in tallies.people if name])
        nobody = t("Chưa ai nhận", "Nobody yet")
        held = [(name or FREE, people.get(name, name) or nobody, one) for name, one in tallies.people.items()]
        groups = [(name, group_name(name), one) for name, one in tallies.groups.items()]
        tables = {"nguoi": held, "nhom": groups, **tables}
    return {asks: _lines(asks, rows) for asks, rows in tables.items()}


def _lines(asks: str, rows: Iterable[tuple[str, str, Tally]]) -> list[Line]:
    """What is worst on top."""
    found = [Line(name=name, tally=tally, asks={asks: value}) for value, name, tally in rows]
    return sorted(found, key=lambda one: (-one.tally.overdue, -one.tally.today, -one.tally.soon, one.name))


@blueprint.get("/ho-so")
@access.officer
def cases() -> ResponseReturnValue:
    """The cases of a band, those without an apology first."""
    given = {
        name: request.args[name][:LONGEST]
        for name in ("muc", "nguoi", "nhom", "thu-tuc", "chua")
        if name in request.args
    }
    band = BANDS.get(given.get("muc", "tat-ca"))
    if band is None:
        raise BadRequest()
    who = given.get("nguoi")
    wish = Wish(
        people=(who,) if who and who != FREE else None,
        free=who == FREE,
        group=given.get("nhom") or None,
        procedure=given.get("thu-tuc") or None,
        bare=given.get("chua") == "1",
    )
    listed = house().desk.deadlines.queries.cases(g.actor, band, wish, after=request.args.get("after"))
    names = _names(listed, who)
    return render_template(
        "deadlines/cases.html",
        listed=listed,
        given=given,
        band=band,
        names=names,
        whole=g.actor.in_any(WATCHERS),
        procedures=procedure_names(),
        free=FREE,
    )


def _names(listed: Listed, who: str | None) -> Mapping[str, str]:
    """Names of those who hold tasks, and of whom the list was asked for."""
    people: set[str] = {name for row in listed.rows for name in row.holders} | ({who} if who else set())
    return house().desk.inbox.colleagues.names(g.actor.unit, sorted(people - {FREE}))
