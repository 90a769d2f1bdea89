"""Serves the pages with waitress, ticks the worker beside them, and stops without cutting anybody off."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click
from waitress.server import create_server

from engine.bootstrap import App
from web.app import create_app

STOP_SECONDS = 10


def serve(app: App) -> None:
    """Serve until SIGTERM or SIGINT; answers in flight are finished first."""
    server = create_server(create_app(app), host=app.settings.host, port=app.settings.port, threads=8, ident=None)
    stopping = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            server.maintenance_interval = 0
            raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    app.ticker.start()
    click.echo(f"serving on http://{app.settings.host}:{app.settings.port}")
    try:
        server.run()
    finally:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=STOP_SECONDS)
        server.close()
        app.ticker.stop()
