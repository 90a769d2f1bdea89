"""Serves the pages with waitress, ticks the worker beside them, and stops without cutting anybody off."""

from __future__ import annotations

import gc
import signal
from types import FrameType
from typing import Protocol

import click
from flask import Flask
from waitress.server import create_server

from engine.settings import Settings

STOP_SECONDS = 10


class Ticker(Protocol):
    """What wakes the workers beside the pages."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Finish what is at hand and stop."""


def settle() -> None:
    """Let the collector pass over what was built to stay: it looked through the whole house, for a third of a second,
    whenever a page happened to be the one that tipped it."""
    gc.collect()
    gc.freeze()


def serve(flask: Flask, ticker: Ticker, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; answers in flight are finished first."""
    server = create_server(flask, host=settings.host, port=settings.port, threads=8, ident=None)

    def stop(signum: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    settle()
    ticker.start()
    click.echo(f"serving on http://{settings.host}:{settings.port}")
    try:
        server.run()
    finally:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=STOP_SECONDS)
        server.close()
        ticker.stop()
