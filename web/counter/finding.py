"""The first page of the counter: who stands there, and what for."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from engine.domain.errors import SearchTooWideError
from engine.domain.procedure import Procedure
from engine.queries.counter import Known
from web import access
from web.counter import blueprint
from web.forms.schema import nfc
from web.house import house
from web.texts import t

CHANNELS = {"desk": ("Trực tiếp", "In person"), "post": ("Bưu chính", "By post")}


@blueprint.get("")
@access.groups("one_stop")
def start() -> ResponseReturnValue:
    """Choose the procedure and find the person; who is new goes on without."""
    offered = procedures()
    codes = [one.code for one in offered]
    asked = request.args.get("thu-tuc", "")
    code = asked if asked in codes else next(iter(codes), "")
    text = nfc(request.args.get("q", "")).strip()[:100]
    found, problem = _found(text)
    return render_template(
        "counter/start.html", procedures=offered, code=code, text=text, found=found, problem=problem, **_queue()
    )


def _queue() -> dict[str, object]:
    """Who waits, and whom this officer serves."""
    queue = house().desk.counter.queueing
    board = queue.board(g.actor.unit)
    return {
        "kinds": queue.kinds,
        "windows": queue.windows,
        "window": request.cookies.get("motcua_window", ""),
        "board": board,
        "serving": [one for one in board.serving if one.by == g.actor.id],
    }


def procedures() -> list[Procedure]:
    """What is filed at the desk, what is done the same day first: that is what people stand and wait for."""
    now = house().clock.now().date()
    offered = [one for one in house().catalog.current_all(now) if set(one.channels) & set(CHANNELS)]
    return sorted(offered, key=lambda one: (one.deadline.kind != "same_day", one.field, one.name))


def _found(text: str) -> tuple[Sequence[Known], str]:
    try:
        return house().desk.counter.persons.find(g.actor, text), ""
    except SearchTooWideError as error:
        return [], t(error.message, error.message_en)
