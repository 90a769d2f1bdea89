"""Serves the pages with waitress, ticks the worker beside them, and stops without cutting anybody off."""

from __future__ import annotations

import gc
import signal
from collections.abc import Sequence
from types import FrameType
from typing import Protocol

import click
from flask import Flask
from waitress.server import create_server

from engine.installation import host_of
from engine.settings import Settings
from web.by_host import ByHost

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


def serve(houses: Sequence[tuple[Settings, Flask, Ticker]]) -> None:
    """Serve the communes until SIGTERM or SIGINT; answers in flight are finished first. A single one is served whatever
    host it is asked for by, of several each by its own."""
    settings, flask, _ = houses[0]
    by_host = {host_of(own): app for own, app, _ in houses}
    server = create_server(
        ByHost(by_host) if settings.shared else flask, host=settings.host, port=settings.port, threads=8, ident=None
    )

    def stop(signum: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    settle()
    for *_, ticker in houses:
        ticker.start()
    click.echo(f"serving on http://{settings.host}:{settings.port}")
    for own, *_ in houses if settings.shared else ():
        click.echo(f"  {own.unit} as {own.public_url}")
    try:
        server.run()
    finally:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=STOP_SECONDS)
        server.close()
        for *_, ticker in houses:
            ticker.stop()
