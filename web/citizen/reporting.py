"""Something on a page is wrong: anybody may say so, and the administrators read it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.ports.drafts import PageReport
from web import access
from web.acting import posted_text
from web.citizen import blueprint
from web.house import house
from web.texts import t

MOST, WINDOW = 5, timedelta(minutes=15)


@blueprint.route("/bao-loi", methods=["GET", "POST"])
@access.public
def report() -> ResponseReturnValue:
    """Say what is wrong with a page."""
    page = urlsplit(request.values.get("trang", "")).path[:300]
    text, wrong = posted_text("_text"), ""
    if request.method == "POST":
        wrong = _wrong(text)
        if not wrong:
            _keep(page, text)
            flash(t("Cảm ơn anh/chị. Quản trị đã nhận được.", "Thank you. The administrators have it."))
            return redirect(url_for("citizen.home"))
    return render_template("filing/report.html", page=page, text=text, wrong=wrong), 422 if wrong else 200


def _wrong(text: str) -> str:
    if not text:
        return t("Viết ngắn gọn trang bị lỗi như thế nào.", "Say in a few words what is wrong.")
    key = f"report:{request.remote_addr}"
    if house().accounts.count_attempt(key, house().clock.now(), WINDOW) > MOST:
        return t(
            "Đã gửi quá nhiều lần. Hãy đợi 15 phút rồi gửi lại.", "Too many reports. Wait 15 minutes, then try again."
        )
    return ""


def _keep(page: str, text: str) -> None:
    report = PageReport(
        unit=house().settings.unit,
        id=str(house().ids.new()),
        at=house().clock.now(),
        kind="page",
        account=g.actor.id if g.actor else "",
        page=page,
        text=text,
    )
    house().filing.reports.add(report)
