"""A second look at what was chosen, then its signatures: each case by a command of its own, all by one PIN."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.leading_messages import SignResult
from engine.domain.errors import DatabaseUnavailableError, DomainError
from engine.domain.signing_key import WrongPinError
from engine.ports import Signing
from engine.queries.signing_queue import ToSign, ToStamp
from web import access, errors
from web.acting import new_key, posted_key
from web.auth import right_password
from web.house import house, procedure_names, queries
from web.leading import LEADERS, blueprint
from web.signing_keys import KeyView, own_key
from web.texts import t

MOST = 50  # signatures at once: the page waits for them
MARK = re.compile(r"([0-9A-Za-z-]{1,40})\|([^|]{1,400})\|([0-9]{1,9})\|([0-9a-f]{0,64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was ticked: results to be decided on, as they were looked at, and decided ones that wait for the PIN."""

    rows: Sequence[ToSign]
    stamps: Sequence[ToStamp]
    changed: Sequence[ToSign] = ()  # they have moved on since they were ticked: to be looked at again

    def __len__(self) -> int:
        return len(self.rows) + len(self.stamps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one of the chosen: signed, or why not."""

    row: ToSign | ToStamp
    refusal: errors.Refusal | None


@blueprint.post("")
@access.groups(*LEADERS)
def sign() -> ResponseReturnValue:
    """Look once more at what was chosen, then sign it all."""
    chosen, own = _chosen(), own_key()
    if request.form.get("_action") != "sign":
        return _review(chosen, own)
    if own.refusal:
        return _asked(chosen, own, problem=t(own.refusal.vi, own.refusal.en), status=own.refusal.status)
    if _too_many():
        return _asked(chosen, own, problem=_wait(), status=429)
    try:
        signing = _proven(own)
    except WrongPinError as error:
        return _asked(chosen, own, problem=t(error.message, error.message_en), status=422)
    if not own.asks_pin and not right_password(g.account, request.form.get("password", "")[:1000]):
        problem = t("Mật khẩu không đúng; chưa ký hồ sơ nào.", "The password is wrong; nothing was signed.")
        return _asked(chosen, own, problem=problem, status=422)
    house().people.store.forget_attempts(_counter())
    shown = {"outcomes": _outcomes(chosen, signing), "by_pin": signing is not None, "names": procedure_names()}
    return render_template("leading/signed.html", **shown)


def _chosen() -> Chosen:
    marks = list(dict.fromkeys(request.form.getlist("chosen")))[:MOST]
    waiting = {(row.case_id, row.key): row for row in house().desk.signing.waiting(g.actor)}
    ticked = [_row(match, waiting) for mark in marks if (match := MARK.fullmatch(mark))]
    changed = [row for row in ticked if _moved_on(row, waiting.get((row.case_id, row.key)))]
    wanted = set(request.form.getlist("stamp"))
    stamps = [one for one in house().desk.signing.stamps(g.actor) if one.case_id in wanted] if wanted else []
    return Chosen(rows=ticked, stamps=stamps[: MOST - len(ticked)], changed=changed)


def _row(match: re.Match[str], waiting: Mapping[tuple[str, str], ToSign]) -> ToSign:
    """What was ticked, as it was then: it may have changed, or be signed by this very form or by a colleague."""
    row = waiting.get((match[1], match[2])) or _gone(match[1], match[2])
    return replace(row, version=int(match[3]), digest=match[4])


def _moved_on(seen: ToSign, now: ToSign | None) -> bool:
    return now is not None and (now.version, now.digest) != (seen.version, seen.digest)


def _gone(case_id: str, key: str) -> ToSign:
    """What no longer waits; NotFoundError."""
    case = queries().case(g.actor, case_id).case
    return ToSign(
        case_id=case_id,
        key=key,
        code=case.code,
        applicant_name=str(case.applicant["name"]),
        procedure=case.procedure,
        assignee=None,
        due=None,
    )


def _review(chosen: Chosen, own: KeyView) -> ResponseReturnValue:
    if own.refusal:
        return _asked(chosen, own, problem=t(own.refusal.vi, own.refusal.en), status=own.refusal.status)
    return _asked(chosen, own, status=200 if len(chosen) else 422)


def _counter() -> str:
    return f"sign:{g.actor.id}"


def _too_many() -> bool:
    """Count a try; one too many is noted for those who watch over the house. The count lies in the database."""
    rules, now = house().catalog.settings["signing_keys"], house().clock.now()
    window = timedelta(minutes=rules["lock_minutes"])
    locked: bool = house().accounts.count_attempt(_counter(), now, window) > rules["tries"]
    if locked:
        house().desk.attempts.note(
            g.actor.unit, g.actor.id, page="leading.sign", method="POST", path=request.path, at=now
        )
    return locked


def _wait() -> str:
    minutes = house().catalog.settings["signing_keys"]["lock_minutes"]
    return t(f"Đã thử quá nhiều lần. Hãy đợi {minutes} phút.", f"Too many tries. Wait {minutes} minutes.")


def _proven(own: KeyView) -> Signing | None:
    """The own key, opened by the PIN that was typed, for this request alone; None where it asks none."""
    if own.key is None or not own.asks_pin:
        return None
    return house().desk.signatures.opened(g.actor, own.key, request.form.get("pin", "")[:200])


def _outcomes(chosen: Chosen, signing: Signing | None) -> list[Outcome]:
    """Decide on each; then give the signatures that the PIN is for, as soon as their papers are made."""
    refusals = {row.case_id: _decided(row) for row in chosen.rows}
    if signing is not None:
        open_ones = [case_id for case_id, refusal in refusals.items() if refusal is None]
        told = house().desk.signatures.finish(g.actor, [*open_ones, *(one.case_id for one in chosen.stamps)], signing)
        refusals |= {case_id: errors.of_domain(error) if error else None for case_id, error in told.items()}
    rows: list[ToSign | ToStamp] = [*chosen.rows, *chosen.stamps]
    return [Outcome(row=row, refusal=refusals.get(row.case_id)) for row in rows]


def _decided(row: ToSign) -> errors.Refusal | None:
    """Claim and answer one as it was looked at; why not, where not. Sent again, the first answer stands."""
    key = f"sign:{g.actor.id}:{posted_key()}:{re.sub(r'[^0-9a-zA-Z_#/-]', '', f'{row.case_id}|{row.key}')}"
    command = SignResult(unit=g.actor.unit, case_id=row.case_id, key=row.key, seen=row.version, digest=row.digest)
    try:
        house().handle(command, g.actor, key)
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        return errors.of_domain(error)
    return None


def _asked(chosen: Chosen, own: KeyView, *, problem: str = "", status: int) -> ResponseReturnValue:
    shown = {"chosen": chosen, "own": own, "problem": problem, "names": procedure_names()}
    return render_template("leading/confirm.html", **shown, key=new_key()), status
