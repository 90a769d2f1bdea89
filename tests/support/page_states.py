"""The states a page can be in: each branch of each template, and each answer of each address.

As a plugin of pytest (`-p tests.support.page_states`, with the folder in MOTCUA_STATES) it marks the branches of
templates while they are compiled, and keeps every page that a test was sent and in which a branch or an answer came up
that had not come up before.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask.templating import Environment
from jinja2 import nodes

FOLDER = "MOTCUA_STATES"
_HERE = f"{__name__}.seen"
_now = threading.local()
_known: set[str] = set()


def seen(state: str, value: Any = "") -> Any:
    """Take down that a branch is being rendered; the value passes through."""
    _hits().add(state)
    return value


def _hits() -> set[str]:
    if not hasattr(_now, "hits"):
        _now.hits = set()
    found: set[str] = _now.hits
    return found


def branches(tree: nodes.Template, name: str, mark: bool = True) -> Iterator[str]:
    """Every branch of a template as `name:line kind`; each is marked to tell when it is rendered."""
    later = {id(one) for node in tree.find_all(nodes.If) for one in node.elif_}
    for place, node in enumerate(tree.find_all((nodes.If, nodes.For, nodes.CondExpr))):
        for kind, state in _parts(node, f"{name}:{node.lineno}", place):
            if kind == "else_" and id(node) in later:
                continue  # an `elif` ends in the `else` of its `if`
            yield state
            if mark:
                _mark(node, kind, state)


def _parts(node: nodes.Node, where: str, place: int) -> Iterator[tuple[str, str]]:
    kinds = {nodes.If: ("body", "else_"), nodes.For: ("body",), nodes.CondExpr: ("expr1", "expr2")}[type(node)]
    if isinstance(node, nodes.For) and node.else_:
        kinds = (*kinds, "else_")
    said = {"body": "then", "expr1": "then", "else_": "else", "expr2": "else"}
    for kind in kinds:
        if getattr(node, kind) is not None:
            yield kind, f"{where} {said[kind] if not isinstance(node, nodes.For) else 'for ' + said[kind]} #{place}"


def _mark(node: nodes.Node, kind: str, state: str) -> None:
    told = nodes.ImportedName(_HERE, lineno=node.lineno)
    arguments: list[nodes.Expr] = [nodes.Const(state)]
    old = getattr(node, kind)
    if isinstance(node, nodes.CondExpr):
        arguments.append(old)
    call = nodes.Call(told, arguments, [], None, None, lineno=node.lineno)
    marked = call if isinstance(node, nodes.CondExpr) else [nodes.Output([call], lineno=node.lineno), *old]
    setattr(node, kind, marked)


def _parse(self: Environment, source: str, name: str | None, filename: str | None) -> nodes.Template:
    tree = _plain_parse(self, source, name, filename)
    list(branches(tree, name or "?"))
    tree.set_environment(self)
    return tree


def _process_response(self: Flask, response: Response) -> Response:
    answer = _plain_answer(self, response)
    hits = _hits() | {f"{request.endpoint} {answer.status_code}"}
    _hits().clear()
    if answer.mimetype == "text/html" and not answer.is_streamed and not hits <= _known:
        _known.update(hits)
        kept = {"path": request.full_path, "hits": sorted(hits), "html": answer.get_data(as_text=True)}
        Path(os.environ[FOLDER], f"{uuid.uuid4().hex}.json").write_text(json.dumps(kept), encoding="utf-8")
    return answer


_plain_parse = Environment._parse
_plain_answer = Flask.process_response


def pytest_configure() -> None:
    """Mark and keep from here on."""
    if FOLDER in os.environ:
        Environment._parse = _parse  # type: ignore[method-assign]
        Flask.process_response = _process_response  # type: ignore[method-assign,assignment]
