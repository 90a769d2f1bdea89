"""Officers of the own unit: found, added, renamed, put into groups, locked, given a new password, signed out."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.domain.admin_unit import folded
from engine.domain.errors import DomainError
from engine.domain.registration import Problem
from engine.domain.staffing import (
    OUTSIDERS,
    LastAdministratorError,
    Officer,
    OfficerChangedError,
    OwnAccountError,
    StaffProblemsError,
    Wanted,
)
from web import access, auth
from web.acting import posted_text
from web.errors import status_of
from web.forms.schema import nfc
from web.house import house
from web.housekeeping import ADMINISTRATORS, LOOKERS, blueprint
from web.texts import t

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
REFUSALS = (LastAdministratorError, OwnAccountError, OfficerChangedError)
NO_STORE = {"Cache-Control": "no-store"}


def one_time_password() -> str:
    """Twelve signs in three groups, some 59 bits: good for three days and one sign-in."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))


@blueprint.get("/nguoi")
@access.groups(*LOOKERS)
def people() -> ResponseReturnValue:
    """The officers of the unit, searched by name or login, of a group, or locked."""
    search, group = nfc(request.args.get("q", "")).strip()[:100], request.args.get("nhom", "")
    everybody, is_locked = house().desk.administration.officers.all(g.actor), request.args.get("khoa") == "1"
    wanted = folded(search)
    found = [
        one
        for one in everybody
        if (not wanted or wanted in folded(f"{one.name} {one.login}"))
        and (not group or group in one.groups)
        and (not is_locked or one.lock)
    ]
    return render_template(
        "housekeeping/people.html",
        found=found,
        total=len(everybody),
        search=search,
        group=group,
        is_locked=is_locked,
        groups=house().catalog.groups,
        may_change=_may_change(),
    )


@blueprint.get("/nhom")
@access.groups(*LOOKERS)
def groups() -> ResponseReturnValue:
    """Who is in each group; a group without anybody who can sign in lets its tasks wait for ever."""
    known = [group for group in house().catalog.groups.values() if group.id not in OUTSIDERS]
    able = [one for one in house().desk.administration.officers.all(g.actor) if one.lock is None]
    waiting = house().desk.administration.keeping.state.open_tasks(g.actor.unit, [group.id for group in known])
    rows = [(group, [one for one in able if group.id in one.groups], waiting.get(group.id, 0)) for group in known]
    return render_template("housekeeping/groups.html", rows=rows, may_change=_may_change())


@blueprint.route("/nguoi/them", methods=["GET", "POST"])
@access.groups(*ADMINISTRATORS)
def add_person() -> ResponseReturnValue:
    """A new officer; the one-time password is shown on the answer and nowhere else."""
    if request.method == "GET":
        return _new(Wanted(login="", name="", groups=frozenset()))
    wanted, password = _typed(), one_time_password()
    try:
        officer = house().desk.administration.officers.add(g.actor, wanted, auth.hash_password(password))
    except StaffProblemsError as error:
        return _new(wanted, error.problems)
    return passwords([(officer, password)])


def _new(wanted: Wanted, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    page = render_template("housekeeping/new_person.html", wanted=wanted, problems=problems, groups=choices())
    return page, 422 if problems else 200


def passwords(given: Sequence[tuple[Officer, str]]) -> ResponseReturnValue:
    """The only page that ever shows one-time passwords."""
    hours = int(house().desk.administration.officers.life.total_seconds() // 3600)
    return render_template("housekeeping/passwords.html", given=given, hours=hours), 200, NO_STORE


def choices() -> Mapping[str, Any]:
    """The groups an officer may be in."""
    return {name: group for name, group in house().catalog.groups.items() if name not in OUTSIDERS}


def _typed() -> Wanted:
    chosen = frozenset(request.form.getlist("groups")[:100])
    return Wanted(
        login=nfc(request.form.get("login", ""))[:200], name=request.form.get("name", "")[:400], groups=chosen
    )


@blueprint.get("/nguoi/<officer_id>")
@access.groups(*LOOKERS)
def person(officer_id: str) -> ResponseReturnValue:
    """One officer."""
    return _page(officer_id)


@blueprint.post("/nguoi/<officer_id>")
@access.groups(*ADMINISTRATORS)
def change_person(officer_id: str) -> ResponseReturnValue:
    """Do what was asked; a refusal is said on the page, with what was typed."""
    action = request.form.get("_action", "")
    house().desk.administration.officers.one(g.actor, officer_id)  # who is not of the unit is not found, whatever asked
    if action not in ACTIONS:
        raise BadRequest()
    try:
        return ACTIONS[action](officer_id, request.form.get("_seen", "")[:16])
    except StaffProblemsError as error:
        return _page(officer_id, problems=error.problems, status=422)
    except REFUSALS as error:
        return _page(officer_id, refusal=error, status=status_of(error))


def _page(
    officer_id: str, *, problems: Sequence[Problem] = (), refusal: DomainError | None = None, status: int = 200
) -> ResponseReturnValue:
    officer = house().desk.administration.officers.one(g.actor, officer_id)
    page = render_template(
        "housekeeping/person.html",
        officer=officer,
        wanted=_typed() if request.form.get("_action") == "change" else officer,
        reason=posted_text("reason", 600) if request.method == "POST" else "",
        problems=problems,
        refusal=refusal,
        groups=choices(),
        sessions=house().people.store.sessions(officer_id, house().clock.now()),
        locked_by=house().accounts.by_id(officer.lock.by) if officer.lock else None,
        may_change=_may_change(),
    )
    return page, status


def _may_change() -> bool:
    return not g.actor.groups.isdisjoint(ADMINISTRATORS)


def _done(officer_id: str, vi: str, en: str) -> ResponseReturnValue:
    flash(t(vi, en))
    return redirect(url_for("housekeeping.person", officer_id=officer_id))


def _change(officer_id: str, seen: str) -> ResponseReturnValue:
    house().desk.administration.officers.change(g.actor, officer_id, _typed(), seen)
    said = ("Đã lưu. Quyền mới có hiệu lực từ lần bấm tiếp theo của người này.", "Saved; it counts at once.")
    return _done(officer_id, *said)


def _lock(officer_id: str, seen: str) -> ResponseReturnValue:
    house().desk.administration.officers.lock(g.actor, officer_id, posted_text("reason", 600), seen)
    return _done(officer_id, "Đã khóa tài khoản và kết thúc mọi phiên.", "The account is locked, its sessions ended.")


def _unlock(officer_id: str, seen: str) -> ResponseReturnValue:
    house().desk.administration.officers.unlock(g.actor, officer_id, posted_text("reason", 600), seen)
    return _done(officer_id, "Đã mở khóa tài khoản.", "The account is unlocked.")


def _reset(officer_id: str, seen: str) -> ResponseReturnValue:
    password = one_time_password()
    officer = house().desk.administration.officers.reset(g.actor, officer_id, auth.hash_password(password), seen)
    return passwords([(officer, password)])


def _end(officer_id: str, seen: str) -> ResponseReturnValue:
    house().desk.administration.officers.end_sessions(g.actor, officer_id)
    return _done(officer_id, "Đã kết thúc mọi phiên của người này.", "Signed out everywhere.")


ACTIONS: Mapping[str, Callable[[str, str], ResponseReturnValue]] = {
    "change": _change,
    "lock": _lock,
    "unlock": _unlock,
    "reset": _reset,
    "end": _end,
}


@blueprint.route("/nguoi/nhap", methods=["GET", "POST"])
@access.groups(*ADMINISTRATORS)
def import_people() -> ResponseReturnValue:
    """A list of officers: looked at line by line first, taken over as a whole or not at all."""
    officers = house().desk.administration.officers
    if request.method == "GET":
        return render_template("housekeeping/import.html", roster=None, content="", groups=choices())
    file = request.files.get("file")
    content = file.read(300_000) if file and file.filename else nfc(request.form.get("content", "")).encode()
    roster = officers.look(g.actor, content)
    if request.form.get("_action") == "take" and roster.is_sound:
        given = [one_time_password() for _ in roster.lines]
        try:
            new = officers.take_over(g.actor, content, [auth.hash_password(one) for one in given])
        except StaffProblemsError:  # somebody was quicker: look again
            roster = officers.look(g.actor, content)
        else:
            return passwords(list(zip(new, given, strict=True)))
    page = render_template(
        "housekeeping/import.html", roster=roster, content=content.decode("utf-8-sig", "replace"), groups=choices()
    )
    return page, 200 if roster.is_sound else 422
