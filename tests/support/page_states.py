"""The states a page can be in: each branch of each template, and each answer of each address.

As a plugin of pytest (`-p tests.support.page_states`, with the folder in MOTCUA_STATES) it marks the branches of
templates while they are compiled, and keeps every page that a test was sent and in which a branch or an answer came up
that had not come up before. A branch beside the one that was taken is rendered once more with its condition turned, as
far as it can be: pages that no test brings about are kept apart as forced ones.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, templating
from flask.templating import Environment
from jinja2 import Template, nodes

FOLDER = "MOTCUA_STATES"
TRIES = 3  # contexts in which a branch is forced before it is given up
Parts = list[tuple[str, str]]


class _Render(threading.local):
    """What this thread renders: branches it took, those beside them, and the one it is made to take."""

    def __init__(self) -> None:
        self.hits: set[str] = set()
        self.beside: set[str] = set()
        self.forced = ""


_now = _Render()
_known: set[str] = set()
_tried: Counter[str] = Counter()


def seen(state: str, value: Any = "") -> Any:
    """Take down that a branch is being rendered; the value passes through."""
    _now.hits.add(state)
    return value


def turned(taken: str, other: str, value: Any) -> Any:
    """The condition of two branches (`other` is empty where nothing is shown): its value, unless one is forced."""
    if _now.forced and _now.forced in (taken, other):
        return _now.forced == taken
    _now.beside.add(other if value else taken)
    return value


def items(state: str, found: Any) -> Any:
    """What a loop goes through: nothing, where the branch of an empty one is forced."""
    if _now.forced == state:
        return ()
    _now.beside.add(state)
    return found


def branches(tree: nodes.Template, name: str, mark: bool = True) -> Iterator[str]:
    """Every branch of a template in which something stands, as `name:line kind`; with `mark`, each tells of itself."""
    later = {id(one) for node in tree.find_all(nodes.If) for one in node.elif_}
    for place, node in enumerate(tree.find_all((nodes.If, nodes.For, nodes.CondExpr))):
        parts = [(kind, f"{name}:{node.lineno} {word} #{place}") for kind, word in _parts(node, id(node) in later)]
        yield from (state for _, state in parts)
        if mark:
            for kind, state in parts:
                _mark(node, kind, state)
            _turn(node, [state for _, state in parts])


def _parts(node: nodes.Node, later: bool) -> Parts:
    """Fields of a node that hold its branches; an `elif` ends in the `else` of its `if`."""
    if isinstance(node, nodes.CondExpr):
        return [("expr1", "then"), *([("expr2", "else")] if node.expr2 is not None else [])]
    word = "for " if isinstance(node, nodes.For) else ""
    shown = bool(getattr(node, "else_", None)) and not later
    return [("body", f"{word}then"), *([("else_", f"{word}else")] if shown else [])]


def _call(function: str, *arguments: nodes.Expr, lineno: int) -> nodes.Call:
    return nodes.Call(nodes.ImportedName(f"{__name__}.{function}"), list(arguments), [], None, None, lineno=lineno)


def _mark(node: nodes.Node, kind: str, state: str) -> None:
    old, said = getattr(node, kind), nodes.Const(state)
    if isinstance(node, nodes.CondExpr):
        setattr(node, kind, _call("seen", said, old, lineno=node.lineno))
    else:
        told = nodes.Output([_call("seen", said, lineno=node.lineno)], lineno=node.lineno)
        setattr(node, kind, [told, *old])


def _turn(node: Any, states: list[str]) -> None:
    taken, other = (*states, "")[:2]
    if isinstance(node, nodes.For):
        node.iter = _call("items", nodes.Const(other), node.iter, lineno=node.lineno) if other else node.iter
        return
    node.test = _call("turned", nodes.Const(taken), nodes.Const(other), node.test, lineno=node.lineno)


def _parse(self: Environment, source: str, name: str | None, filename: str | None) -> nodes.Template:
    tree = _plain_parse(self, source, name, filename)
    list(branches(tree, name or "?"))
    tree.set_environment(self)
    return tree


def _keep(hits: set[str], page: str, forced: bool) -> None:
    kept = {"path": request.full_path, "hits": sorted(hits), "html": page, "forced": forced}
    Path(os.environ[FOLDER], f"{uuid.uuid4().hex}.json").write_text(json.dumps(kept), encoding="utf-8")


def _render(app: Flask, template: Template, context: dict[str, Any]) -> str:
    _now.beside = set()
    page = _plain_render(app, template, context)
    hits = set(_now.hits)
    for state in sorted(_now.beside - {""}):
        if _tried[state] < TRIES:
            _tried[state] += 1
            _force(template, context, state)
    _now.hits = hits
    return page


def _force(template: Template, context: dict[str, Any], state: str) -> None:
    """Render once more with a condition turned; what cannot be shown that way raises, and is left."""
    _now.forced, _now.hits = state, set()
    try:
        page = template.render(context)
    except Exception:  # whatever a template does with what is not there
        return
    finally:
        _now.forced = ""
    if state in _now.hits and "<html" in page:
        _tried[state] = TRIES
        _keep(_now.hits & {state}, page, forced=True)


def _process_response(self: Flask, response: Response) -> Response:
    answer = _plain_answer(self, response)
    hits = _now.hits | {f"{request.endpoint} {answer.status_code}"}
    _now.hits = set()
    page = answer.mimetype == "text/html" and not answer.is_streamed and not 300 <= answer.status_code < 400
    if page and not hits <= _known:
        _known.update(hits)
        _keep(hits, answer.get_data(as_text=True), forced=False)
    return answer


_plain_parse = Environment._parse
_plain_answer = Flask.process_response
_plain_render = templating._render


def pytest_configure() -> None:
    """Mark and keep from here on."""
    if FOLDER in os.environ:
        Environment._parse = _parse  # type: ignore[method-assign,assignment]
        Flask.process_response = _process_response  # type: ignore[method-assign]
        templating._render = _render
