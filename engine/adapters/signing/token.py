"""Keys that never leave their token: PKCS#11, where the package for it is installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any


def token_signer(entry: Mapping[str, Any]) -> Any:
    """A signer on a token: `pkcs11` the module's file, `token` and `certificate` labels, `pin_file`; ValueError.

    The module is looked for by name, because the package is no dependency of ours: pip install 'pyHanko[pkcs11]'.
    """
    try:
        pkcs11 = import_module("pyhanko.sign.pkcs11")
        import_module("pkcs11")
    except ImportError as error:
        raise ValueError("a key on a token needs the package python-pkcs11: pip install 'pyHanko[pkcs11]'") from error
    pin = Path(entry["pin_file"]).read_text("utf-8").strip() if "pin_file" in entry else None
    session = pkcs11.open_pkcs11_session(entry["pkcs11"], token_label=entry.get("token"), user_pin=pin)
    return pkcs11.PKCS11Signer(session, cert_label=entry.get("certificate"), key_label=entry.get("key"))
