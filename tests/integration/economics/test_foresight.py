"""What soon changes: days from the tables, figures for the seller's own goods, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest
from records import add_product, add_store, add_user, seller
from sqlmodel import col, select

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.domain.economics.shop import service
from cube_demper.domain.economics.shop.coming import coming_days
from cube_demper.domain.rates import shipped
from cube_demper.models.operations import Notification

NOVEMBER = datetime(2026, 11, 27, 12, tzinfo=ALMATY)
DECEMBER = datetime(2026, 12, 1, 12, tzinfo=ALMATY)
NEW_YEAR = date(2027, 1, 1)
TERMS = SaleTerms(regime=Regime.IP_SIMPLIFIED, region="Алматы", category=("Утюги",), weight_g=900)
PRICE = 1_000_000


async def shop(db: Database, terms: SaleTerms = TERMS) -> tuple[Actor, UUID]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        # 3 % of 10 000 ₸ are 300 ₸, 4 % are 400 ₸; what Kaspi takes is the same on both days.
        left = PRICE - 125_000 - 127_484
        for name, cost in (
            ("Плюс", 500_000),
            ("Станет минусом", left - 35_000),
            ("Без цены", None),
        ):
            await add_product(tx, store, name=name, price=PRICE, cost_price=cost, category=None)
        await service.save_terms(tx, seller(user), store.id, terms, NOVEMBER)
    return seller(user), store.id


def test_days_come_from_the_tables_and_are_seen_a_month_ahead() -> None:
    tables = shipped.load()
    assert coming_days(tables, date(2026, 11, 30)) == ()
    assert coming_days(tables, date(2026, 12, 1)) == (NEW_YEAR,)
    assert coming_days(tables, date(2025, 12, 20)) == (date(2026, 1, 1), date(2026, 1, 5))
    ended = replace(tables.indexes[-1], valid_from=NEW_YEAR, valid_to=date(2027, 2, 14))
    later = replace(tables, indexes=(*tables.indexes, ended))
    assert coming_days(later, date(2027, 2, 1)) == (date(2027, 2, 15),)


async def test_a_region_whose_rate_ends_costs_a_percent_of_the_price(db: Database) -> None:
    actor, _ = await shop(db)
    async with db.read() as tx:
        assert await service.foresee(tx, actor, None, NOVEMBER) is None
        found = await service.foresee(tx, actor, None, DECEMBER)
    assert found
    told = {it.name: (it.on, it.now, it.later) for it in found.figures}
    assert told["Упрощённая декларация"] == (NEW_YEAR, "3\u00a0%", "4\u00a0%")
    assert told["МРП"] == (NEW_YEAR, "4\u00a0325\u00a0₸", "")
    assert told["ОПВР, за себя"] == (NEW_YEAR, "3,5\u00a0%", "4,5\u00a0%")
    assert (found.known, found.changed) == (2, 2)
    assert found.profit_now - found.profit_later == 2 * PRICE // 100
    assert (found.losses_now, found.losses_later) == (0, 1)
    assert [name for _, name, _ in found.fallen] == ["Станет минусом"]
    assert "в минус уйдут 1\u00a0товар" in service.told_in_words(found)


async def test_a_company_is_not_told_of_a_sole_traders_payments(db: Database) -> None:
    actor, store_id = await shop(db, replace(TERMS, regime=Regime.TOO_GENERAL, region=None))
    async with db.read() as tx:
        found = await service.foresee(tx, actor, store_id, DECEMBER)
        stranger, _ = await shop(db)
        assert await service.foresee(tx, stranger, store_id, DECEMBER) is None
    assert found
    assert {it.name for it in found.figures} == {"МРП", "МЗП"}
    assert service.told_in_words(found) == "На прибыль с продажи это не влияет."


async def test_each_seller_is_told_once_and_only_by_the_product(db: Database) -> None:
    actor, _ = await shop(db)
    assert await service.tell_ahead(db, SYSTEM, NOVEMBER) == 0
    assert await service.tell_ahead(db, SYSTEM, DECEMBER) == 1
    assert await service.tell_ahead(db, SYSTEM, DECEMBER.replace(day=20)) == 0
    async with db.read() as tx:
        mine = select(Notification).where(col(Notification.user_id) == actor.owner_id)
        (told,) = (await tx.scalars(mine)).all()
    assert told.title.startswith("С 1\u00a0января изменится: Упрощённая декларация")
    assert told.link == "/economics"
    with pytest.raises(PermissionDenied):
        await service.tell_ahead(db, actor, DECEMBER)
