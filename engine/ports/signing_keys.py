"""The key store of the house, as far as it may be known without opening it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.domain.signing_key import SigningKey
from engine.ports.results import Signing


class SigningKeys(Protocol):
    """Says which key signs for whom, and opens those that ask a PIN for the time of one act."""

    def key(self, role: str, signer: str) -> SigningKey:
        """The key that signs as `role` for `signer`; NoKeyError. Files of the store are read once."""
        ...

    def all(self) -> Sequence[SigningKey]:
        """Every key of the store; one that a demonstration makes is there once it has signed."""
        ...

    def opened(self, key: SigningKey, pin: str) -> Signing:
        """A signing service that signs with this key alone, for as long as somebody holds it: nothing of the PIN is
        kept elsewhere. WrongPinError, SigningError."""
        ...


class AwaitedSignatures(Protocol):
    """Finds cases in which a signature waits for somebody's PIN."""

    def case_ids(self, unit: str, limit: int) -> Sequence[str]:
        """Cases of the unit whose job of signing no worker may take, `limit` at most: the case says for whom it waits,
        or that an incident holds it."""
        ...
