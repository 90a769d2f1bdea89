"""The score of QĐ 766: items with their points, what is behind each, numbers that are entered, approval, files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from engine.domain.errors import FormInvalidError
from engine.domain.score import Given, Item
from engine.ports.reports import Column, Sheet
from engine.queries.figures.reports import items_of
from web import access, downloads
from web.acting import new_key, posted_text
from web.figures import ALL, blueprint, periods
from web.figures.shown import Shown, approve, shown
from web.house import house
from web.texts import lang, t

KIND, PAGE = "766", 50
ENTERERS = ("chairman", "administrator")
CONFIDENCE = {"high": ("cao", "high"), "medium": ("trung bình", "medium"), "low": ("thấp", "low")}
ENGLISH = {
    "item": "This item is worked out by the house.",
    "hits": "The number must lie between 0 and the total.",
    "total": "The total must be a whole number above 0.",
    "source": "Say where the numbers are from.",
}


@blueprint.get("/can-bo/thong-ke/766")
@access.groups(*ALL)
def score(
    *, problem: str = "", at: str = "", status: int = 200, wrong: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """All items over a period."""
    found = shown(KIND)
    scheme = house().desk.figures.queries.rules.scheme
    page = render_template(
        "figures/score.html",
        shown=found,
        scheme=scheme,
        items={one.id: one for one in scheme.items},
        numbers={one["id"]: one for one in found.draft.figures["items"]},
        nights=house().desk.figures.reports.kept(g.actor.unit, KIND, period=found.period.id, limit=31)[::-1],
        may_enter=g.actor.in_any(ENTERERS) and not found.approved,
        problem=problem or found.choice.problem,
        at=at,
        wrong=wrong or {},
        key=new_key(),
        periods=periods,
        confidence=lambda name: t(*CONFIDENCE[name]),
    )
    return page, status if problem else found.choice.status


@blueprint.post("/can-bo/thong-ke/766")
@access.groups("chairman")
def approve_score() -> ResponseReturnValue:
    """The leader approves what was seen."""
    return approve(KIND, score)


@blueprint.post("/can-bo/thong-ke/766/nhap")
@access.groups(*ENTERERS)
def enter() -> ResponseReturnValue:
    """Numbers of an item that the house cannot know, with their source."""
    item = posted_text("item", 20)
    given = Given(hits=_whole("hits"), total=_whole("total"), source=posted_text("source", 500))
    period = periods.chosen().period
    try:
        house().desk.figures.reporting.enter(g.actor, period, item, given)
    except FormInvalidError as error:
        said = {name: texts[0] if lang() == "vi" else ENGLISH[name] for name, texts in error.errors.items()}
        first = next(iter(said))
        return score(problem=said[first], at=f"{first}-{item}", status=422, wrong={**said, "of": item})
    flash(t(f"Đã ghi số liệu của chỉ tiêu {item}.", f"The numbers of item {item} were recorded."))
    return redirect(url_for("figures.score", ky=period.id, ban="0"))


@blueprint.get("/can-bo/thong-ke/766/chi-tiet")
@access.groups(*ALL)
def score_item() -> ResponseReturnValue:
    """What an item (`muc`) counts: what meets it, or (`dat=0`) what does not."""
    found = shown(KIND)
    item = next((x for x in _items() if x.id == request.args.get("muc", "")), None)
    if item is None:
        raise NotFound()
    met = request.args.get("dat", "1") != "0"
    of, hits, missed = items_of(found.draft).get(item.id, ("", (), ()))
    names = hits if met else missed
    text = request.args.get("trang", "1")
    first = (max(1, int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1) - 1) * PAGE
    page = {"names": names[first : first + PAGE], "total": len(names), "first": first, "size": PAGE}
    counts = {"met": len(hits), "missed": len(missed)}
    return render_template(
        "figures/score_item.html", shown=found, item=item, met=met, of=of, **page, counts=counts, periods=periods
    )


@blueprint.get("/can-bo/thong-ke/766/tai")
@access.groups(*ALL)
def score_file() -> Response:
    """All items as XLSX or CSV."""
    found = shown(KIND)
    return downloads.table(_sheet(found), downloads.wanted("xlsx", "csv"), f"766-{found.period.id.replace('..', '_')}")


def _items() -> tuple[Item, ...]:
    return house().desk.figures.queries.rules.scheme.items


def _whole(name: str) -> int:
    """A whole number that was typed, with or without dots between thousands; -1 for anything else."""
    text = posted_text(name, 20).replace(".", "").replace(" ", "")
    return int(text) if text.isascii() and text.isdigit() else -1


def _sheet(found: Shown) -> Sheet:
    numbers: Mapping[str, Mapping[str, Any]] = {x["id"]: x for x in found.draft.figures["items"]}
    figures = found.draft.figures
    return Sheet(
        title=t("Điểm theo Quyết định 766/QĐ-TTg", "Score of Decision 766/QĐ-TTg"),
        about=(
            f"{periods.named(found.period)}: {periods.days(found.period)}",
            t("Điểm", "Points") + f": {figures['points']} / {figures['counted']}",
            f"SHA-256 {found.draft.digest}",
        ),
        columns=(
            Column(t("Mục", "Item")),
            Column(t("Chỉ tiêu", "What")),
            Column(t("Đạt", "Met"), "number"),
            Column(t("Tổng", "Total"), "number"),
            Column(t("Điểm", "Points"), "decimal"),
            Column(t("Tối đa", "Most"), "decimal"),
            Column(t("Độ tin cậy", "Confidence")),
            Column(t("Nguồn", "Source")),
        ),
        rows=tuple(_row(item, numbers.get(item.id, {})) for item in _items()),
    )


def _row(item: Item, number: Mapping[str, Any]) -> tuple[str | int | float | None, ...]:
    points = number.get("points")
    return (
        item.id,
        t(item.name, item.name_en),
        number.get("hits"),
        number.get("total"),
        None if points is None else float(points),
        float(item.most),
        t(*CONFIDENCE[item.confidence]),
        number.get("source", ""),
    )
