"""What the panel says of an order's buyer: their other orders at the owner's stores, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

from orders_made import seen, write
from records import NOON, add_store, add_user, seller
from sqlalchemy import select
from sqlmodel import col

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders import buyers
from cube_demper.domain.orders.buyers import SHOWN
from cube_demper.domain.orders.buyers import Buyer as Known
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.models.orders import Order
from cube_demper.models.stores import KaspiStore

BOX = SecretBox(["new", "old"])
OLD_BOX = SecretBox(["old"])
SERIK = Buyer("Серик Омаров", "+77051112233")
ACCEPTED, DAY = "ACCEPTED_BY_MERCHANT", timedelta(days=1)


async def _shop(db: Database) -> tuple[Actor, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        return seller(user), await add_store(tx, user)


async def _buyer(db: Database, actor: Actor, code: str) -> Known | None:
    async with db.read() as tx:
        query = select(Order).where(col(Order.kaspi_order_code) == code)
        order = (await tx.scalars(query)).one()
        return await buyers.buyer_of(tx, actor, order, secrets=BOX)


async def test_orders_of_one_phone_are_counted_at_all_stores_of_the_owner(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        actor, store, second = seller(user), await add_store(tx, user), await add_store(tx, user)
    past = [
        seen("910000001", "ARCHIVE", "COMPLETED", NOON - 9 * DAY, buyer=SERIK),
        seen("910000002", "ARCHIVE", "CANCELLED", NOON - 8 * DAY, buyer=SERIK),
        seen("910000003", "ARCHIVE", "RETURNED", NOON - 7 * DAY, buyer=SERIK),
        seen("910000009", "ARCHIVE", "COMPLETED", NOON - 7 * DAY),
    ]
    await write(db, store, past, NOON, secrets=BOX)
    # Written before the keys were changed, at the other store: the same person all the same.
    older = [seen("910000004", "ARCHIVE", "COMPLETED", NOON - 20 * DAY, buyer=SERIK)]
    await write(db, second, older, NOON, secrets=OLD_BOX)
    await write(
        db,
        store,
        [seen("910000005", "NEW", "APPROVED_BY_BANK", NOON, buyer=SERIK)],
        NOON,
        secrets=BOX,
    )
    found = await _buyer(db, actor, "910000005")
    assert found is not None
    assert found.is_repeat
    assert (found.orders, found.completed, found.cancelled, found.returned) == (5, 2, 1, 1)
    assert found.bought == 3 * 1_299_000
    assert found.first_at == NOON - 20 * DAY
    assert [it.code for it in found.others] == ["910000003", "910000002", "910000001", "910000004"]


async def test_somebody_elses_orders_of_the_same_person_are_not_seen(db: Database) -> None:
    actor, store = await _shop(db)
    _, foreign = await _shop(db)
    await write(
        db,
        foreign,
        [seen("920000001", "ARCHIVE", "COMPLETED", NOON, buyer=SERIK)],
        NOON,
        secrets=BOX,
    )
    await write(
        db,
        store,
        [seen("920000002", "NEW", "APPROVED_BY_BANK", NOON, buyer=SERIK)],
        NOON,
        secrets=BOX,
    )
    found = await _buyer(db, actor, "920000002")
    assert found is not None
    assert not found.is_repeat
    assert found.others == ()


async def test_a_hidden_phone_has_no_history(db: Database) -> None:
    actor, store = await _shop(db)
    hidden = Buyer("Серик О.", None)
    await write(
        db,
        store,
        [seen("930000001", "NEW", "APPROVED_BY_BANK", NOON, buyer=hidden)],
        NOON,
        secrets=BOX,
    )
    assert await _buyer(db, actor, "930000001") is None


async def test_a_good_buyers_list_is_bounded(db: Database) -> None:
    actor, store = await _shop(db)
    many = [
        seen(f"94{number:07d}", "ARCHIVE", "COMPLETED", NOON - number * DAY, buyer=SERIK)
        for number in range(SHOWN + 4)
    ]
    await write(db, store, many, NOON, secrets=BOX)
    found = await _buyer(db, actor, "940000000")
    assert found is not None
    assert (found.orders, len(found.others)) == (SHOWN + 4, SHOWN)
