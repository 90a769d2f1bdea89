"""`motcua standins`: outside parties in the small, for demonstrations and trials; never in production."""

from __future__ import annotations

import signal
from types import FrameType
from urllib.parse import urlsplit

import click
from waitress.server import create_server

from engine.connectors import load
from engine.settings import Settings
from web.standins.serving import create_standins


@click.command()
def standins() -> None:
    """Answer in the place of outside parties, on loopback; the console shows what they got and turns their mood."""
    settings = Settings.from_env()
    if not settings.demo:
        raise click.UsageError("stand-ins are for a demonstration only: set MOTCUA_DEMO=1")
    where = urlsplit(settings.standins)
    app, _ = create_standins(settings, load(settings))
    server = create_server(app, host="127.0.0.1", port=where.port or 80, threads=8, ident=None)

    def stop(signum: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    click.echo(f"stand-ins on {settings.standins}")
    try:
        server.run()
    finally:
        server.close()
