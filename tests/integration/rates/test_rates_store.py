"""The figures in Postgres: seeded any number of times, never over what a person edited."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.rates import service, shipped
from cube_demper.domain.rates.rows import Confidence
from cube_demper.domain.rates.service import Seeding
from cube_demper.domain.rates.tables import Tables
from cube_demper.models.rates import RateConfidence, RateKind

NOW = date(2026, 11, 27)
NOTHING = Seeding(written=0, removed=0)


async def _seed(db: Database) -> Seeding:
    async with db.write() as tx:
        return await service.seed(tx, SYSTEM)


async def _current(db: Database) -> Tables:
    async with db.read() as tx:
        return await service.current(tx)


async def _run(db: Database, sql: str) -> None:
    async with db.write() as tx:
        assert (await tx.execute(text(sql))).rowcount == 1  # type: ignore[attr-defined]


async def test_database_without_figures_answers_by_the_shipped(db: Database) -> None:
    assert await _current(db) is shipped.load()


async def test_seeded_tables_are_the_shipped_ones(db: Database) -> None:
    seeded = await _seed(db)
    tables, own = await _current(db), shipped.load()
    for it in fields(Tables):
        assert sorted(map(repr, getattr(tables, it.name))) == sorted(
            map(repr, getattr(own, it.name))
        )
    assert seeded.written == sum(len(getattr(own, it.name)) for it in fields(Tables)[:-1])
    assert tables.commission(["Смартфоны"], NOW) == own.commission(["Смартфоны"], NOW)


async def test_seeding_again_changes_nothing(db: Database) -> None:
    await _seed(db)
    assert await _seed(db) == NOTHING


async def test_untouched_row_follows_a_new_version_of_the_program(db: Database) -> None:
    await _seed(db)
    await _run(db, "UPDATE rates SET source = 'old' WHERE shipped_as = 'base_rate|2026-09-07'")
    await _run(
        db,
        "INSERT INTO rates (kind, figures, source, confidence, shipped_as)"
        """ VALUES ('base_rate', '{"percent": "99"}', 's', 'high', 'base_rate|1999-01-01')""",
    )
    assert await _seed(db) == Seeding(written=1, removed=1)
    assert (await _current(db)).base_rate(date(2026, 9, 7)).source != "old"


async def test_edited_row_survives_every_seeding(db: Database) -> None:
    await _seed(db)
    await _run(
        db,
        """UPDATE rates SET figures = '{"percent": "15.75"}', confidence = 'high', edited_at = now(),"""
        " valid_to = NULL WHERE shipped_as = 'base_rate|2026-10-26'",
    )
    assert await _seed(db) == NOTHING
    row = (await _current(db)).base_rate(date(2027, 6, 1))
    assert (row.percent, row.confidence) == (Decimal("15.75"), Confidence.HIGH)


async def test_added_row_stays_and_wins_from_its_day(db: Database) -> None:
    await _seed(db)
    await _run(
        db,
        "INSERT INTO rates (kind, figures, valid_from, source, confidence, edited_at) VALUES"
        """ ('base_rate', '{"percent": "15"}', '2026-11-01', 'НБ РК', 'high', now())""",
    )
    assert await _seed(db) == NOTHING
    tables = await _current(db)
    assert tables.base_rate(date(2026, 10, 31)).percent == Decimal("16.25")
    assert tables.base_rate(NOW).percent == Decimal(15)


@pytest.mark.parametrize("role", [Role.USER, Role.SUPPORT])
async def test_only_the_operator_seeds(db: Database, role: Role) -> None:
    async with db.write() as tx:
        with pytest.raises(PermissionDenied):
            await service.seed(tx, Actor(role=role))


def test_kinds_and_confidences_of_the_table_are_those_of_the_rows() -> None:
    kinds = {row.kind for it in fields(Tables)[:-1] for row in getattr(shipped.load(), it.name)}
    assert kinds == {it.value for it in RateKind}
    assert [it.value for it in RateConfidence] == [it.value for it in Confidence]
