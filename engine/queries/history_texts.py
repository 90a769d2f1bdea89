"""History in words: one sentence per event, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.domain import events
from engine.domain.events import Event
from engine.domain.fee import money
from engine.domain.procedure import Status
from engine.queries import handling_texts

Names = Callable[[str], str]
Pair = tuple[str, str]

PLAIN: dict[type[Event], Pair] = {
    events.CaseSubmitted: ("Nộp hồ sơ", "Case filed"),
    events.ProcessAdvanced: ("Quy trình đi tiếp", "The process went on"),
    events.TaskCancelled: ("Công việc không còn cần thiết: {name}", "Task no longer needed: {name}"),
    events.TaskClaimed: ("Nhận công việc: {name}", "Task claimed: {name}"),
    events.TaskUnclaimed: ("Trả công việc về hàng chờ: {name}", "Task given back: {name}"),
    events.TaskDelegated: ("Chuyển công việc: {name}. Lý do: {reason}", "Task handed on: {name}. Reason: {reason}"),
    events.TaskAssigned: ("Giao việc: {name}. {reason}", "Task assigned: {name}. {reason}"),
    events.TaskFollowUpSet: ("Hẹn xem lại việc {name}: {day}. {reason}", "Task set aside: {name}, {day}. {reason}"),
    events.ColleaguesMentioned: ("Nhắc đồng nghiệp xem hồ sơ", "Colleagues were asked to look"),
    events.TaskDraftSaved: ("Lưu bản nháp: {name}", "Draft saved: {name}"),
    events.TaskCompleted: ("Hoàn thành: {name}", "Completed: {name}"),
    events.TaskCreated: ("Chờ xử lý: {name}", "Waiting for: {name}"),
    events.TimerScheduled: ("Hẹn giờ: {name}, đến {due}", "Timer set: {name}, due {due}"),
    events.TimerFired: ("Đến hẹn: {name}", "Timer fired: {name}"),
    events.TimerCancelled: ("Bỏ hẹn giờ: {name}", "Timer cancelled: {name}"),
    events.JobCreated: ("Giao hệ thống: {name}", "Handed to the system: {name}"),
    events.JobCompleted: ("Hệ thống đã làm: {name}", "Done by the system: {name}"),
    events.JobFailed: ("Chưa làm được: {name}. {error}", "Failed: {name}. {error}"),
    events.SignatureAwaited: ("Chờ số PIN để ký số: {name}", "Waits for the PIN of the signing key: {name}"),
    events.JobErrorThrown: (
        "Hệ thống báo lỗi {code}: {name}. {reason}",
        "Error {code} from the system: {name}. {reason}",
    ),
    events.JobCancelled: ("Hệ thống bỏ việc: {name}", "Dropped by the system: {name}"),
    events.MessageAwaited: ("Chờ thông tin: {name}", "Waiting for a message: {name}"),
    events.MessageCorrelated: ("Đã nhận thông tin: {name}", "Message received: {name}"),
    events.MessageAbandoned: ("Không chờ nữa: {name}", "No longer waiting: {name}"),
    events.SignalAwaited: ("Chờ tín hiệu: {name}", "Waiting for a signal: {name}"),
    events.SignalAbandoned: ("Không chờ tín hiệu nữa: {name}", "No longer waiting for the signal: {name}"),
    events.SignalThrown: ("Phát tín hiệu {signal}", "Signal thrown: {signal}"),
    events.SignalCaught: ("Nhận tín hiệu {signal} từ hồ sơ khác", "Signal {signal} came from another case"),
    events.SignalSpread: (
        "Tín hiệu {signal} đã đến {reached} hồ sơ khác",
        "The signal {signal} has reached {reached} other cases",
    ),
    events.IncidentRaised: ("Sự cố: {error}", "Incident: {error}"),
    events.IncidentResolved: ("Đã khắc phục sự cố: {note}", "Incident resolved: {note}"),
    events.ReceiptIssued: ("Cấp phiếu số {number}", "Paper issued, no. {number}"),
    events.PaperSealed: ("Đóng dấu điện tử lên phiếu số {number}", "Paper no. {number} sealed electronically"),
    events.ResultIssued: ("Lập kết quả: {name}, số {number}", "Result made: {name}, no. {number}"),
    events.ResultSigned: ("Ký: {signer}", "Signed: {signer}"),
    events.ResultRevoked: (
        "Thu hồi kết quả {document}. Lý do: {reason}",
        "Result {document} is revoked. Reason: {reason}",
    ),
    events.ResultReplaced: (
        "Kết quả {document} được thay bằng số {number}. Lý do: {reason}",
        "Result {document} is replaced by no. {number}. Reason: {reason}",
    ),
    events.ResultDelivered: ("Trả kết quả cho {receiver}", "Result delivered to {receiver}"),
    events.NotificationSent: ("Gửi thông báo qua {channel}", "Notice sent by {channel}"),
    events.CaseWithdrawn: ("Rút hồ sơ. Lý do: {reason}", "Case withdrawn. Reason: {reason}"),
    events.CaseCancelled: ("Dừng hồ sơ. Lý do: {reason}", "Case stopped. Reason: {reason}"),
    events.CaseCommented: ("Ghi chú: {text}", "Note: {text}"),
    events.CaseSuspended: ("Tạm ngừng xử lý. Lý do: {reason}", "Case suspended. Reason: {reason}"),
    events.CaseResumed: ("Mở lại hồ sơ. {note}", "Case resumed. {note}"),
    events.PaymentFailed: ("Lần nộp tiền chưa thành công (mã {code})", "The payment did not go through (code {code})"),
    events.PaymentDoubted: (
        "Đơn vị thanh toán đang kiểm tra khoản tiền (mã {code})",
        "The provider is looking into the payment (code {code})",
    ),
    events.RefundDelayed: ("Chưa hoàn được tiền: {error}", "The money could not be given back yet: {error}"),
    events.PaymentReleased: ("Báo quy trình khoản tiền đã nhận", "The process is told of the money"),
    events.StepHeld: ("Sự cố tại {name}: {error}. Nội dung đã gửi được giữ lại", "Stuck at {name}: {error}. Kept"),
    events.IncidentRetried: ("Thử lại sau khi khắc phục: {note}", "Tried again after mending: {note}"),
    events.IncidentRecurred: ("Thử lại chưa được: {error}", "Tried in vain: {error}"),
    events.IncidentClosed: ("Sự cố đã hết", "Incident over"),
    events.ModificationProposed: ("Đề nghị điều chỉnh quy trình. Lý do: {reason}", "Change proposed. Reason: {reason}"),
    events.ModificationApproved: ("Duyệt điều chỉnh quy trình", "Change approved"),
    events.ModificationRejected: ("Không duyệt điều chỉnh. {reason}", "Change rejected. {reason}"),
    events.CaseMigrated: (
        "Chuyển sang phiên bản {procedure_version}. Lý do: {reason}",
        "Moved to version {procedure_version}. Reason: {reason}",
    ),
    events.ApplicationAmended: ("Bổ sung, sửa nội dung đã khai ({count} mục)", "Answers supplied or changed ({count})"),
    events.DeliveryChanged: ("Đổi cách nhận kết quả: {way_vi}", "Another way of getting the result: {way_en}"),
    events.CaseRated: ("Đánh giá {score}/5. {comment}", "Rated {score} of 5. {comment}"),
    events.IncidentNoted: ("Ghi chú sự cố: {note}", "Note on an incident: {note}"),
}

SUMS: dict[type[Event], Pair] = {
    events.FeeAssessed: ("Tính phí, lệ phí: {sum}", "Fees assessed: {sum_en}"),
    events.PaymentOrdered: ("Mở thanh toán {sum}", "Payment opened: {sum_en}"),
    events.PaymentReceived: ("Đã nhận {sum}", "Received {sum_en}"),
    events.PaymentHeld: (
        "Giữ thông báo nhận {sum} đến khi mở lại hồ sơ",
        "Notice of {sum_en} waits until the case is resumed",
    ),
    events.PaymentBegun: ("Chọn cách nộp {sum}", "A way to pay {sum_en} was chosen"),
    events.RefundRequested: ("Cần hoàn trả {sum}", "{sum_en} have to be given back"),
    events.RefundSettled: ("Đã hoàn trả {sum}", "{sum_en} were given back"),
    events.CashTaken: ("Thu tiền mặt {sum}", "{sum_en} were taken in cash"),
    events.CashGivenBack: ("Hoàn tiền mặt {sum}", "{sum_en} were given back in cash"),
}

BEGUN: dict[str, Pair] = {
    "message": ("Mở hồ sơ theo thông điệp {name}", "Case begun by the message {name}"),
    "signal": ("Mở hồ sơ theo tín hiệu {name}", "Case begun by the signal {name}"),
    "timer": ("Mở hồ sơ theo lịch {name}", "Case begun by the timer {name}"),
}

TERM: dict[str, Pair] = {
    "started": ("Bắt đầu tính thời hạn, hẹn trả {due_after}", "The term begins, due {due_after}"),
    "paused": ("Tạm dừng thời hạn: {reason}", "The term is paused: {reason}"),
    "resumed": ("Tính tiếp thời hạn, hẹn trả {due_after}", "The term goes on, due {due_after}"),
    "restarted": ("Tính lại thời hạn từ đầu, hẹn trả {due_after}", "The term starts anew, due {due_after}"),
    "extended": ("Gia hạn đến {due_after}. Lý do: {reason}", "Extended to {due_after}. Reason: {reason}"),
    "reappointed": ("Hẹn lại ngày trả {due_after}. Lý do: {reason}", "New date {due_after}. Reason: {reason}"),
    "finished": ("Xử lý xong ({timeliness_vi})", "Processing finished ({timeliness})"),
    "stopped": ("Dừng tính thời hạn: {reason}", "The term ends: {reason}"),
}
DEPUTY: Pair = ("Ký: {signer}, ký thay {acts_for} ({acting})", "Signed: {signer}, for {acts_for} ({acting})")
TIMELINESS = {"early": "trước hạn", "on_time": "đúng hạn", "late": "quá hạn"}
FIELDS = ("reason", "error", "note", "number", "signer", "receiver", "channel", "text", "code", "signal", "reached") + (
    "procedure_version",
    "score",
    "comment",
    "document",
    "acts_for",
    "acting",
)
DELIVERIES: dict[str, Pair] = {
    "desk": ("tại Bộ phận Một cửa", "at the one-stop desk"),
    "post": ("qua bưu chính", "by post"),
    "electronic": ("bản điện tử", "electronically"),
}


def sentence(event: Event, statuses: Mapping[int, Status], name_of: Names) -> Pair:
    """The event in Vietnamese and English; `name_of` gives the drawn name behind a wait's key."""
    values = _values(event, name_of)
    match event:
        case events.CaseSubmitted() if event.begun:
            pair = BEGUN[str(event.begun["kind"])]
            values["name"] = event.begun.get("name", "")
        case events.StatusChanged():
            status = statuses[event.after]
            return f"Trạng thái: {status.name}", f"Status: {status.name_en}"
        case events.ResultSigned() if event.acts_for:
            pair = DEPUTY
        case events.DeadlineAdjusted():
            pair = TERM[event.kind]
        case _:
            pair = handling_texts.pair_of(event) or SUMS.get(type(event)) or PLAIN[type(event)]
    return pair[0].format_map(values), pair[1].format_map(values)


def _values(event: Event, name_of: Names) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(event, name, "") for name in FIELDS} | handling_texts.values_of(event)
    after = getattr(event, "after", "")
    values["way_vi"], values["way_en"] = DELIVERIES.get(after, (after, after))
    values["count"] = len(getattr(event, "changes", ()))
    values["name"] = getattr(event, "name", None) or name_of(getattr(event, "key", ""))
    for name in ("due", "due_after"):
        at = getattr(event, name, None)
        values[name] = f"{at:%H:%M ngày %d/%m/%Y}" if at else ""
    day = getattr(event, "follow_up", None)
    values["day"] = f"{day:%d/%m/%Y}" if day else "–"
    amount = getattr(event, "amount", getattr(event, "total", 0))
    values["sum"], values["sum_en"] = money(amount), f"{amount:,} VND"
    values["timeliness"] = (getattr(event, "timeliness", None) or "").replace("_", " ")
    values["timeliness_vi"] = TIMELINESS.get(getattr(event, "timeliness", None) or "", "")
    return values
