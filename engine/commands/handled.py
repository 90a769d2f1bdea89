"""Which handler carries out which command: those of the work screen, and the seals of its papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.commands import handling, returning, sealing, supplementing
from engine.commands import handling_messages as ask
from engine.commands.messages import Command, Result
from engine.commands.seal_messages import KeepSeal
from engine.commands.work import Work

HANDLED: dict[type[Command], Callable[[Work, Any], Result]] = {
    ask.MarkDocument: handling.mark,
    ask.ReappointResult: handling.reappoint,
    ask.ReturnTask: returning.send_back,
    ask.AskSupplement: supplementing.ask,
    ask.ExpireSupplement: supplementing.expire,
    KeepSeal: sealing.keep,
}
