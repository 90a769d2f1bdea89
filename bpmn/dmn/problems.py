"""What can be wrong with a decision file, each rule with its sentence in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One rule: its severity and the templates of its message, filled with `str.format`."""

    severity: Severity
    vi: str
    en: str


_ERRORS: Final = {
    "decision-not-executed": (
        "Hệ thống không chạy được {kind} (“{name}”); hãy dùng bảng quyết định hoặc một biểu thức FEEL.",
        'The system does not execute a {kind} ("{name}"); use a decision table or one FEEL expression.',
    ),
    "decision-language": (
        "“{name}” viết bằng ngôn ngữ “{language}”; chỉ dùng được FEEL.",
        '"{name}" is written in "{language}"; only FEEL is used.',
    ),
    "decision-empty": (
        "Quyết định “{name}” chưa có nội dung; hãy vẽ một bảng quyết định hoặc ghi một biểu thức.",
        'The decision "{name}" has no logic; draw a decision table or write an expression.',
    ),
    "decision-cycle": (
        "Các quyết định {names} cần kết quả của nhau theo vòng tròn; hãy bỏ một liên kết.",
        "The decisions {names} need each other in a circle; remove one requirement.",
    ),
    "decision-requires-unknown": (
        "“{name}” cần “{wanted}” nhưng trong tệp không có; hãy nối lại hoặc bỏ liên kết.",
        '"{name}" requires "{wanted}", which is not in this file; connect it anew or remove the requirement.',
    ),
    "decision-name-twice": (
        "“{name}” cần hai kết quả cùng tên “{wanted}”; hãy đặt tên khác nhau.",
        '"{name}" requires two results of the name "{wanted}"; give them different names.',
    ),
    "hit-policy-unknown": (
        "Bảng “{name}” có cách chọn dòng “{policy}” không dùng được; hãy chọn U, A, F, P, O, R hoặc C.",
        'The table "{name}" has the hit policy "{policy}", which is not used; choose U, A, F, P, O, R or C.',
    ),
    "aggregation-unfit": (
        "Bảng “{name}” chỉ gộp (C+, C<, C>, C#) được khi có đúng một cột kết quả.",
        'The table "{name}" can only be aggregated (C+, C<, C>, C#) with exactly one output column.',
    ),
    "priority-without-values": (
        "Bảng “{name}” chọn theo thứ tự ưu tiên nhưng chưa cột kết quả nào liệt kê các giá trị; hãy liệt kê.",
        'The table "{name}" chooses by priority, but no output column lists its values; list them.',
    ),
    "column-missing": (
        "Bảng “{name}” chưa có cột kết quả; hãy thêm một cột.",
        'The table "{name}" has no output column; add one.',
    ),
    "column-name": (
        "Trong bảng “{name}”, mỗi cột kết quả cần một tên riêng (“{column}”); hãy đặt tên.",
        'In the table "{name}" every output column needs a name of its own ("{column}"); name it.',
    ),
    "input-missing": (
        "Cột “{column}” chưa có biểu thức đầu vào; hãy ghi tên dữ liệu cần xét.",
        'The column "{column}" has no input expression; write what it looks at.',
    ),
    "rule-size": (
        "Dòng {number} có {cells} ô điều kiện và {results} ô kết quả, không khớp số cột; hãy sửa dòng này.",
        "Rule {number} has {cells} conditions and {results} results, other than the columns; correct it.",
    ),
    "decision-expression": (
        "Biểu thức ở {place_vi} sai: {reason_vi}; hãy sửa lại.",
        "The expression in {place} is wrong: {reason}; correct it.",
    ),
    "values-not-constant": (
        'Danh sách giá trị ở {place_vi} phải là hằng số, ví dụ "a", "b".',
        'The values listed in {place} must be constants, such as "a", "b".',
    ),
    "type-unknown": (
        "Kiểu “{type}” ở “{name}” không có; hãy chọn kiểu có sẵn hoặc khai báo kiểu này.",
        'The type "{type}" of "{name}" does not exist; choose one or define it.',
    ),
    "result-type-unfit": (
        "Quyết định “{name}” có nhiều cột kết quả nên cho một nhóm giá trị, không phải “{type}”; hãy bỏ kiểu này.",
        'The decision "{name}" has several output columns and gives a context, no "{type}"; remove that type.',
    ),
    "decision-unknown-function": (
        "Biểu thức ở {place_vi} gọi hàm “{function}” không có; hãy sửa tên hàm.",
        'The expression in {place} calls the unknown function "{function}"; correct its name.',
    ),
    "decision-unknown-variable": (
        "Biểu thức ở {place_vi} dùng tên “{variable}” chưa được khai báo; hãy sửa tên hoặc gán giá trị trước đó.",
        'The expression in {place} uses the unknown name "{variable}"; correct it or assign it before.',
    ),
}
_WARNINGS: Final = {
    "rules-overlap": (
        "Dòng {one} và dòng {other} của bảng “{name}” cùng đúng với một số giá trị, khi đó bảng loại U bị lỗi.",
        'Rules {one} and {other} of the table "{name}" hold for the same values; a table of kind U fails then.',
    ),
    "rules-not-compared": (
        "Bảng “{name}” quá dài nên chưa so sánh hết các dòng với nhau.",
        'The table "{name}" is too long for all its rules to be compared with each other.',
    ),
    "output-empty": (
        "Cột kết quả “{column}” của bảng “{name}” không có giá trị ở dòng nào; hãy ghi giá trị hoặc bỏ cột.",
        'The output column "{column}" of the table "{name}" has no value in any rule; fill it or delete it.',
    ),
    "output-without-values": (
        "Bảng “{name}” chọn theo thứ tự ưu tiên nhưng cột “{column}” chưa liệt kê các giá trị nên không được xét.",
        'The table "{name}" chooses by priority, but the column "{column}" lists no values and does not count.',
    ),
}
SENTENCES: Final[Mapping[str, Sentence]] = MappingProxyType(
    {rule: Sentence("error", *said) for rule, said in _ERRORS.items()}
    | {rule: Sentence("warning", *said) for rule, said in _WARNINGS.items()}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that bites: the id of the element, rule or column, and the words its sentence needs."""

    rule: str
    element_id: str
    words: Mapping[str, object]

    @property
    def severity(self) -> Severity:
        return SENTENCES[self.rule].severity

    @property
    def message(self) -> str:
        return SENTENCES[self.rule].en.format(**self._short())

    @property
    def message_vi(self) -> str:
        return SENTENCES[self.rule].vi.format(**self._short())

    def _short(self) -> dict[str, str]:
        texts = {key: str(value) for key, value in self.words.items()}
        return {key: text if len(text) <= 300 else text[:300] + "…" for key, text in texts.items()}


def problem(rule: str, element_id: str, /, **words: object) -> Problem:
    """Make a problem; `words` fill the templates of SENTENCES[rule]."""
    return Problem(rule, element_id, words)
