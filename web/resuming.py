"""A form that was sent after its session had ended: carried through signing in, so that nobody types it twice."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import request

SECRETS = frozenset({"password", "pin", "again", "code", "signature"})  # never shown again, nor carried anywhere
CARRIED = "carried"  # the field of the sign-in form
OWN = ("csrf_token", "key", "next", "back")  # what a person did not type


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The refused request, to be sent once more as it was: the key in it makes it act once. Files do not come along."""

    method: str
    address: str
    fields: list[tuple[str, str]]
    files: list[str]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was written in it, so that nobody has to think of it again."""
        own = [(name, text) for name, text in self.fields if name[:1] != "_" and name not in OWN]
        return [(name, text) for name, text in own if text.strip()]

    @property
    def text(self) -> str:
        """The request for a hidden field; without the token, which ends with the session."""
        fields = [field for field in self.fields if field[0] != "csrf_token"]
        return json.dumps([self.address, fields, self.files], ensure_ascii=False)


def sent() -> Again | None:
    """The present request; None for what holds a password, or is no form."""
    if request.method not in ("GET", "POST") or SECRETS & set(request.form):
        return None
    fields = request.form if request.method == "POST" else request.args
    names = [file.filename for file in request.files.values() if file.filename]
    address = request.path if request.method == "GET" else request.full_path.rstrip("?")
    return Again(method=request.method.lower(), address=address, fields=list(fields.items(multi=True)), files=names)


def carried() -> Again | None:
    """The form that the sign-in form brought along; None where there is none, or somebody mangled it."""
    try:
        address, fields, files = json.loads(request.form.get(CARRIED, ""))
        pairs = [(name, value) for name, value in fields]
        texts = [address, *files, *(text for pair in pairs for text in pair)]
    except (ValueError, TypeError):
        return None
    if not all(isinstance(text, str) for text in texts):
        return None
    return Again(method="post", address=address, fields=pairs, files=list(files))
