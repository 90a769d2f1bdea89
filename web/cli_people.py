"""Who begins: every other officer is added by an administrator on a page, the first one has to come from somewhere."""

from __future__ import annotations

import click

from engine.domain.actor import system
from engine.domain.staffing import ADMINISTRATOR, StaffProblemsError, Wanted
from web.auth import hash_password
from web.house import House
from web.housekeeping.people import one_time_password


@click.command()
@click.argument("login")
@click.argument("name")
def administrator(login: str, name: str) -> None:
    """Add an administrator of the commune; prints a password for the first sign-in, and prints it only here."""
    app: House = click.get_current_context().obj()
    password, wanted = one_time_password(), Wanted(login=login, name=name, groups=frozenset({ADMINISTRATOR}))
    try:
        officer = app.desk.administration.officers.add(
            system(app.settings.unit, "cli"), wanted, hash_password(password)
        )
    except StaffProblemsError as error:
        raise click.UsageError("; ".join(problem.en for problem in error.problems)) from error
    click.echo(
        f"{officer.login} of {officer.unit} signs in with {password} once, at {app.settings.public_url}/dang-nhap"
    )
