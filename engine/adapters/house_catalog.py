"""The catalog of a house: what is deployed, with the facts, days, fees and words that units have of their own."""

from __future__ import annotations

from engine.adapters.catalog_files import FileCatalog, procedure_from_files
from engine.adapters.db import SqlStore
from engine.adapters.db.fee_book import SqlFeeBook
from engine.adapters.db.unit_book import SqlUnitBook
from engine.adapters.db.wordings import SqlWordings
from engine.adapters.deployed_catalog import DeployedCatalog
from engine.adapters.lately import Lately
from engine.adapters.live_units import LiveUnits
from engine.ports import Clock


def house_catalog(store: SqlStore, files: FileCatalog, clock: Clock) -> DeployedCatalog:
    """Put it together from the catalog's folder and the database."""
    units = LiveUnits(SqlUnitBook(store), files.settings.get("units", {}), files.calendar, lambda: clock.now().date())
    return DeployedCatalog(
        store,
        procedure_from_files,
        groups=files.groups,
        statuses=files.statuses,
        settings={**files.settings, "units": units},
        calendar=files.calendar,
        calendars=units.calendar,
        fees=Lately(SqlFeeBook(store).fees),
        wordings=Lately(SqlWordings(store).wordings),
    )
