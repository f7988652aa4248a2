"""Tables that end: an operator hears of it ahead, writes the next row, and calculations go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.doctor.rates import look_at_rates
from cube_demper.doctor.report import Level
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.rates import service, shipped
from cube_demper.domain.rates.endings import endings
from cube_demper.domain.rates.rows import BaseRateRow, Confidence, IndexRow
from cube_demper.domain.rates.service import Seeding
from cube_demper.models.operations import AuditEntry

NOW = datetime(2026, 12, 4, 13, tzinfo=ALMATY)
DECISION = BaseRateRow(
    percent=Decimal("15.75"),
    valid_from=date(2026, 12, 7),
    valid_to=date(2027, 1, 24),
    source="Решение НБ РК от 04.12.2026",
    confidence=Confidence.HIGH,
)


async def _put(db: Database, row: BaseRateRow | IndexRow, actor: Actor = SYSTEM) -> None:
    async with db.write() as tx:
        await service.put(tx, actor, row, NOW)


async def test_a_row_put_by_hand_counts_from_its_day_and_survives_seeding(db: Database) -> None:
    async with db.write() as tx:
        await service.seed(tx, SYSTEM)
    await _put(db, DECISION)
    async with db.write() as tx:
        assert await service.seed(tx, SYSTEM) == Seeding(0, 0)
        tables = await service.current(tx)
        told = await tx.scalar(text("SELECT count(*) FROM audit_log WHERE action = 'rate_written'"))
    assert tables.base_rate(date(2026, 12, 6)).percent == Decimal("16.25")
    assert tables.base_rate(date(2027, 1, 24)).percent == Decimal("15.75")
    assert told == 1


async def test_a_row_of_the_same_day_is_written_over(db: Database) -> None:
    async with db.write() as tx:
        await service.seed(tx, SYSTEM)
    corrected = BaseRateRow(
        percent=Decimal(16),
        valid_from=date(2026, 10, 26),
        valid_to=date(2026, 12, 6),
        source="Решение НБ РК от 23.10.2026",
        confidence=Confidence.HIGH,
    )
    await _put(db, corrected)
    await _put(db, replace(corrected, source="Опечатка"))
    await _put(db, corrected)
    async with db.read() as tx:
        tables = await service.current(tx)
        last = await tx.scalar(select(AuditEntry).order_by(col(AuditEntry.created_at).desc()))
    assert last is not None
    assert (last.before or {})["source"] == "Опечатка"
    assert last.after == {
        "percent": "16",
        "valid_from": "2026-10-26",
        "valid_to": "2026-12-06",
        "source": "Решение НБ РК от 23.10.2026",
    }
    assert tables.base_rate(date(2026, 11, 27)) == corrected
    assert len(tables.base_rates) == len(shipped.load().base_rates)


@pytest.mark.parametrize("role", [Role.USER, Role.SUPPORT])
async def test_only_the_operator_writes(db: Database, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        await _put(db, DECISION, Actor(role=role))


async def test_the_doctor_tells_ahead_and_after(db: Database) -> None:
    async with db.read() as tx:
        ahead = await look_at_rates(tx, NOW)
        after = await look_at_rates(tx, datetime(2026, 12, 10, tzinfo=ALMATY))
        quiet = await look_at_rates(tx, datetime(2026, 10, 30, tzinfo=ALMATY))
    assert [it.level for it in ahead] == [Level.NOTE] * 3
    assert "Базовая ставка НБ РК: по 06.12.2026, ещё 2\u00a0дня" in ahead[0].text
    assert (after[0].level, "закончилась 06.12.2026" in after[0].text) == (Level.BAD, True)
    assert [it.level for it in quiet] == [Level.GOOD]


async def test_the_next_rows_end_the_warning(db: Database) -> None:
    async with db.write() as tx:
        await service.seed(tx, SYSTEM)
    await _put(db, DECISION)
    year = IndexRow(
        mrp=469_300,
        mzp=8_500_000,
        valid_from=date(2027, 1, 1),
        valid_to=date(2027, 12, 31),
        source="Закон о бюджете",
        confidence=Confidence.HIGH,
    )
    await _put(db, year)
    async with db.read() as tx:
        tables = await service.current(tx)
    names = [it.name for it in endings(tables, date(2026, 12, 10))]
    assert [name.split(":")[0] for name in names] == ["Упрощёнка"]
