"""What the officers' side uses beside commands and queries, put together: one attribute for each part."""

from __future__ import annotations

from dataclasses import dataclass

from engine.adapters.db import SqlAttempts
from engine.commands.mandates import Mandates
from engine.commands.signing_act import Signatures
from engine.desk_administration import Administration, make_administration
from engine.desk_books import BooksPart, furnish_books
from engine.desk_counter import CounterPart, furnish_counter
from engine.desk_deadlines import DeadlinesPart, furnish_deadlines
from engine.desk_drawers import DrawersPart, furnish_drawers
from engine.desk_figures import FiguresPart, furnish_figures
from engine.desk_handling import Handling, furnish_handling
from engine.desk_inbox import Inbox, furnish_inbox
from engine.desk_leading import make_mandates, make_queue, make_signatures
from engine.portal import Made
from engine.ports.attempts import Attempts
from engine.queries.minutes import Minutes
from engine.queries.signing_queue import SigningQueue
from engine.routines import Routine


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The parts of the officers' side; `routines` is what they do at hours of their own."""

    attempts: Attempts
    administration: Administration
    counter: CounterPart
    deadlines: DeadlinesPart
    drawers: DrawersPart
    books: BooksPart
    handling: Handling
    figures: FiguresPart
    inbox: Inbox
    signing: SigningQueue
    signatures: Signatures
    minutes: Minutes
    mandates: Mandates
    routines: tuple[Routine, ...] = ()


def furnish_desk(made: Made) -> Desk:
    """Put the parts together."""
    handling, figures, deadlines = furnish_handling(made), furnish_figures(made), furnish_deadlines(made)
    return Desk(
        attempts=SqlAttempts(made.store),
        administration=make_administration(made),
        books=furnish_books(made),
        deadlines=deadlines,
        handling=handling,
        figures=figures,
        inbox=furnish_inbox(made),
        counter=furnish_counter(made),
        drawers=furnish_drawers(made),
        signing=make_queue(made),
        signatures=make_signatures(made),
        minutes=Minutes(made.ports),
        mandates=make_mandates(made),
        routines=(*handling.routines, *figures.routines, *deadlines.routines),
    )
