"""The cashier's pages: the statement with what lies in suspense, refunds, and the accounts of the days."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.drawer_messages import GiveCashBack
from engine.commands.payment_messages import RetryRefund, SettleRefund
from engine.domain.drawer import DrawerLeftOpenError, DrawerShortError, NoDrawerError
from engine.domain.errors import DomainError, ForbiddenError, NotFoundError
from engine.domain.payment_appliers import entry_of
from web import access
from web.acting import do, new_key, posted_text
from web.errors import of_domain, status_of
from web.house import house, queries
from web.paying import blueprint
from web.texts import t

SHOWN = 200
MOST_BYTES = 2 * 1024 * 1024  # of a statement


def _own_unit() -> None:
    """The statement is that of this house's unit."""
    if g.actor.unit != house().settings.unit:
        raise ForbiddenError()


def _statement(*, problem: str = "", status: int = 200, line: str = "", typed: str = "") -> ResponseReturnValue:
    ledger, unit = house().paying.collector.ledger, g.actor.unit
    page = render_template(
        "paying/statement.html",
        suspense=ledger.lines(unit, "suspense", limit=SHOWN),
        done={state: ledger.lines(unit, state, limit=SHOWN) for state in ("settled", "returned")},
        may_act="cashier" in g.actor.groups,
        offered=house().paying.statements.offered,
        why=lambda reason: house().paying.words("suspense", reason),
        problem=problem,
        wrong=line,
        typed=typed,
        key=new_key(),
    )
    return page, status


@blueprint.get("/can-bo/thu-phi/sao-ke")
@access.groups("cashier", "chairman")
def statement() -> ResponseReturnValue:
    """What came in and fits nothing, and a file of the bank to be read."""
    return _statement()


@blueprint.post("/can-bo/thu-phi/sao-ke")
@access.groups("cashier")
def take_statement() -> ResponseReturnValue:
    """Read a bank's CSV: twice the same file counts once."""
    _own_unit()
    request.max_content_length = MOST_BYTES
    file = request.files.get("file")
    content = file.read() if file else b""
    if not content:
        return _statement(problem=t("Hãy chọn tệp sao kê (CSV).", "Choose a statement (CSV)."), status=422)
    try:
        lines = house().paying.read_csv(content)
    except ValueError as error:
        return _statement(problem=t(f"Tệp không đọc được: {error}.", f"The file cannot be read: {error}."), status=422)
    added, suspended = house().paying.statements.take(lines)
    flash(
        t(
            f"Đã đọc {len(lines)} dòng: {added} dòng mới, {suspended} dòng cần xem.",
            f"{len(lines)} lines read: {added} new, {suspended} to be looked at.",
        )
    )
    return redirect(url_for("paying.statement"))


@blueprint.post("/can-bo/thu-phi/sao-ke/dong")
@access.groups("cashier")
def settle_line() -> ResponseReturnValue:
    """Say what a line in suspense paid for, or that it was sent back."""
    _own_unit()
    line, action = request.form.get("line", "")[:200], request.form.get("_action", "")
    code, reason = posted_text("code", 60), posted_text("reason", 1000)
    if action not in ("match", "return"):
        raise BadRequest()
    try:
        if action == "match":
            house().paying.collector.match_by_hand(g.actor, line, code, reason)
        else:
            house().paying.collector.give_line_back(g.actor, line, reason)
    except DomainError as error:
        return _statement(problem=t(error.message, error.message_en), status=status_of(error), line=line, typed=code)
    flash(t("Đã ghi nhận.", "Recorded."))
    return redirect(url_for("paying.statement"))


@blueprint.get("/can-bo/thu-phi/hoan-tien")
@access.groups("cashier", "chairman")
def refunds() -> ResponseReturnValue:
    """What has to go back, what did, and how."""
    return _refunds()


def _refunds(refused: DomainError | None = None) -> ResponseReturnValue:
    rows = house().paying.collector.ledger.refunds(g.actor.unit, limit=SHOWN)
    able = {one.name for one in house().paying.collector.providers.values() if one.refunds}
    page = render_template(
        "paying/refunds.html",
        rows=rows,
        able=able,
        may_act="cashier" in g.actor.groups,
        refusal=of_domain(refused) if refused else None,
        key=new_key(),
    )
    return page, status_of(refused) if refused else 200


@blueprint.post("/can-bo/thu-phi/hoan-tien")
@access.groups("cashier")
def settle_refund() -> ResponseReturnValue:
    """Note how money was given back by hand, or let the provider be told again."""
    which = {"unit": g.actor.unit, "case_id": request.form.get("case", ""), "order": request.form.get("order", "")}
    if request.form.get("_action") == "retry":
        do(RetryRefund(**which))
        flash(t("Sẽ yêu cầu hoàn tiền lại.", "The provider will be told again."))
        return redirect(url_for("paying.refunds"))
    try:
        do(_given_back(which))
    except (NoDrawerError, DrawerLeftOpenError, DrawerShortError) as error:
        return _refunds(error)
    flash(t("Đã ghi nhận hoàn tiền.", "The refund was recorded."))
    return redirect(url_for("paying.refunds"))


def _given_back(which: dict[str, Any]) -> SettleRefund:
    """By hand: in cash out of the officer's open drawer, or in another way."""
    reference = posted_text("reference", 200)
    if request.form.get("way") != "cash":
        return SettleRefund(**which, code="hand", reference=reference)
    entry = entry_of(queries().case(g.actor, which["case_id"]).case, which["order"])
    if entry is None:
        raise NotFoundError(what="khoản hoàn trả", id="")
    drawer = house().desk.drawers.keeping.for_giving_back(g.actor, entry["amount"])
    return GiveCashBack(**which, code="cash", reference=reference, drawer=drawer)


@blueprint.get("/can-bo/thu-phi/doi-soat")
@access.groups("cashier", "chairman")
def accounts() -> ResponseReturnValue:
    """Day by day: what was booked, what the providers say, and what differs."""
    ledger, now = house().paying.collector.ledger, house().clock.now()
    return render_template(
        "paying/accounts.html",
        days=ledger.accounts(g.actor.unit, limit=SHOWN),
        open=ledger.unsettled(g.actor.unit, now, limit=SHOWN),
        kind=lambda name: house().paying.words("difference", name),
        providers=house().paying.collector.providers,
    )
