"""Puts the part about accounts together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.adapters.identity.making import Maker, WayTexts, read_ways
from engine.people import People
from engine.people.codes import Codes
from engine.people.linking import Linking, Provider
from engine.people.recovering import Recovering
from engine.people.registering import Questions, Registering
from engine.ports import Accounts, Clock, Messages
from engine.ports.people import PeopleStore
from engine.settings import Settings


def furnish_people(
    settings: Settings,
    maker: Maker,
    *,
    store: PeopleStore,
    accounts: Accounts,
    messages: Messages,
    clock: Clock,
) -> People:
    """Ways of registration, recovery and single sign-on, as far as the connectors reach."""
    texts = read_ways(settings.catalog)
    codes = Codes(
        unit=settings.unit,
        key=settings.secret("codes"),
        store=store,
        accounts=accounts,
        messages=messages,
        clock=clock,
    )
    own: dict[str, Any] = {"unit": settings.unit, "store": store, "accounts": accounts, "codes": codes}
    registering = Registering(texts=texts.ways, questions=_questions(texts), ways=maker.ways(texts), clock=clock, **own)
    return People(
        registering=registering,
        recovering=Recovering(**own),
        linking=Linking(provider=_provider(maker), registering=registering, clock=clock, **own),
        codes=codes,
        store=store,
        subtypes=texts.subtypes,
        levels=texts.levels,
    )


def _questions(texts: WayTexts) -> Questions:
    numbers: Mapping[str, str] = {name: entry["number"] for name, entry in texts.subtypes.items()}
    return Questions(fields=texts.fields, numbers=numbers)


def _provider(maker: Maker) -> Provider | None:
    sign_on = maker.provider()
    if sign_on is None:
        return None
    return Provider(name=sign_on.outgoing.party.name, name_en=sign_on.outgoing.party.name_en, sign_on=sign_on)
