"""Keys made of Vietnamese words."""

from __future__ import annotations

import re
import unicodedata


def key_of(text: str, most: int = 100) -> str:
    """The first words of a text as a key, without accents: "Bản sao giấy" → ban_sao_giay."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return "_".join(re.findall(r"[a-z0-9]+", letters)[:most])
