"""Pages of administrators: people, groups, the unit, its calendar, fees and templates, outside parties, health."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web import access
from web.texts import t

blueprint = Blueprint("housekeeping", __name__, url_prefix="/can-bo/quan-tri")
ADMINISTRATORS = ("administrator",)
LOOKERS = ("administrator", "chairman")
AUDITORS = ("auditor", "administrator", "chairman")
# page, its name, what is there
PLACES = (
    (
        ("housekeeping.people", "Cán bộ", "Officers"),
        ("Thêm, khóa, đổi nhóm, đặt lại mật khẩu", "Add, lock, change groups, reset passwords"),
    ),
    (
        ("housekeeping.groups", "Nhóm", "Groups"),
        ("Ai ở nhóm nào; nhóm nào chưa có người", "Who is in which; which have nobody"),
    ),
    (
        ("housekeeping.unit", "Đơn vị", "Unit"),
        ("Tên, địa chỉ, đường dây nóng, người ký, từ ngày nào", "Names, address, hotline, who signs, from which day"),
    ),
    (
        ("housekeeping.calendar", "Lịch làm việc", "Calendar"),
        ("Ngày nghỉ, ngày làm bù từng năm, giờ làm việc", "Days off and make-up days by year, office hours"),
    ),
    (
        ("housekeeping.fees", "Phí, lệ phí", "Fees"),
        ("Mức thu của mọi thủ tục; mức mới từ một ngày", "What is charged; new amounts from a day on"),
    ),
    (
        ("housekeeping.templates", "Mẫu thông báo", "Templates"),
        ("Nội dung gửi người dân, sửa từ một ngày, xem thử", "What people are told, own words from a day on"),
    ),
    (
        ("housekeeping.connectors", "Kết nối", "Connections"),
        ("Các bên ngoài đã khai báo, thử từng bên", "Outside parties as configured, each can be tried"),
    ),
    (
        ("housekeeping.health", "Tình trạng", "Health"),
        ("Cơ sở dữ liệu, tiến trình, việc trễ, đĩa", "Database, processes, what is late, disk"),
    ),
    (
        ("housekeeping.log", "Nhật ký", "Log"),
        ("Ai đã đổi gì, lúc nào, trước và sau", "Who changed what, when, before and after"),
    ),
)


@blueprint.get("/")
@access.groups(*LOOKERS)
def overview() -> ResponseReturnValue:
    """What there is to administer."""
    cards = [(endpoint, t(vi, en), t(*told)) for (endpoint, vi, en), told in PLACES]
    return render_template("housekeeping/overview.html", cards=cards)


@blueprint.context_processor
def _names() -> dict[str, Any]:
    """The pages of this part, for the row of links on each."""
    return {"places": lambda: [(endpoint, t(vi, en)) for (endpoint, vi, en), _ in PLACES]}
