"""Every rule with its severity and its sentence in Vietnamese and English; each says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its severity and the templates of its message, filled with `str.format`."""

    severity: Severity
    vi: str
    en: str


def _error(vi: str, en: str) -> Rule:
    return Rule("error", vi, en)


def _warning(vi: str, en: str) -> Rule:
    return Rule("warning", vi, en)


_FILE: Final = {
    "unreadable": _error("{reason_vi}", "{reason}"),
    "internal": _error(
        "Không kiểm tra được quy tắc “{check}” ở đây do lỗi của chương trình; hãy báo cho quản trị hệ thống.",
        'The rule "{check}" could not be checked here because of a program error; please report it.',
    ),
    "more-findings": _error(
        "Còn {count} phát hiện nữa chưa liệt kê; hãy sửa các lỗi trên rồi kiểm tra lại.",
        "{count} more findings are not listed; mend those above and check again.",
    ),
    "no-process": _error(
        "Tệp không có quy trình nào; hãy vẽ một quy trình.",
        "The file has no process; draw one.",
    ),
    "not-executable": _error(
        "Không có quy trình nào được đánh dấu thực thi; hãy bật “Executable” cho quy trình cần chạy.",
        'No process is marked executable; switch on "Executable" for the one that is to run.',
    ),
    "several-processes": _error(
        "Tệp có nhiều quy trình thực thi; hãy giữ một và chuyển “{id}” sang tệp riêng.",
        'The file has several executable processes; keep one and move "{id}" to its own file.',
    ),
    "missing-id": _error(
        "Một phần tử {kind} không có mã (id); hãy đặt mã cho phần tử này.",
        "An element of kind {kind} has no id; give it one.",
    ),
    "duplicate-id": _error(
        "Mã “{id}” được dùng {count} lần; hãy đặt mã riêng cho từng phần tử.",
        'The id "{id}" is used {count} times; give each element its own.',
    ),
}

_PATHS: Final = {
    "no-start": _error(
        "“{name}” không có sự kiện bắt đầu; hãy thêm một sự kiện bắt đầu.",
        '"{name}" has no start event; add one.',
    ),
    "several-starts": _error(
        "“{name}” có nhiều sự kiện bắt đầu giống nhau nên không rõ bắt đầu từ đâu; hãy chỉ giữ một.",
        '"{name}" has several start events that leave open which one begins; keep one.',
    ),
    "no-end": _error(
        "“{name}” không có sự kiện kết thúc; hãy thêm ít nhất một.",
        '"{name}" has no end event; add at least one.',
    ),
    "unreachable": _error(
        "Không có đường nào từ sự kiện bắt đầu đến “{name}”; hãy nối vào luồng hoặc xóa đi.",
        'No path leads from a start event to "{name}"; connect it or delete it.',
    ),
    "dead-end": _error(
        "Sau “{name}” không có luồng ra; hãy nối tiếp hoặc kết thúc bằng sự kiện kết thúc.",
        'No flow leaves "{name}"; continue it or finish with an end event.',
    ),
    "flow-dangling": _error(
        "Luồng “{id}” chưa nối đủ hai đầu; hãy nối lại hoặc xóa luồng này.",
        'The flow "{id}" is not connected at both ends; connect it or delete it.',
    ),
    "flow-crosses-border": _error(
        "Luồng “{id}” vượt qua ranh giới quy trình con; hãy nối trong cùng một cấp.",
        'The flow "{id}" crosses the border of a sub-process; connect elements of one level only.',
    ),
    "flow-not-allowed": _error(
        "“{name}” không được có luồng {vi}; hãy xóa luồng đó.",
        '"{name}" must not have {en} flows; delete them.',
    ),
    "boundary-no-host": _error(
        "Sự kiện biên “{name}” chưa gắn vào phần tử nào; hãy đặt lên cạnh một công việc.",
        'The boundary event "{name}" is attached to nothing; put it on the border of a task.',
    ),
    "boundary-bad-host": _error(
        "Sự kiện biên “{name}” gắn vào “{host}”, nơi không thể có sự kiện biên; hãy gắn vào một công việc cùng cấp.",
        'The boundary event "{name}" sits on "{host}", which cannot have one; put it on a task of the same level.',
    ),
    "endless-loop": _error(
        "Vòng lặp {names} không có bước chờ nào nên sẽ chạy mãi; hãy đưa một công việc hoặc sự kiện chờ vào vòng.",
        "The loop {names} never waits, so it would run for ever; put a task or a waiting event into it.",
    ),
    "fake-join": _warning(
        "“{name}” có nhiều luồng vào và sẽ chạy một lần cho mỗi luồng; hãy gộp bằng một cổng trước đó.",
        '"{name}" has several incoming flows and runs once for each; join them with a gateway first.',
    ),
    "shape-missing": _error(
        "“{name}” chưa có trên hình vẽ; hãy mở sơ đồ trong công cụ vẽ và vẽ lại phần tử này.",
        '"{name}" is missing from the drawing; open the diagram in the modeler and draw it.',
    ),
    "cannot-run": _error(
        "“{name}” không chạy được: {reason_vi}; hãy sửa lại.",
        '"{name}" cannot be run: {reason}; correct it.',
    ),
    "not-executed": _error(
        "Hệ thống không chạy được {kind_vi} (“{name}”); hãy thay bằng phần tử khác.",
        'The system does not execute {kind} ("{name}"); use another element.',
    ),
}

_GATEWAYS: Final = {
    "gateway-no-default": _error(
        "Cổng “{name}” chưa có luồng mặc định; hãy đánh dấu một luồng ra làm mặc định.",
        'The gateway "{name}" has no default flow; mark one outgoing flow as default.',
    ),
    "default-unknown": _error(
        "Luồng mặc định “{flow}” của “{name}” không phải luồng ra của nó; hãy chọn lại.",
        'The default flow "{flow}" of "{name}" does not leave it; choose one that does.',
    ),
    "default-with-condition": _warning(
        "Luồng mặc định “{flow}” có điều kiện, điều kiện này không được xét; hãy xóa điều kiện.",
        'The default flow "{flow}" has a condition that is never looked at; delete the condition.',
    ),
    "condition-missing": _error(
        "Luồng “{flow}” ra khỏi cổng “{name}” chưa có điều kiện; hãy ghi điều kiện hoặc đặt làm mặc định.",
        'The flow "{flow}" out of the gateway "{name}" has no condition; write one or make it the default.',
    ),
    "condition-ignored": _error(
        "Điều kiện trên luồng “{flow}” sẽ bị bỏ qua vì “{name}” không chọn nhánh; hãy dùng cổng loại trừ.",
        'The condition on the flow "{flow}" would be ignored because "{name}" does not choose; '
        "use an exclusive gateway.",
    ),
    "default-ignored": _error(
        "“{name}” không chọn nhánh nên không dùng luồng mặc định “{flow}”; hãy bỏ dấu mặc định.",
        '"{name}" does not choose, so its default flow "{flow}" means nothing; remove the mark.',
    ),
    "parallel-needless": _warning(
        "Cổng song song “{name}” không tách cũng không gộp; hãy bỏ cổng này.",
        'The parallel gateway "{name}" neither splits nor joins; remove it.',
    ),
    "event-gateway-target": _error(
        "Sau cổng sự kiện “{name}” chỉ được là sự kiện chờ hoặc công việc nhận; hãy sửa “{target}”.",
        'Only waiting events or receive tasks may follow the event gateway "{name}"; change "{target}".',
    ),
}

_PEOPLE: Final = {
    "user-task-no-group": _error(
        "Chưa rõ nhóm nào làm “{name}”; hãy đặt vào làn của một nhóm hoặc khai báo nhóm.",
        'No group is to do "{name}"; put it into the lane of a group or name a candidate group.',
    ),
    "unknown-group": _error(
        "Không có nhóm “{group}”; hãy chọn một nhóm trong danh mục.",
        'There is no group "{group}"; choose one of the catalog\'s list.',
    ),
    "user-task-no-form": _error(
        "Công việc “{name}” chưa có biểu mẫu; hãy chọn biểu mẫu.",
        'The user task "{name}" has no form; choose one.',
    ),
    "unknown-form": _error(
        "Không có biểu mẫu “{form}”; hãy chọn biểu mẫu có sẵn hoặc tạo mới.",
        'There is no form "{form}"; choose an existing one or make it.',
    ),
    "priority-invalid": _error(
        "Độ ưu tiên “{value}” không hợp lệ; hãy ghi số nguyên từ 0 đến 100.",
        'The priority "{value}" is not valid; write a whole number from 0 to 100.',
    ),
    "schedule-invalid": _error(
        "Hạn “{value}” không hợp lệ; hãy ghi ngày giờ (2026-01-31T17:00:00+07:00), khoảng thời gian (P5D) hoặc FEEL.",
        'The date "{value}" is not valid; write 2026-01-31T17:00:00+07:00, a duration (P5D) or FEEL.',
    ),
    "name-not-vietnamese": _warning(
        "“{name}” cần tên tiếng Việt để người dùng hiểu; hãy đặt tên trên hình vẽ.",
        '"{name}" needs a Vietnamese name that people understand; name it in the drawing.',
    ),
    "id-style": _warning(
        "Mã “{id}” nên là động từ_danh từ viết thường, ví dụ check_documents.",
        'The id "{id}" should be verb_noun in lower case, for example check_documents.',
    ),
}

_WORK: Final = {
    "expression-invalid": _error(
        "Biểu thức ở {place_vi} sai tại ký tự {position}: {reason_vi}; hãy sửa lại biểu thức.",
        "The expression in the {place} is wrong at character {position}: {reason}; correct it.",
    ),
    "expressions-too-long": _error(
        "Tệp có {count} ký tự biểu thức FEEL, nhiều hơn mức {limit}; hãy rút gọn các biểu thức.",
        "The file holds {count} characters of FEEL, more than {limit}; shorten the expressions.",
    ),
    "condition-not-feel": _error(
        "Điều kiện “{value}” phải bắt đầu bằng dấu =; hãy thêm dấu = vào đầu.",
        'The condition "{value}" must begin with =; put = in front of it.',
    ),
    "unknown-variable": _error(
        "Biểu thức ở {place_vi} dùng tên “{variable}” chưa được khai báo; hãy sửa tên hoặc gán giá trị trước đó.",
        'The expression in the {place} uses the unknown name "{variable}"; correct it or assign it before.',
    ),
    "unknown-function": _error(
        "Biểu thức ở {place_vi} gọi hàm “{function}” không có; hãy sửa tên hàm.",
        'The expression in the {place} calls the unknown function "{function}"; correct its name.',
    ),
    "mapping-incomplete": _error(
        "Ánh xạ biến {source} → {target} của “{name}” thiếu nguồn hoặc tên biến đích hợp lệ; hãy bổ sung.",
        'The variable mapping {source} → {target} of "{name}" lacks a source or a valid target name; complete it.',
    ),
    "called-process-unset": _error(
        "“{name}” chưa chỉ ra quy trình được gọi; hãy chọn quy trình.",
        '"{name}" does not say which process it calls; choose one.',
    ),
    "called-process-unknown": _error(
        "Không có quy trình “{process}”; hãy chọn quy trình có trong danh mục.",
        'There is no process "{process}"; choose one of the catalog.',
    ),
    "called-decision-unknown": _error(
        "Không có quyết định “{decision}”; hãy chọn quyết định có trong thư mục hoặc trong danh mục chung.",
        'There is no decision "{decision}"; choose one of the folder or of the shared ones.',
    ),
    "timer-invalid": _error(
        "Hẹn giờ của “{name}” không hợp lệ (“{value}”); hãy ghi {kind_vi} hoặc biểu thức FEEL.",
        'The timer of "{name}" is not valid ("{value}"); write {kind} or a FEEL expression.',
    ),
    "timer-cron": _error(
        "Hẹn giờ của “{name}” ghi theo cron (“{value}”), hệ thống không dùng; hãy ghi chu kỳ như R/P1D, và thuộc tính "
        "timerCalendar = working nếu chỉ tính ngày làm việc.",
        'The timer of "{name}" is written as cron ("{value}"), which is not used here; write a repeating interval such '
        "as R/P1D, with the property timerCalendar = working for working days only.",
    ),
    "timer-setting-invalid": _error(
        "Thuộc tính {setting} = “{value}” của hẹn giờ “{name}” không hợp lệ; hãy ghi timerZone như Asia/Ho_Chi_Minh, "
        "timerCalendar là working hoặc every.",
        'The property {setting} = "{value}" of the timer "{name}" is not valid; write a timerZone such as '
        "Asia/Ho_Chi_Minh, and working or every as timerCalendar.",
    ),
    "timer-working-hours": _error(
        "Chu kỳ “{value}” của “{name}” tính theo ngày làm việc nên không lặp theo giờ được; hãy lặp theo ngày, tuần, "
        "tháng hoặc năm.",
        'The cycle "{value}" of "{name}" counts working days, so it cannot repeat hours; repeat days, weeks, months '
        "or years.",
    ),
    "event-condition-missing": _error(
        "“{name}” chưa có điều kiện; hãy ghi biểu thức FEEL, ví dụ =case.paid.",
        '"{name}" has no condition; write a FEEL expression, for example =case.paid.',
    ),
    "message-missing": _error(
        "“{name}” chưa chỉ ra thông điệp có tên; hãy chọn hoặc đặt tên thông điệp.",
        '"{name}" does not refer to a message with a name; choose or name the message.',
    ),
    "message-no-correlation": _error(
        "Thông điệp “{message}” mà “{name}” chờ chưa có khóa đối chiếu; hãy ghi, ví dụ =case.code.",
        'The message "{message}" that "{name}" waits for has no correlation key; write one, for example =case.code.',
    ),
    "job-type-missing": _error(
        "“{name}” chưa có loại việc tự động (job type); hãy khai báo.",
        '"{name}" has no job type; set one.',
    ),
    "retries-invalid": _error(
        "Số lần thử lại “{value}” không hợp lệ; hãy ghi một số nguyên từ 0 đến 1000.",
        'The number of retries "{value}" is not valid; write a whole number from 0 to 1000.',
    ),
    "extension-ignored": _warning(
        "Thiết lập “{setting}” của “{name}” không được hệ thống dùng; hãy xóa hoặc thay cách khác.",
        'The setting "{setting}" of "{name}" is not used by the system; delete it or do it another way.',
    ),
}

RULES: Final[Mapping[str, Rule]] = MappingProxyType({**_FILE, **_PATHS, **_GATEWAYS, **_PEOPLE, **_WORK})
