"""The pricing queries of SPEC's appendix run unchanged; `cube doctor` asks them word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from records import GUID, NOON, add_decision, add_product, add_store, add_user
from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.doctor import appendix
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import KaspiStore

_SPEC = Path(__file__).resolve().parents[3] / "shared" / "SPEC.md"
RESET = "UPDATE kaspi_stores SET needs_reauth = FALSE WHERE guid IS NOT NULL;"
_QUERIES = [
    appendix.WHY_NOT,
    appendix.HISTORY,
    appendix.ORDERS,
    appendix.WHATSAPP,
    appendix.SUBSCRIPTIONS,
    appendix.EXPIRING,
    RESET,
]


@pytest.mark.skipif(not _SPEC.exists(), reason="the papers are not beside this checkout")
@pytest.mark.parametrize("query", _QUERIES)
def test_query_is_the_papers_word_for_word(query: str) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", _SPEC.read_text(), re.DOTALL)
    assert query.strip() in "\n".join(blocks)


async def test_why_the_worker_sees_no_goods(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        fine = await add_store(tx, user)
        await add_product(tx, fine)
        await add_product(tx, fine, external_kaspi_id=None)
        await add_product(tx, fine, bot_active=False)
        lost = await add_store(tx, user, needs_reauth=True, guid=None)
        await add_product(tx, lost)
        await add_product(tx, await add_store(tx, user, is_active=False))
    async with db.read() as tx:
        row = (await tx.execute(text(appendix.WHY_NOT))).mappings().one()
    assert dict(row) == {
        "total_with_demping": 4,
        "store_active": 3,
        "no_reauth": 3,
        "has_session": 3,
        "has_external_id": 3,
    }


async def test_reset_touches_only_stores_that_have_a_session(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        marked = {"needs_reauth": True, "reauth_reason": "sms_required"}
        with_session = await add_store(tx, user, guid=GUID, **marked)
        without = await add_store(tx, user, guid=None, **marked)
    async with db.write() as tx:
        await tx.execute(text(RESET))
    async with db.read() as tx:
        assert not (await tx.get_one(KaspiStore, with_session.id)).needs_reauth
        assert (await tx.get_one(KaspiStore, without.id)).needs_reauth


async def test_history_shows_the_last_20_newest_first(db: Database) -> None:
    async with db.write() as tx:
        product = await add_product(tx, await add_store(tx, await add_user(tx)))
        for number in range(25):
            await add_decision(
                tx,
                product,
                PriceStatus.HELD,
                new_price=100 * (number + 1),
                created_at=NOON.replace(minute=number),
            )
    async with db.read() as tx:
        rows = (await tx.execute(text(appendix.HISTORY))).mappings().all()
    assert [row["new_price"] for row in rows] == [100 * (25 - place) for place in range(20)]


async def test_subscriptions_are_found_active_and_expiring(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx, email="seller@example.kz")
        await tx.execute(
            text(
                "UPDATE subscriptions SET current_period_start = now() - interval '1 day',"
                " current_period_end = now() + interval '6 days'"
            )
        )
        await add_user(tx, plan=None)
    async with db.read() as tx:
        active = (await tx.execute(text(appendix.SUBSCRIPTIONS))).mappings().all()
        expiring = (await tx.execute(text(appendix.EXPIRING))).mappings().all()
    assert [row["email"] for row in active] == [user.email]
    assert [row["plan"] for row in expiring] == ["pro"]
