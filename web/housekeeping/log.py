"""What administrators did, for those who watch over the house."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from engine.ports.administration import Change
from web import access
from web.display import dong
from web.house import house
from web.housekeeping import AUDITORS, blueprint
from web.housekeeping.unit import LABELS
from web.housekeeping.wordings import PARTS
from web.texts import t

PAGE = 100
WORDS = {
    "officer:added": ("Thêm cán bộ", "Officer added"),
    "officer:changed": ("Sửa tên, nhóm", "Name, groups changed"),
    "officer:locked": ("Khóa tài khoản", "Account locked"),
    "officer:unlocked": ("Mở khóa tài khoản", "Account unlocked"),
    "officer:password_reset": ("Đặt lại mật khẩu", "Password reset"),
    "mandate:recorded": ("Giao làm thay", "Mandate recorded"),
    "mandate:revoked": ("Thu hồi việc làm thay", "Mandate revoked"),
    "officer:sessions_ended": ("Kết thúc mọi phiên", "Sessions ended"),
    "unit:facts_changed": ("Sửa thông tin đơn vị", "Facts of the unit changed"),
    "calendar:days_changed": ("Sửa ngày trong lịch", "Days of the calendar changed"),
    "calendar:hours_changed": ("Đổi giờ làm việc", "Office hours changed"),
    "calendar:hours_dropped": ("Bỏ giờ làm việc chưa áp dụng", "Office hours to come taken back"),
    "calendar:year_confirmed": ("Xác nhận lịch năm", "Year of the calendar confirmed"),
    "fee:changed": ("Ghi mức thu mới", "Fee changed"),
    "notice:worded": ("Sửa nội dung thông báo", "Wording of a notice changed"),
    "notice:taken_back": ("Rút lại nội dung thông báo chưa dùng", "Wording of a notice taken back"),
    "fee:taken_back": ("Rút lại mức thu chưa áp dụng", "Change of a fee taken back"),
}
FIELDS = {
    **LABELS,
    "login": ("Tên đăng nhập", "Login"),
    "name": ("Họ tên", "Name"),
    "groups": ("Nhóm", "Groups"),
    "locked": ("Bị khóa", "Locked"),
    "deputy": ("Người làm thay", "Deputy"),
    "starts_at": ("Từ", "From"),
    "ends_at": ("Đến trước", "Until"),
    "basis": ("Căn cứ", "Basis"),
    "acting": ("Dòng ký thay", "Line above the title"),
    "title": ("Chức vụ in trên giấy", "Printed title"),
    "amount": ("Mức thu", "Amount"),
    "waived": ("Không thu", "Nothing is charged"),
    "valid_from": ("Áp dụng từ", "From"),
    "edition": ("Lần sửa", "Change"),
    **{f"notice_{part}": words for part, words in PARTS.items()},
    **{f"notice_{part}_en": (f"{vi} (tiếng Anh)", f"{en} (English)") for part, (vi, en) in PARTS.items()},
}


@blueprint.get("/nhat-ky")
@access.groups(*AUDITORS)
def log() -> ResponseReturnValue:
    """The latest first, a hundred to a page."""
    before = request.args.get("after", "")[:40]
    rows = house().desk.administration.log.latest(g.actor.unit, before=before or None, limit=PAGE + 1)
    people = {account.id: account.name for account in house().accounts.all(g.actor.unit) if account.kind == "officer"}
    page = render_template(
        "housekeeping/log.html",
        rows=[(change, t(*WORDS.get(change.what, (change.what, change.what))), differences(change)) for change in rows],
        people=people,
        next=rows[PAGE - 1].id if len(rows) > PAGE else "",
        size=PAGE,
    )
    return page


def differences(change: Change) -> list[tuple[str, str, str]]:
    """Name, before and after of each thing that is another, in words."""
    names = [*change.before, *(name for name in change.after if name not in change.before)]
    told = [(name, _said(change.before, name), _said(change.after, name)) for name in names]
    return [(t(*FIELDS.get(name, (name, name))), old, new) for name, old, new in told if old != new]


def _said(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return t("có", "yes") if value else t("không", "no")
    if name == "amount":
        return dong(value)
    if isinstance(value, list):
        known = house().catalog.groups
        return ", ".join(known[one].name if one in known else str(one) for one in value) or "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
