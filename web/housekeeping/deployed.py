"""Templates of notices as deployed, with a preview."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue

from engine.domain.errors import NotFoundError
from engine.domain.notice import Language, Notice
from web import access
from web.house import house
from web.housekeeping import LOOKERS, blueprint
from web.texts import lang

SAMPLE = MappingProxyType(
    {
        "name": "Nguyễn Thị Mẫu",
        "receiver": "Nguyễn Thị Mẫu",
        "handler": "Lê Văn Thử",
        "number": "12/2026",
        "reason": "thiếu bản sao giấy chứng sinh",
        "items": "bản sao giấy chứng sinh",
        "text": "nội dung trả lời",
        "result": "Giấy xác nhận",
        "amount": 8000,
        "otp": "123456",
        "minutes": 5,
    }
)
MOMENTS = ("at", "due_at", "filed_at", "old_due_at", "received_at", "until_at")


@blueprint.get("/mau")
@access.groups(*LOOKERS)
def templates() -> ResponseReturnValue:
    """Every template of a notice."""
    return _page(None)


@blueprint.get("/mau/<template>")
@access.groups(*LOOKERS)
def template(template: str) -> ResponseReturnValue:
    """One of them, as people would read it."""
    composer = house().notices.composer
    if composer.book.template(template) is None:
        raise NotFoundError(what="mẫu", id=template)
    now = house().clock.now()
    notice = Notice(
        unit=g.actor.unit, key="sample", template=template, created_at=now, run_at=now, data=sample(now), case_id=""
    )
    language: Language = "en" if lang() == "en" else "vi"
    title, body = composer.page(notice, language)
    short, _ = composer.short(notice, language)
    return _page({"key": template, "title": title, "body": body, "short": short})


def sample(now: datetime) -> dict[str, Any]:
    """Values for every name that a template may use."""
    later = (now + timedelta(days=3)).isoformat()
    code = f"{house().catalog.settings['units'].get(g.actor.unit, {}).get('agency_code', '')}-{now:%y%m%d}-0001"
    current = house().catalog.current_all(now.date())
    procedure = current[0].name if current else ""
    return {**SAMPLE, **dict.fromkeys(MOMENTS, later), "code": code, "procedure": procedure}


def _page(shown: dict[str, str] | None) -> ResponseReturnValue:
    book = house().notices.composer.book
    found = sorted(book.templates.values(), key=lambda one: one.key)
    return render_template("housekeeping/templates.html", templates=found, shown=shown)
