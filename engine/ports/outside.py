"""What is beyond the house: documents, files, signatures, payments, messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Documents(Protocol):
    """Makes PDFs from templates."""

    def render(self, template: str, files: Mapping[str, bytes], data: Mapping[str, Any]) -> bytes:
        """A PDF; the same input gives the same bytes."""
        ...


class Files(Protocol):
    """Keeps files by content."""

    def put(self, content: bytes) -> str:
        """Store and return the SHA-256 in hex."""
        ...

    def get(self, sha256: str) -> bytes:
        """The content; NotFoundError."""
        ...

    def exists(self, sha256: str) -> bool:
        """Whether it is stored."""
        ...


class Payments(Protocol):
    """A payment provider."""

    name: str

    def order(self, *, order: str, amount: int, case_code: str, return_url: str) -> str:
        """Open an order and return the address to send the payer to; repeating the same order is harmless.

        PaymentRefusedError when the provider does not take it: asking again would not help.
        """
        ...

    def check_notice(self, fields: Mapping[str, str]) -> Mapping[str, Any] | None:
        """A verified notice: order, amount (int), case_code, paid (bool), reference; None when wrongly signed."""
        ...


class Messages(Protocol):
    """Hands notices and requests to a channel."""

    def send(self, *, channel: str, recipient: str, template: str, data: Mapping[str, Any], key: str) -> None:
        """Deliver at least once; raises ConnectionError when the channel is down."""
        ...
