"""What a batch sends: each value in its own column, whatever the order a row's names come in."""

from __future__ import annotations

from sqlalchemy import create_engine, select

from engine.adapters.db.batch import Batch
from engine.adapters.db.tables import COUNTER, metadata


def test_rows_whose_names_come_in_another_order_are_written_into_the_same_columns() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine, tables=[COUNTER])
    with engine.begin() as connection:
        batch = Batch("sqlite")
        batch.put(
            COUNTER, [{"unit": "xa-mau", "name": "case", "value": 1}, {"value": 2, "name": "receipt", "unit": "xa-mau"}]
        )
        batch.run(connection)
        rows = connection.execute(select(COUNTER).order_by(COUNTER.c.value)).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("xa-mau", "case", 1), ("xa-mau", "receipt", 2)]
