"""Keys that never leave their token: PKCS#11, where the package for it is installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.domain.signing_key import WrongPinError


def token_signer(entry: Mapping[str, Any], pin: str | None = None) -> Any:
    """A signer on a token: `pkcs11` the module's file, `token`, `certificate` and `key` labels; the PIN as it was
    typed, or of `pin_file`. ValueError; WrongPinError for one that was typed.

    The module is looked for by name, because the package is an extra: pip install 'motcua[pkcs11]'.
    """
    try:
        signing, refused = import_module("pyhanko.sign.pkcs11"), _refusals(import_module("pkcs11.exceptions"))
    except ImportError as error:
        raise ValueError("a key on a token needs the package python-pkcs11: pip install 'motcua[pkcs11]'") from error
    kept = Path(entry["pin_file"]).read_text("utf-8").strip() if "pin_file" in entry else None
    try:
        session = signing.open_pkcs11_session(entry["pkcs11"], token_label=entry.get("token"), user_pin=pin or kept)
    except refused as error:
        raise WrongPinError(signer=entry["signer"]) from error
    return signing.PKCS11Signer(session, cert_label=entry.get("certificate"), key_label=entry.get("key"))


def _refusals(library: Any) -> tuple[type[Exception], ...]:
    """What a token answers to a PIN that is not its own, the last try included."""
    return library.PinIncorrect, library.PinInvalid, library.PinLenRange, library.PinLocked
