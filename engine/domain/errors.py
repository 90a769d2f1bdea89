"""Refusals: a stable code, the data that explains it, and a default message in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class DomainError(Exception):
    """Không thực hiện được yêu cầu. | The request cannot be carried out."""

    code: ClassVar[str] = "refused"

    def __init__(self, **data: Any) -> None:
        self.data: dict[str, Any] = data
        super().__init__(f"{self.code}: {data}" if data else self.code)

    @property
    def message(self) -> str:
        """The first half of the docstring: Vietnamese, with {name} filled in from the data."""
        return self._half(0)

    @property
    def message_en(self) -> str:
        """The second half of the docstring: English."""
        return self._half(-1)

    def _half(self, index: int) -> str:
        text = " ".join((type(self).__doc__ or "").split()).split(" | ")[index]
        for name, value in self.data.items():
            text = text.replace("{" + name + "}", str(value))
        return text.replace(" .", ".")  # what has no name to show leaves no gap


class NotFoundError(DomainError):
    """Không tìm thấy {what} {id}. | There is no {what} {id}."""

    code = "not_found"


class ForbiddenError(DomainError):
    """Anh/chị không có quyền thực hiện việc này. | You may not do this."""

    code = "forbidden"


class StaleVersionError(DomainError):
    """Hồ sơ vừa được người khác cập nhật. Tải lại trang để xem thay đổi rồi làm lại.
    | Somebody else has just changed this case. Reload and try again."""

    code = "stale_version"


class TaskNotOpenError(DomainError):
    """Công việc này đã được hoàn thành hoặc đã đóng. | This task has already been completed or closed."""

    code = "task_not_open"


class TaskTakenError(DomainError):
    """Công việc này đang do {assignee} giữ. | This task is held by {assignee}."""

    code = "task_taken"


class NotAssigneeError(DomainError):
    """Hãy nhận công việc trước khi xử lý. | Claim the task before working on it."""

    code = "not_assignee"


class CaseEndedError(DomainError):
    """Hồ sơ đã kết thúc. | The case has ended."""

    code = "case_ended"


class FormInvalidError(DomainError):
    """Có {count} mục cần sửa trong biểu mẫu. | {count} fields of the form need attention."""

    code = "form_invalid"

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        """`errors`: field path ("nguoi_yeu_cau.so", "danh_sach.0.so_trang") to messages in Vietnamese."""
        super().__init__(errors={k: list(v) for k, v in errors.items()}, count=len(errors))

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by field path."""
        return dict(self.data["errors"])


class RuleError(DomainError):
    """{reason} | {reason_en}"""

    code = "rule"


class BookClosedError(DomainError):
    """Sổ đã khóa, không cấp số nữa. | The book is closed and gives no more numbers."""

    code = "book_closed"


class OpenNumbersError(DomainError):
    """Còn {count} số đã lấy mà chưa cấp, chưa hủy (số {numbers}); hãy xử lý trước khi khóa sổ.
    | {count} numbers are drawn and neither used nor cancelled (no. {numbers}); settle them before closing the book."""

    code = "open_numbers"


class NameTakenError(DomainError):
    """Anh/chị đã có một bộ lọc tên “{name}”. Hãy đặt tên khác. | You have a filter called “{name}” already."""

    code = "name_taken"


class NothingWaitsError(DomainError):
    """Không có hồ sơ nào đang chờ thông tin này. | No case is waiting for this message."""

    code = "nothing_waits"


class AlreadyBegunError(DomainError):
    """Thông điệp {message} với khóa này đã mở hồ sơ {case}, hồ sơ đó chưa kết thúc.
    | The message {message} with this correlation value has begun the case {case}, which has not ended."""

    code = "already_begun"


class ProcessStuckError(DomainError):
    """Quy trình không đi tiếp được tại bước {element}: {reason} | The process cannot go on at {element}: {reason}"""

    code = "process_stuck"


class StepHeldError(ProcessStuckError):
    """Quy trình chưa đi tiếp được tại bước {element}: {reason}. Nội dung anh/chị gửi đã được giữ lại và quản trị đã
    được báo; khi khắc phục xong, hệ thống tự ghi nhận, anh/chị không phải nhập lại.
    | The process cannot go on at {element}: {reason}. What you sent is kept and the administrator has been told; it is
    taken up once the cause is mended, so you need not type it again."""

    code = "step_held"


class StillStuckError(ProcessStuckError):
    """Thử lại chưa được, sự cố vẫn mở: bước {element}: {reason} | Tried in vain, the incident stays open: {element}:
    {reason}"""

    code = "still_stuck"


class CaseSuspendedError(DomainError):
    """Hồ sơ đang tạm ngừng xử lý {reason}. Việc này làm được sau khi hồ sơ được mở lại.
    | The case is suspended {reason}. This can be done once it is resumed."""

    code = "case_suspended"


class JobError(DomainError):
    """Hệ thống báo lỗi {error}: {reason} | The job ended with the error {error}: {reason}"""

    code = "job_error"

    def __init__(self, error: str, reason: str, data: Mapping[str, Any] | None = None) -> None:
        """`error`: the BPMN error code a diagram may catch; `data` become variables where it does."""
        super().__init__(error=error, reason=reason, data=dict(data or {}))


class ChangeRefusedError(DomainError):
    """Không điều chỉnh như vậy được: {reason} | The process cannot be changed like this: {reason_en}"""

    code = "change_refused"


class ProposalStaleError(DomainError):
    """Hồ sơ đã đi tiếp từ khi có đề nghị này; hãy xem lại và đề nghị mới nếu còn cần.
    | The case has moved on since this was proposed; look again and propose anew if it is still needed."""

    code = "proposal_stale"


class FourEyesError(DomainError):
    """Người đề nghị không được tự duyệt; cần một người khác. | Whoever proposed may not approve; it takes a second
    person."""

    code = "four_eyes"


class CannotMigrateError(DomainError):
    """Không chuyển được hồ sơ sang phiên bản khác: {reason} | The case cannot go to another version: {reason_en}"""

    code = "cannot_migrate"

    def __init__(self, problems: Sequence[Mapping[str, str]]) -> None:
        """`problems`: key of the token, reason and reason_en of each thing in the way."""
        reasons = {name: "; ".join(each[name] for each in problems) for name in ("reason", "reason_en")}
        super().__init__(problems=[dict(each) for each in problems], **reasons)


class LeaseLostError(DomainError):
    """Công việc nền đã được tiến trình khác nhận. | Another worker holds this job now."""

    code = "lease_lost"


class DuplicateCommandError(DomainError):
    """Yêu cầu này đã được gửi với nội dung khác. | This idempotency key was used for another request."""

    code = "duplicate_command"


class CatalogError(DomainError):
    """Thủ tục {code} không triển khai được: {reason} | Procedure {code} cannot be deployed: {reason}"""

    code = "catalog"


class PaymentRefusedError(DomainError):
    """Cổng thanh toán không nhận lệnh {order}: {reason} | The payment provider refuses the order {order}: {reason}"""

    code = "payment_refused"


class DatabaseUnavailableError(DomainError):
    """Cơ sở dữ liệu hiện không trả lời. Hãy thử lại sau ít giây; việc gửi lại không bị ghi hai lần.
    | The database does not answer just now. Try again in a few seconds; what is sent again is recorded once."""

    code = "database_unavailable"


class SearchTooWideError(DomainError):
    """Tìm kiếm này mất quá nhiều thời gian. Hãy gõ thêm: mã hồ sơ đầy đủ, họ và tên, số định danh hoặc số điện thoại.
    | This search takes too long. Type more: the whole case code, the full name, the id or phone number."""

    code = "search_too_wide"


class DatabaseBusyError(DatabaseUnavailableError):
    """Dữ liệu này đang được việc khác giữ quá lâu. Hãy thử lại sau ít giây; việc gửi lại không bị ghi hai lần.
    | Other work holds these data for too long. Try again in a few seconds; what is sent again is recorded once."""

    code = "database_busy"


class AssuranceError(DomainError):
    """Thủ tục mức độ {level} cần tài khoản đã xác thực từ mức {wanted}. Hãy xác thực tài khoản hoặc nộp tại Bộ phận
    Một cửa. | A procedure of level {level} takes an account proven to level {wanted} at least. Have the account
    proven, or file at the desk."""

    code = "assurance"


class PaymentMismatchError(DomainError):
    """Khoản thanh toán không khớp với hồ sơ. | The payment does not match the case."""

    code = "payment_mismatch"


class ChannelDownError(DomainError):
    """Kênh {channel} tạm thời không nhận tin: {reason}. | The channel {channel} takes no messages now: {reason}."""

    code = "channel_down"


class ChannelRefusedError(DomainError):
    """Kênh {channel} không gửi được tin này: {reason}. | The channel {channel} will not send this: {reason}."""

    code = "channel_refused"
