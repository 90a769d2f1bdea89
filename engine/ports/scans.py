"""Judging pages that were scanned or photographed at the counter, and binding several into one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Fault = Literal["blank", "small", "dark", "blurred", "tilted"]
SAID: dict[Fault, tuple[str, str]] = {
    "blank": ("trang trắng, không thấy chữ", "blank, nothing written is seen"),
    "small": ("ảnh quá nhỏ để đọc", "too small to read"),
    "dark": ("quá tối hoặc quá nhạt", "too dark or too pale"),
    "blurred": ("bị nhòe", "blurred"),
    "tilted": ("bị nghiêng", "tilted"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFault:
    """What is wrong with a page; pages count from 1."""

    page: int
    fault: Fault


class Scans(Protocol):
    """Looks at pages as a reader would."""

    def judge(self, content: bytes, media_type: str) -> Sequence[PageFault]:
        """What is wrong with the pages of a picture or a PDF; a page that is no single picture is not judged."""
        ...

    def bind(self, pictures: Sequence[bytes]) -> bytes:
        """Pictures as the pages of one PDF, in their order; ValueError when one is no picture."""
        ...
