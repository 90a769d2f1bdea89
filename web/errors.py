"""The only place that turns refusals of the domain into HTTP statuses and pages."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.domain.errors import DatabaseUnavailableError, DomainError, TaskTakenError
from web import resuming
from web.house import house

log = logging.getLogger("motcua.web")

REFUSED_FILES = (
    *("refused_file", "no_file", "empty_file", "big_file", "wrong_kind", "locked_file", "broken_file"),
    *("huge_picture", "long_file", "infected_file", "unscanned_file", "broken_off", "many_files"),
)
STATUSES = {
    "form_invalid": 422,
    **{code: 422 for code in REFUSED_FILES},
    "draft_too_large": 422,
    "draft_sent": 409,
    "rule": 422,
    "book_closed": 409,
    "open_numbers": 409,
    "no_drawer": 409,
    "drawer_left_open": 409,
    "drawer_closed": 409,
    "drawer_short": 422,
    "period": 422,
    "name_taken": 422,
    "payment_mismatch": 422,
    "payment_refused": 422,
    "catalog": 422,
    "calendar_uncovered": 422,
    "stale_version": 409,
    "figures_changed": 409,
    "report_period": 422,
    "task_taken": 409,
    "task_not_open": 409,
    "not_assignee": 409,
    "case_ended": 409,
    "nothing_waits": 409,
    "duplicate_command": 409,
    "lease_lost": 409,
    "process_stuck": 409,
    "step_held": 409,
    "still_stuck": 409,
    "case_suspended": 409,
    "job_error": 409,
    "already_begun": 409,
    "proposal_stale": 409,
    "change_refused": 422,
    "cannot_migrate": 422,
    "four_eyes": 403,
    "changed_since_seen": 409,
    "key_owner": 403,
    "key_window": 409,
    "key_locked": 409,
    "no_key": 409,
    "signing": 409,
    "wrong_pin": 422,
    "own_account": 409,
    "last_administrator": 409,
    "officer_changed": 409,
    "problems": 422,
    "staff_problems": 422,
    "unit_problems": 422,
    "calendar_problems": 422,
    "fee_problems": 422,
    "wording_problems": 422,
    "mandate_problems": 422,
    "mandate_over": 409,
    "file_too_large": 413,
    "bad_digest": 404,
    "not_found": 404,
    "forbidden": 403,
    "search_too_wide": 400,
    "not_vouched": 422,
    "signature_refused": 422,
    "wrong_code": 422,
    "code_over": 422,
    "assurance": 403,
    "registration_over": 409,
    "account_exists": 409,
    "too_many_tries": 429,
    "outside_silent": 503,
    "files_away": 503,
    "outside_refused": 503,
    "database_unavailable": 503,
    "database_busy": 503,
    "channel_down": 503,
    "channel_refused": 422,
}
RETRY_SECONDS = 5
CONFLICTS = frozenset(code for code, status in STATUSES.items() if status == 409)

PAGES = {
    400: (
        "Yêu cầu không đọc được. Hãy quay lại trang trước và thử lại.",
        "The request could not be read. Go back and try again.",
    ),
    401: ("Phiên làm việc đã hết. Hãy đăng nhập lại.", "Your session has ended. Please sign in again."),
    403: ("Anh/chị không có quyền xem trang này.", "You may not see this page."),
    404: (
        "Không tìm thấy trang này. Hãy kiểm tra lại địa chỉ hoặc về trang chủ.",
        "There is no such page. Check the address or go to the first page.",
    ),
    405: (
        "Trang này không nhận thao tác vừa gửi. Hãy quay lại và dùng nút trên trang.",
        "This page does not take that kind of request. Go back and use its buttons.",
    ),
    413: (
        "Nội dung gửi lên quá lớn. Hãy giảm dung lượng hoặc số tệp rồi gửi lại.",
        "What you sent is too large. Send fewer or smaller files.",
    ),
    429: ("Đã thử quá nhiều lần. Hãy đợi 15 phút rồi thử lại.", "Too many attempts. Wait 15 minutes and try again."),
    500: (
        "Hệ thống gặp lỗi khi xử lý. Dữ liệu đã lưu không bị mất; hãy thử lại sau ít phút.",
        "Something went wrong here. Nothing that was saved is lost; try again in a few minutes.",
    ),
}
CSRF = (
    "Trang đã mở quá lâu hoặc phiên đã đổi nên chưa ghi nhận. Hãy tải lại trang rồi gửi lại.",
    "The page was open too long or the session changed, so nothing was recorded. Reload and send again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What an error page says."""

    status: int
    code: str
    vi: str
    en: str


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal; 400 for one that has none of its own."""
    return STATUSES.get(error.code, 400)


def of_domain(error: DomainError) -> Refusal:
    """The page of a domain refusal; of a task that somebody has it says the person's name."""
    if isinstance(error, TaskTakenError) and getattr(g, "actor", None) is not None:
        holder = str(error.data.get("assignee", ""))
        names = house().desk.inbox.colleagues.names(g.actor.unit, [holder])
        error = TaskTakenError(**{**error.data, "assignee": names.get(holder, holder)})
    return Refusal(status=status_of(error), code=error.code, vi=error.message, en=error.message_en)


def of_http(error: HTTPException) -> Refusal:
    """The page of an HTTP error."""
    status = error.code or 500
    if isinstance(error, CSRFError):
        return Refusal(status=400, code="csrf", vi=CSRF[0], en=CSRF[1])
    vi, en = PAGES.get(status, PAGES[400 if status < 500 else 500])
    return Refusal(status=status, code=f"http_{status}", vi=vi, en=en)


def answer(refusal: Refusal) -> ResponseReturnValue:
    """The refusal as a page, or as JSON for machines, with a reference number that is in the log too."""
    reference = house().ids.new()[-10:].upper()
    actor = getattr(getattr(g, "actor", None), "id", "-")
    log.info("refused %s %s %s ref=%s actor=%s", request.method, request.path, refusal.code, reference, actor)
    later = {"Retry-After": str(RETRY_SECONDS)} if refusal.status == 503 else {}
    if request.path.startswith(("/api/", "/health/")):
        return jsonify(error=refusal.code, message=refusal.en, reference=reference), refusal.status, later
    typed = _typed() if refusal.status in (400, 401, 409, 503) else []
    again = _again(refusal)
    page = render_template("error.html", refusal=refusal, reference=reference, typed=typed, again=again)
    return page, refusal.status, later


def _again(refusal: Refusal) -> resuming.Again | None:
    """What may be sent once more: where the database was away, where the session had ended, and where it was another
    one, whose token this is not: then, too, it is the person who presses the button."""
    if request.endpoint == "auth.sign_in_demo":
        return None
    if refusal.status == 503:
        return resuming.sent()
    lost = refusal.status == 401 or (refusal.code == "csrf" and getattr(g, "actor", None) is not None)
    return resuming.sent() if lost and request.method == "POST" else None


def _typed() -> list[tuple[str, str]]:
    """What was sent with the refused form, so that nobody has to think of it again."""
    sent = resuming.sent() if request.method == "POST" and request.endpoint != "auth.sign_in_demo" else None
    return sent.typed if sent else []


def register(app: Flask) -> None:
    """Hang the error pages into the application."""

    @app.errorhandler(DomainError)
    def domain(error: DomainError) -> ResponseReturnValue:
        if isinstance(error, DatabaseUnavailableError):
            log.warning("the database failed %s %s: %s", request.method, request.path, error)
        return answer(of_domain(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        if error.code is not None and error.code < 400:
            return error
        return answer(of_http(error))

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        log.exception("unexpected error at %s %s", request.method, request.path, exc_info=error)
        return answer(Refusal(status=500, code="internal", vi=PAGES[500][0], en=PAGES[500][1]))
