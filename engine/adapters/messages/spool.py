"""Messages go into a spool folder, one JSON file each: what a mail or SMS gateway would be handed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.domain.codec import plain


class SpoolMessages:
    """Implements the Messages port; the same key never makes a second message."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, *, channel: str, recipient: str, template: str, data: Mapping[str, Any], key: str) -> None:
        """Write the message; ConnectionError when the spool cannot be written."""
        text = json.dumps(
            {"channel": channel, "recipient": recipient, "template": template, "data": plain(data), "key": key},
            ensure_ascii=False,
            indent=1,
        )
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # addresses and telephone numbers lie here
            part = path.with_suffix(f".{os.getpid()}.part")
            with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
            part.replace(path)
        except OSError as error:
            raise ConnectionError(f"the message spool cannot be written: {error}") from error
