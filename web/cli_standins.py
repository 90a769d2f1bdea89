"""`motcua standins`: outside parties in the small, for demonstrations and trials; never in production."""

from __future__ import annotations

import signal
from types import FrameType
from urllib.parse import urlsplit

import click
from waitress.server import create_server

from engine.connectors import load, smtp_port
from engine.settings import Settings
from web.standins.headers import keep_underscores
from web.standins.mail import smtp_sink
from web.standins.serving import create_standins


@click.command()
def standins() -> None:
    """Answer in the place of outside parties, on loopback; the console shows what they got and turns their mood."""
    settings = Settings.from_env()
    if not settings.demo:
        raise click.UsageError("stand-ins are for a demonstration only: set MOTCUA_DEMO=1")
    where = urlsplit(settings.standins)
    connectors = load(settings)
    app, book = create_standins(settings, connectors)
    sink = smtp_sink(book, smtp_port(settings))
    server = keep_underscores(create_server(app, host="127.0.0.1", port=where.port or 80, threads=8, ident=None))

    def stop(signum: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    sink.start()
    click.echo(f"stand-ins on {settings.standins}, mail on port {sink.port}")
    try:
        server.run()
    finally:
        sink.stop()
        server.close()
