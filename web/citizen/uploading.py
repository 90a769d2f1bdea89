"""Files of a draft: part by part with a progress bar and from where it stopped, and to be opened again later."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from flask import g, get_template_attribute, jsonify, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, Conflict

from engine.domain.drafting import Draft
from engine.domain.errors import NotFoundError, StaleVersionError
from engine.domain.received import FileLimits, RefusedFileError, check_number, safe_name
from engine.ports.drafts import Incoming
from web import access, case_files
from web.acting import sender
from web.citizen import blueprint
from web.citizen.application import Application, load
from web.citizen.drafts import posted_tab
from web.forms.draw import html_id
from web.forms.schema import dig, kind, put
from web.forms.sections import Section
from web.forms.uploads import limits_of
from web.house import house
from web.texts import t

MOST_PART = 2 * 2**20  # bytes of one part


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The question that a file answers."""

    app: Application
    section: Section
    path: str
    limits: FileLimits


def _place(draft_id: str, path: str) -> Place:
    """Where the file belongs; NotFoundError for a draft or a question that is not there."""
    found = load(draft_id)
    if not isinstance(found, Application):
        raise Conflict()
    for section in found.sections:
        for component, own in section.inputs(found.draft.data):
            if own == path and kind(component) == "filepicker":
                limits = limits_of(component, house().catalog.settings)
                return Place(app=found, section=section, path=path, limits=limits)
    raise NotFoundError(what="mục tệp", id="")


def _number(name: str) -> int:
    text = request.args.get(name, "")
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise BadRequest()
    return int(text)


def _key() -> str:
    key = request.args.get("key", "")
    if not re.fullmatch(r"[0-9A-Za-z_-]{8,80}", key):
        raise BadRequest()
    return key


@blueprint.get("/nop/<draft_id>/tep/<path:path>")
@access.citizen
def draft_arrived(draft_id: str, path: str) -> ResponseReturnValue:
    """How much of a file has come: where to go on after a broken line."""
    place = _place(draft_id, path)
    return jsonify({"received": house().filing.receiving.arrived(place.app.draft.unit, draft_id, _key())})


@blueprint.put("/nop/<draft_id>/tep/<path:path>")
@access.citizen
def draft_part(draft_id: str, path: str) -> ResponseReturnValue:
    """A part of a file; the last one makes it a file of the draft."""
    place = _place(draft_id, path)
    try:
        return _taken(place)
    except RefusedFileError as error:
        return jsonify({"error": t(error.message, error.message_en), "code": error.code}), 422


def _taken(place: Place) -> ResponseReturnValue:
    draft, receiving = place.app.draft, house().filing.receiving
    check_number(dig(draft.data, place.path) or [], place.limits)
    incoming = Incoming(
        unit=draft.unit,
        draft=draft.id,
        key=_key(),
        path=place.path,
        name=safe_name(request.args.get("name", "")),
        size=_number("size"),
        received=_number("offset"),
        at=house().clock.now(),
    )
    content = request.get_data(cache=False) if (request.content_length or 0) <= MOST_PART else None
    if content is None:
        raise BadRequest()
    if content or not incoming.size:
        try:
            incoming = receiving.part(incoming, incoming.received, content, place.limits)
        except StaleVersionError:
            return jsonify({"received": receiving.arrived(draft.unit, draft.id, incoming.key)}), 409
    if incoming.received < incoming.size:
        return jsonify({"received": incoming.received})
    return _kept(place, incoming)


def _kept(place: Place, incoming: Incoming) -> ResponseReturnValue:
    after: list[Draft] = []

    def keep(stored: dict[str, Any]) -> None:
        after.append(house().filing.drafting.change(g.actor, place.app.draft.id, _with(place, stored)))

    stored = house().filing.receiving.finish(sender(), incoming, place.limits, keep)
    token = place.app.sheet.uploads.token(stored)
    number = len(dig(after[0].data, place.path)) - 1
    draw = get_template_attribute("filing/_file.html", "file")
    upload = {"name": stored["name"], "size": stored["size"], "sha256": stored["sha256"], "token": token}
    html = draw(place.path, html_id(place.path), upload, number, place.app.draft.id, t)
    return jsonify({"done": True, "html": str(html), "sha256": stored["sha256"], "version": after[0].version})


def _with(place: Place, stored: dict[str, Any]) -> Callable[[Draft], Draft]:
    """The draft with one file more; the same file twice is one."""

    def change(draft: Draft) -> Draft:
        data = copy.deepcopy(dict(draft.data))
        kept = list(dig(data, place.path) or [])
        if stored["sha256"] not in {one.get("sha256") for one in kept}:
            check_number(kept, place.limits)
            put(data, place.path, [*kept, stored])
        sections = {**draft.sections, place.section.id: draft.version + 1}
        savers = {**draft.savers, place.section.id: posted_tab()}
        return replace(draft, data=data, sections=sections, savers=savers, updated_at=house().clock.now())

    return change


@blueprint.get("/nop/<draft_id>/tai/<sha256>")
@access.citizen
def draft_file(draft_id: str, sha256: str) -> ResponseReturnValue:
    """A file of one's own draft, as it was handed in."""
    draft = house().filing.drafting.get(g.actor, draft_id)
    found = next((one for one in case_files.found_in(draft.data) if one["sha256"] == sha256), None)
    if found is None:
        raise NotFoundError(what="tệp", id="")
    name, media_type = str(found.get("name") or "tep"), str(found.get("media_type") or "application/octet-stream")
    content = BytesIO(house().files.get(sha256))
    response = send_file(content, mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
