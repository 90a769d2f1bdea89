"""Who may open a route: every view says so itself, and the application does not start when one is silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a view."""

    kind: Literal["public", "signed_in", "citizen", "officer", "groups"]
    groups: tuple[str, ...] = ()

    def allows(self, actor: Actor | None) -> bool:
        """Whether the actor (None: nobody signed in) may open the view."""
        if self.kind == "public" or actor is None:
            return self.kind == "public"
        if self.kind == "groups":
            return actor.kind == "officer" and actor.in_any(self.groups)
        return self.kind in ("signed_in", actor.kind)


class UndeclaredAccessError(RuntimeError):
    """Một địa chỉ chưa khai báo quyền truy cập. | A route does not declare its access."""


def _declare(view: View, access: Access) -> View:
    setattr(view, "access", access)  # noqa: B010  # functions have no declared attribute of this name
    return view


def public(view: View) -> View:
    """Anybody may open the view."""
    return _declare(view, Access("public"))


def signed_in(view: View) -> View:
    """Whoever has signed in may open the view."""
    return _declare(view, Access("signed_in"))


def citizen(view: View) -> View:
    """Citizens may open the view."""
    return _declare(view, Access("citizen"))


def officer(view: View) -> View:
    """Officers of any group may open the view."""
    return _declare(view, Access("officer"))


def groups(*names: str) -> Callable[[View], View]:
    """Officers of one of the groups may open the view."""
    return lambda view: _declare(view, Access("groups", names))


def declared(view: Callable[..., Any] | None) -> Access | None:
    """What the view declares."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


def refuse_silent_routes(app: Flask) -> None:
    """Raise UndeclaredAccessError when a route does not say who may open it."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    silent = {endpoint for endpoint in endpoints if declared(app.view_functions.get(endpoint)) is None}
    if silent:
        raise UndeclaredAccessError(", ".join(sorted(silent)))


def enforce() -> Response | None:
    """Before every request: let through, send to the sign-in page, or refuse."""
    if request.endpoint is None:
        return None
    access = declared(current_app.view_functions[request.endpoint])
    if access is None:
        raise UndeclaredAccessError(request.endpoint)
    if access.allows(g.actor):
        return None
    if g.actor is not None:
        raise ForbiddenError()
    if request.method not in ("GET", "HEAD"):
        raise Unauthorized()
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
