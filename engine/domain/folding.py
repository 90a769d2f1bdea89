"""Text without what people leave out when they type in a hurry: capitals and the marks of Vietnamese."""

from __future__ import annotations

import unicodedata


def without_marks(text: str) -> str:
    """Case-folded, without marks; đ becomes d."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
