"""Small things every page does when somebody acts: keys against double clicks, versions, commands, form sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from flask import flash, g, request
from werkzeug.exceptions import BadRequest

from engine.commands.messages import Command, Result
from engine.commands.receiving import Sender
from engine.domain.errors import DatabaseUnavailableError, DomainError
from engine.domain.procedure import Procedure
from web.errors import of_domain
from web.forms.sheet import Sheet
from web.forms.uploads import Uploads
from web.house import house
from web.texts import lang, t


def new_key() -> str:
    """A key for a form that is shown: sending it twice acts once."""
    return str(house().ids.new())


def posted_key() -> str:
    """The key the form was shown with; 400 without one."""
    key = request.form.get("_key", "")
    if not re.fullmatch(r"[0-9a-z-]{8,64}", key):
        raise BadRequest()
    return key


def posted_version() -> int | None:
    """The version of the case that the sender had seen."""
    text = request.form.get("_version", "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def do(command: Command, *, of: str = "") -> Result:
    """Carry a command out for whoever is signed in, once per form shown; `of`: where one form may do it to several."""
    return house().handle(command, g.actor, key_of(type(command).__name__, of))


def key_of(what: str, of: str = "") -> str:
    """The key under which the form that was sent does something once, to one thing."""
    part = f"/{sha256(of.encode()).hexdigest()[:16]}" if of else ""
    return f"{what}:{g.actor.id}:{posted_key()}{part}"


def do_or_tell(command: Command) -> bool:
    """Carry a command out; a refusal is said on the page that follows. Whether it was done."""
    try:
        do(command)
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        refusal = of_domain(error)
        flash(t(refusal.vi, refusal.en))
        return False
    return True


def posted_text(name: str, limit: int = 2000) -> str:
    """A plain text field, trimmed."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:limit]


def sheet_of(
    procedure: Procedure, form_id: str, context: Mapping[str, Any], prefilled: Mapping[str, Any] | None = None
) -> Sheet:
    """A form of a procedure version for the present person; `prefilled`: what was taken from elsewhere, by path."""
    return Sheet(
        form=house().forms.compiled(procedure, form_id),
        validate=partial(_validate, procedure, form_id, context),
        context=context,
        uploads=Uploads(house().filing.receiving, house().settings.secret("uploads"), sender()),
        limits=house().catalog.settings,
        prefilled=prefilled or {},
        lang=lang(),
    )


def sender() -> Sender:
    """Whose files those are that come with this request."""
    return Sender(unit=g.actor.unit, account=g.actor.id)


def _validate(
    procedure: Procedure, form_id: str, context: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, Any]:
    return house().forms.validate(procedure, form_id, data, context)
