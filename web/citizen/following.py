"""What an applicant may do with the own case beside its tasks: its papers, another way of delivery, a rating."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.following import is_sealed
from engine.commands.following_messages import ChangeDelivery, RateCase
from engine.commands.messages import WithdrawCase
from engine.domain.errors import DatabaseUnavailableError, DomainError, FormInvalidError, NotFoundError
from engine.queries.views import CaseView
from web import access, case_papers, errors
from web.acting import do, new_key, posted_text, posted_version
from web.citizen import blueprint
from web.display import local
from web.filing import DELIVERIES
from web.house import house, queries
from web.texts import t

ADDRESS = ("name", "phone", "address")


@blueprint.get("/ho-so/<case_id>/giay-tiep-nhan")
@access.citizen
def intake_receipt(case_id: str) -> ResponseReturnValue:
    """The intake receipt as a PDF."""
    return case_papers.form(case_id, "01")


@blueprint.get("/ho-so/<case_id>/mau/<form>")
@access.citizen
def form(case_id: str, form: str) -> ResponseReturnValue:
    """One of the desk's forms about an own case as a PDF."""
    return case_papers.form(case_id, form)


@blueprint.get("/ho-so/<case_id>/so-do")
@access.citizen
def process(case_id: str) -> ResponseReturnValue:
    """The case's diagrams with its present place; without JavaScript the same in words."""
    return render_template("citizen/process.html", view=queries().case(g.actor, case_id))


@blueprint.get("/ho-so/<case_id>/so-do/<process_id>")
@access.citizen
def diagram(case_id: str, process_id: str) -> ResponseReturnValue:
    """The BPMN of one of the case's processes."""
    return case_papers.diagram(case_id, process_id)


def choices(view: CaseView) -> list[str]:
    """The ways of delivery that may still be chosen; none when there is no choice left."""
    ways = list(view.procedure.deliveries)
    sealed = is_sealed(view.case, view.procedure.result.name if view.procedure.result else None)
    return [] if view.case.ended or sealed or len(ways) < 2 else ways


@blueprint.route("/ho-so/<case_id>/cach-nhan", methods=["GET", "POST"])
@access.citizen
def delivery(case_id: str) -> ResponseReturnValue:
    """Choose another way of getting the result, until it is sealed."""
    view = queries().case(g.actor, case_id)
    if not choices(view):
        flash(t("Không đổi cách nhận kết quả của hồ sơ này được nữa.", "The way of delivery can no longer be changed."))
        return redirect(url_for("citizen.case", case_id=case_id))
    if request.method == "GET":
        return _delivery(view, _address(view), view.case.delivery, {})
    chosen = request.form.get("delivery", "")
    address = {name: posted_text(name, 501) for name in ADDRESS} if chosen == "post" else {}
    command = ChangeDelivery(
        unit=view.case.unit, case_id=case_id, version=posted_version(), delivery=chosen, address=address
    )
    try:
        do(command)
    except FormInvalidError as error:
        return _delivery(view, {**_address(view), **address}, chosen, error.errors)
    flash(t("Đã đổi cách nhận kết quả.", "The way of delivery was changed."))
    return redirect(url_for("citizen.case", case_id=case_id))


def _address(view: CaseView) -> dict[str, Any]:
    """Where the post would go: what was chosen before, else what the case knows of the applicant."""
    return {name: view.case.delivery_address.get(name) or view.case.applicant.get(name) or "" for name in ADDRESS}


def _delivery(
    view: CaseView, address: dict[str, Any], chosen: str, problems: dict[str, list[str]]
) -> ResponseReturnValue:
    page = render_template(
        "citizen/delivery.html",
        view=view,
        ways=[(way, t(*DELIVERIES.get(way, (way, way)))) for way in choices(view)],
        postage=house().catalog.settings.get("post", {}).get("postage"),
        chosen=chosen,
        address=address,
        problems=problems,
        key=new_key(),
    )
    return page, 422 if problems else 200


@blueprint.route("/ho-so/<case_id>/rut", methods=["GET", "POST"])
@access.citizen
def withdrawal(case_id: str) -> ResponseReturnValue:
    """Withdraw the case: asked once, with what happens then."""
    view = queries().case(g.actor, case_id)
    if request.method == "GET":
        return _withdrawal(view, "", "")
    reason = posted_text("reason")
    if not reason:
        return _withdrawal(view, reason, t("Hãy ghi lý do rút hồ sơ.", "Say why you withdraw the case."))
    do(WithdrawCase(unit=view.case.unit, case_id=case_id, version=posted_version(), reason=reason))
    flash(t("Đã rút hồ sơ.", "The case was withdrawn."))
    return redirect(url_for("citizen.case", case_id=case_id))


def _withdrawal(view: CaseView, reason: str, problem: str) -> ResponseReturnValue:
    paid = sum(payment["amount"] for payment in view.case.payments if payment["paid"])
    page = render_template(
        "citizen/withdrawal.html", view=view, reason=reason, problem=problem, paid=paid, key=new_key()
    )
    return page, 422 if problem else 200


def may_rate(view: CaseView) -> bool:
    """Whether the page offers to rate: the case has ended, and the time for changing a rating is not over."""
    if not view.case.ended or view.case.rating is None:
        return view.case.ended
    days = int(house().catalog.settings.get("rating", {}).get("change_days", 0))
    return (house().clock.now() - local(view.case.rating["first_at"])).days < days


@blueprint.post("/ho-so/<case_id>/danh-gia")
@access.citizen
def rate(case_id: str) -> ResponseReturnValue:
    """Rate a case that has ended."""
    unit = queries().case(g.actor, case_id).case.unit
    score = request.form.get("score", "")
    if score and score not in "12345":
        raise BadRequest()
    try:
        do(RateCase(unit=unit, case_id=case_id, score=int(score or 0), comment=posted_text("comment", 20000)))
    except DatabaseUnavailableError:
        raise
    except NotFoundError:
        raise
    except DomainError as error:
        flash(_words(error))
    else:
        flash(t("Cảm ơn anh/chị đã đánh giá.", "Thank you for rating."))
    return redirect(url_for("citizen.case", case_id=case_id, _anchor="danh-gia"))


def _words(error: DomainError) -> str:
    if isinstance(error, FormInvalidError):
        return " ".join(text for texts in error.errors.values() for text in texts)
    refusal = errors.of_domain(error)
    return t(refusal.vi, refusal.en)
