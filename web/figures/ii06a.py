"""Form II.06a: the table, the cases behind each number, approval, files."""

from __future__ import annotations

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue

from engine.domain.report_ii06a import COLUMNS, Line
from engine.ports.reports import Column, Sheet
from engine.queries.figures.reports import lines_of
from web import access, downloads
from web.acting import new_key
from web.figures import ALL, blueprint, periods
from web.figures.shown import Shown, approve, shown
from web.house import house
from web.texts import t

KIND, PAGE = "ii06a", 50
COLOURS = {8: "blue", 9: "ok", 10: "late", 12: "quiet", 13: "warn"}  # tokens of the stylesheet, for the chart
WORDS = {
    3: ("Tiếp nhận: tổng số", "Received: total"),
    4: ("Tiếp nhận trong kỳ: trực tuyến", "Received in the period: online"),
    5: ("Tiếp nhận trong kỳ: trực tiếp, bưu chính", "Received in the period: at the desk, by post"),
    6: ("Từ kỳ trước", "From before"),
    7: ("Đã giải quyết: tổng số", "Dealt with: total"),
    8: ("Đã giải quyết trước hạn", "Dealt with early"),
    9: ("Đã giải quyết đúng hạn", "Dealt with on time"),
    10: ("Đã giải quyết quá hạn", "Dealt with late"),
    11: ("Đang giải quyết: tổng số", "In work: total"),
    12: ("Đang giải quyết trong hạn", "In work within the term"),
    13: ("Đang giải quyết quá hạn", "In work beyond the term"),
}


@blueprint.get("/can-bo/thong-ke/ii-06a")
@access.groups(*ALL)
def ii06a(*, problem: str = "", at: str = "", status: int = 200) -> ResponseReturnValue:
    """The form for a period."""
    found = shown(KIND)
    page = render_template(
        "figures/ii06a.html",
        shown=found,
        columns=COLUMNS,
        words=_words(),
        colours=COLOURS,
        problem=problem or found.choice.problem,
        at=at,
        key=new_key(),
        periods=periods,
    )
    return page, status if problem else found.choice.status


@blueprint.post("/can-bo/thong-ke/ii-06a")
@access.groups("chairman")
def approve_ii06a() -> ResponseReturnValue:
    """The leader approves what was seen."""
    return approve(KIND, ii06a)


@blueprint.get("/can-bo/thong-ke/ii-06a/ho-so")
@access.groups(*ALL)
def ii06a_cases() -> ResponseReturnValue:
    """The cases behind a number: of a field (`linh-vuc`, empty: all) in a column (`cot`)."""
    found = shown(KIND)
    field, column = request.args.get("linh-vuc", "")[:200], _number("cot", 3)
    lines = _behind(found, field, column)
    first = (_number("trang", 1) - 1) * PAGE
    return render_template(
        "figures/ii06a_cases.html",
        shown=found,
        field=field,
        column=column,
        word=_words()[column],
        words=_words(),
        lines=lines[first : first + PAGE],
        total=len(lines),
        first=first,
        size=PAGE,
        periods=periods,
    )


@blueprint.get("/can-bo/thong-ke/ii-06a/tai")
@access.groups(*ALL)
def ii06a_file() -> Response:
    """The form as PDF, XLSX or CSV; with `cot` the cases behind a number as XLSX or CSV."""
    found = shown(KIND)
    name = f"ii06a-{found.period.id.replace('..', '_')}"
    if "cot" in request.args:
        column = _number("cot", 3)
        lines = _behind(found, request.args.get("linh-vuc", "")[:200], column)
        return downloads.table(_cases_sheet(found, lines, column), downloads.wanted("xlsx", "csv"), f"{name}-ho-so")
    kind = downloads.wanted("pdf", "xlsx", "csv")
    if kind == "pdf":
        unit = (house().catalog.settings.get("units") or {}).get(g.actor.unit) or {}
        zone = house().clock.now().tzinfo
        assert zone is not None  # the clock of the house always knows its zone
        return downloads.sent(house().desk.figures.papers.pdf(found.draft, unit, found.approved, zone=zone), kind, name)
    return downloads.table(_sheet(found), kind, name)


def _words() -> dict[int, str]:
    return {column: t(*word) for column, word in WORDS.items()}


def _number(name: str, least: int) -> int:
    """A small whole number of the address; the least one where it makes no sense."""
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else least
    return least if number < least or (name == "cot" and number not in COLUMNS) else number


def _behind(found: Shown, field: str, column: int) -> list[Line]:
    return [x for x in lines_of(found.draft) if x.stands_in(column) and field in ("", x.field)]


def _about(found: Shown) -> tuple[str, ...]:
    state = t("Chưa duyệt", "Not approved")
    if found.approved:
        state = t(f"Đã duyệt, bản {found.approved.revision}", f"Approved, revision {found.approved.revision}")
    return (f"{periods.named(found.period)}: {periods.days(found.period)}", state, f"SHA-256 {found.draft.digest}")


def _sheet(found: Shown) -> Sheet:
    words = _words()
    heads = tuple(Column(f"({column}) {words[column]}", "number") for column in COLUMNS)
    rows = found.draft.figures["rows"]
    return Sheet(
        title=t("Biểu II.06a/VPCP/KSTT", "Form II.06a/VPCP/KSTT"),
        about=_about(found),
        columns=(Column("(1) TT", "number"), Column(t("(2) Lĩnh vực", "(2) Field")), *heads),
        rows=tuple(
            (
                number if row["field"] else None,
                row["field"] or t("Tổng số", "Total"),
                *(row["numbers"][str(column)] for column in COLUMNS),
            )
            for number, row in enumerate(rows, start=1)
        ),
    )


def _cases_sheet(found: Shown, lines: list[Line], column: int) -> Sheet:
    words = _words()
    return Sheet(
        title=words[column],
        about=_about(found),
        columns=(
            Column(t("Mã hồ sơ", "Code")),
            Column(t("Lĩnh vực", "Field")),
            Column(t("Tiếp nhận", "Received"), "moment"),
            Column(t("Hẹn trả", "Due"), "moment"),
            Column(t("Xong", "Done"), "moment"),
            Column(t("Tính vào cột", "Column")),
        ),
        rows=tuple(
            (
                x.code,
                x.field,
                downloads.here(x.received_at),
                downloads.here(x.due),
                downloads.here(x.solved_at),
                words[x.became],
            )
            for x in lines
        ),
    )
