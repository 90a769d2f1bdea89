"""Keys that never leave their token: PKCS#11, where the package for it is installed."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.adapters.signing.refusals import SigningError
from engine.domain.signing_key import WrongPinError

TOKEN = {
    "locked": ("thiết bị giữ khóa đã tự khóa vì nhập sai PIN nhiều lần", "the token has locked itself"),
    "away": ("không mở được thiết bị giữ khóa", "the token cannot be opened"),
}


def token_signer(entry: Mapping[str, Any], pin: str | None = None) -> Any:
    """A signer on a token: `pkcs11` the module's file, `token`, `certificate` and `key` labels; the PIN as it was
    typed, or of `pin_file`. ValueError; WrongPinError, SigningError of one that was typed or a token that is away.

    The modules are looked for by name, because the package is an extra: pip install 'motcua[pkcs11]'. The session, and
    with it the log-in at the token, ends when nobody holds the signer any longer.
    """
    try:
        signing, pkcs11 = import_module("pyhanko.sign.pkcs11"), import_module("pkcs11.exceptions")
    except ImportError as error:
        raise ValueError("a key on a token needs the package python-pkcs11: pip install 'motcua[pkcs11]'") from error
    kept = Path(entry["pin_file"]).read_text("utf-8").strip() if "pin_file" in entry else None
    which = import_module("pyhanko.config.pkcs11").TokenCriteria(label=entry.get("token"))
    try:
        session = signing.open_pkcs11_session(entry["pkcs11"], token_criteria=which, user_pin=pin or kept)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
        raise WrongPinError(signer=entry["signer"]) from error
    except pkcs11.PKCS11Error as error:
        reason, reason_en = TOKEN["locked" if isinstance(error, pkcs11.PinLocked) else "away"]
        raise SigningError(reason=reason, reason_en=f"{reason_en} ({type(error).__name__})") from error
    signer = signing.PKCS11Signer(session, cert_label=entry.get("certificate"), key_label=entry.get("key"))
    weakref.finalize(signer, session.close)
    return signer
