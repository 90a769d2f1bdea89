"""Words of the house for kinds that the engine keeps as keys: changes of the term, papers of the desk."""

from __future__ import annotations

from web.house import house
from web.texts import named, t

TERMS = {
    "started": ("Bắt đầu tính thời hạn", "The term began"),
    "paused": ("Tạm dừng", "Paused"),
    "resumed": ("Tính tiếp", "Resumed"),
    "restarted": ("Tính lại từ đầu", "Started anew"),
    "extended": ("Gia hạn", "Extended"),
    "finished": ("Xử lý xong", "Finished"),
    "stopped": ("Dừng tính", "Stopped"),
}
RECEIPTS = {
    "intake": ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt and appointment"),
    "supplement": ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Request to supplement"),
    "refusal": ("Phiếu từ chối tiếp nhận giải quyết hồ sơ", "Refusal"),
    "fee": ("Biên lai thu phí, lệ phí", "Fee receipt"),
    "request": ("Công văn yêu cầu", "Request sent"),
    "register": ("Số vào sổ", "Entry in the register"),
    "result": ("Kết quả giải quyết", "Result"),
    "apology": ("Phiếu xin lỗi và hẹn lại ngày trả kết quả", "Apology and new appointment"),
}
PAPERS = {
    "ban_chinh": ("bản chính", "original"),
    "ban_sao": ("bản sao", "copy"),
    "application": ("theo mẫu", "on the form"),
    "e_form_or_paper": ("điền trực tuyến hoặc nộp bản giấy", "online or on paper"),
}
# what the desk's history leaves out; auditors see everything
INNER_TAGS = frozenset(
    {
        "process:advanced",
        "task:draft_saved",
        "timer:scheduled",
        "timer:cancelled",
        "timer:fired",
        "job:created",
        "job:completed",
        "job:failed",
        "job:cancelled",
        "message:awaited",
        "message:abandoned",
        "receipt:sealed",
    }
)


def group_name(group: str) -> str:
    """A group's name in the reader's language; one that is no more keeps its id."""
    known = house().catalog.groups.get(group)
    return named(known) if known else group


def procedure_name(code: str) -> str:
    """A procedure's newest name in the reader's language, also of one no more in force; "" of an unknown one."""
    versions = house().catalog.versions(code)
    return named(versions[-1]) if versions else ""


def term_word(kind: str) -> str:
    """A change of the term in words."""
    return t(*TERMS.get(kind, (kind, kind)))


def paper_word(form: str) -> str:
    """In what form a document is asked for; what has no word of its own is said as it stands."""
    return t(*PAPERS.get(form, (form, form)))


def receipt_word(kind: str) -> str:
    """A paper of the desk in words."""
    return t(*RECEIPTS.get(kind, (kind, kind)))
