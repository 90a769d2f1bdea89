"""The command line called in this process: what it prints and what it exits with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest

from web.cli import main

Run = Callable[..., tuple[int, str, str]]


def called(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str, **env: str
) -> tuple[int, str, str]:
    """Exit status, output and errors of `motcua` with these arguments, among no settings but these."""
    for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
        monkeypatch.delenv(name)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["motcua", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    out, err = capfd.readouterr()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, out, err
