"""The language of a page: Vietnamese unless the reader asked for English."""

from __future__ import annotations

from flask import g, has_request_context, request

LANGUAGES = ("vi", "en")
COOKIE = "motcua_lang"
LOOK_COOKIE = "motcua_look"
LOOKS = ("plain", "large", "contrast", "large-contrast")


def lang() -> str:
    """The reader's language: "vi" or "en"."""
    if not has_request_context():
        return "vi"
    if "lang" not in g:
        asked = request.args.get("lang") or request.cookies.get(COOKIE, "")
        g.lang = asked if asked in LANGUAGES else "vi"
    return str(g.lang)


def look() -> str:
    """How the reader wants pages to look: "plain", or CSS classes for larger text and stronger contrast."""
    asked = request.cookies.get(LOOK_COOKIE, "") if has_request_context() else ""
    return asked if asked in LOOKS else LOOKS[0]


def t(vi: str, en: str) -> str:
    """The text in the reader's language."""
    return en if lang() == "en" else vi


def named(thing: object) -> str:
    """The name of a procedure, group or status in the reader's language."""
    english = getattr(thing, "name_en", "")
    return str(english if lang() == "en" and english else getattr(thing, "name", thing))
