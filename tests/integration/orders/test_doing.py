"""Who may do what with whose orders; a selection is counted, begun once, stopped and followed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from orders_made import one_of_each_tab, seen, write
from records import NOON, add_store, add_user, seller
from sqlalchemy import func, select, update
from sqlmodel import col

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, LimitReached, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Actor
from cube_demper.domain.orders import waybills
from cube_demper.domain.orders.doing import rules, selections, service, working
from cube_demper.domain.orders.doing.schemas import Request
from cube_demper.domain.orders.doing.selections import Selection
from cube_demper.domain.orders.list_schemas import OrderQuery
from cube_demper.models.doing import ActionKind, ActionRefusal, LabelLayout, OrderAction
from cube_demper.models.orders import Order, OrderStatus, OrdersToken
from cube_demper.models.staff import Area
from cube_demper.models.stores import KaspiStore

BOX = SecretBox(["new", "old"])
ACCEPT = Request(ActionKind.ACCEPT)


async def _shop(db: Database, *, token: bool = True) -> tuple[Actor, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        if token:
            tx.add(OrdersToken(store_id=store.id, token=BOX.encrypt("t" * 20), tail="tttt"))
    await write(db, store, one_of_each_tab(NOON), NOON, secrets=BOX)
    return seller(user), store


async def _ids(db: Database) -> dict[str, UUID]:
    async with db.read() as tx:
        rows = await tx.execute(select(col(Order.kaspi_order_code), col(Order.id)))
        return dict(rows.tuples().all())


async def _ask(db: Database, actor: Actor, order_id: UUID, request: Request = ACCEPT) -> None:
    async with db.write() as tx:
        await service.ask(tx, actor, order_id, request, secrets=BOX, now=NOON)


async def _count(db: Database) -> int:
    async with db.read() as tx:
        return await tx.scalar(select(func.count()).select_from(OrderAction)) or 0


async def test_nobody_acts_on_anothers_order(db: Database) -> None:
    _, _store = await _shop(db)
    order_id = (await _ids(db))["900000001"]
    async with db.write() as tx:
        stranger = seller(await add_user(tx))
    everything = Selection(ids=(order_id,))
    with pytest.raises(NotFound):
        await _ask(db, stranger, order_id)
    for nobody in (NOBODY, SYSTEM):
        with pytest.raises(PermissionDenied):
            await _ask(db, nobody, order_id)
    async with db.write() as tx:
        with pytest.raises(InvalidInput):
            await selections.start(tx, stranger, everything, ACCEPT, secrets=BOX, now=NOON)
        with pytest.raises(InvalidInput):
            await waybills.start(
                tx, stranger, everything, LabelLayout.A4_ONE, secrets=BOX, now=NOON
            )
    assert await _count(db) == 0


async def test_staff_need_the_right_to_orders(db: Database) -> None:
    owner, _ = await _shop(db)
    order_id = (await _ids(db))["900000001"]
    async with db.write() as tx:
        person = await add_user(tx)
    staff = replace(seller(person), acts_for=owner.user_id, rights=frozenset({Area.PRICES}))
    chosen = Selection(ids=(order_id,))
    with pytest.raises(PermissionDenied):
        await _ask(db, staff, order_id)
    async with db.write() as tx:
        with pytest.raises(PermissionDenied):
            await selections.start(tx, staff, chosen, ACCEPT, secrets=BOX, now=NOON)
        with pytest.raises(PermissionDenied):
            await selections.stop(tx, staff, uuid4(), NOON)
        with pytest.raises(PermissionDenied):
            await waybills.start(tx, staff, chosen, LabelLayout.A4_ONE, secrets=BOX, now=NOON)
        with pytest.raises(PermissionDenied):
            await waybills.take(tx, staff, uuid4(), secrets=BOX, now=NOON)
    await _ask(db, replace(staff, rights=frozenset({Area.ORDERS})), order_id)
    async with db.read() as tx:
        action = (await tx.scalars(select(OrderAction))).one()
    assert action.asked_by == person.id


@pytest.mark.parametrize(
    ("code", "request_", "field"),
    [
        ("900000004", Request(ActionKind.ASSEMBLE, spaces=0), "spaces"),
        ("900000004", Request(ActionKind.ASSEMBLE, spaces=100), "spaces"),
        ("900000007", Request(ActionKind.COMPLETE, code="12 ab"), "code"),
        ("900000007", Request(ActionKind.COMPLETE, code="12"), "code"),
        ("900000001", Request(ActionKind.CANCEL, reason="I_DO_NOT_LIKE_IT"), "reason"),
        (
            "900000001",
            Request(ActionKind.CANCEL, reason="BUYER_NOT_REACHABLE", comment="а" * 1001),
            "comment",
        ),
    ],
)
async def test_what_kaspi_would_not_take_is_refused_in_its_field(
    db: Database, code: str, request_: Request, field: str
) -> None:
    actor, _ = await _shop(db)
    with pytest.raises(InvalidInput) as wrong:
        await _ask(db, actor, (await _ids(db))[code], request_)
    assert wrong.value.field == field


async def test_what_is_over_or_has_no_way_is_refused_in_words(db: Database) -> None:
    actor, _ = await _shop(db)
    with pytest.raises(Conflict, match="уже выдан"):
        await _ask(db, actor, (await _ids(db))["900000009"])
    async with db.write() as tx:
        await tx.execute(update(OrdersToken).values(rejected_at=NOON))
    with pytest.raises(Conflict, match="токен"):
        await _ask(db, actor, (await _ids(db))["900000001"])


async def test_a_code_is_kept_encrypted(db: Database) -> None:
    actor, _ = await _shop(db)
    ids = await _ids(db)
    await _ask(db, actor, ids["900000007"], Request(ActionKind.COMPLETE, code="12 34"))
    async with db.read() as tx:
        action = (await tx.scalars(select(OrderAction))).one()
    assert action.code is not None
    assert "1234" not in action.code
    assert BOX.decrypt(action.code) == "1234"


async def test_a_selection_is_counted_before_and_begun_for_what_fits(db: Database) -> None:
    actor, _ = await _shop(db)
    everything = Selection(everything=OrderQuery())
    async with db.read() as tx:
        count = await selections.count(tx, actor, everything, ActionKind.ACCEPT, secrets=BOX)
    assert (count.fit, count.total_price, count.going_on) == (1, 2_598_000, 0)
    assert dict(count.left_out) == {
        ActionRefusal.MOVED_ON: 8,
        ActionRefusal.COMPLETED: 1,
        ActionRefusal.CANCELLED: 1,
    }
    async with db.write() as tx:
        batch_id = await selections.start(tx, actor, everything, ACCEPT, secrets=BOX, now=NOON)
    async with db.read() as tx:
        batch = await selections.find_open_batch(tx, actor, NOON)
        again = await selections.count(tx, actor, everything, ActionKind.ACCEPT, secrets=BOX)
    assert batch is not None
    assert (batch.id, batch.total, batch.waiting) == (batch_id, 1, 1)
    assert (again.fit, again.going_on) == (0, 1)
    async with db.write() as tx:
        with pytest.raises(InvalidInput):
            await selections.start(tx, actor, everything, ACCEPT, secrets=BOX, now=NOON)
        assert await selections.stop(tx, actor, batch_id, NOON) == 1
    async with db.read() as tx:
        assert (await selections.get_batch(tx, actor, batch_id)).dropped == 1


async def test_what_was_stopped_does_not_leave_any_more(db: Database) -> None:
    actor, _ = await _shop(db)
    chosen = Selection(ids=((await _ids(db))["900000001"],))
    async with db.write() as tx:
        batch_id = await selections.start(tx, actor, chosen, ACCEPT, secrets=BOX, now=NOON)
        (errand,) = await working.claim(tx, SYSTEM, NOON, limit=5, busy=(), secrets=BOX)
        await selections.stop(tx, actor, batch_id, NOON)
        assert not await working.leave(tx, SYSTEM, errand, NOON)


async def test_an_order_that_moved_meanwhile_does_not_leave(db: Database) -> None:
    actor, _ = await _shop(db)
    order_id = (await _ids(db))["900000001"]
    await _ask(db, actor, order_id)
    async with db.write() as tx:
        await tx.execute(
            update(Order)
            .where(col(Order.id) == order_id)
            .values(status=OrderStatus.CANCELLED, kaspi_state="ARCHIVE")
        )
        (errand,) = await working.claim(tx, SYSTEM, NOON, limit=5, busy=(), secrets=BOX)
        assert not await working.leave(tx, SYSTEM, errand, NOON)
    async with db.read() as tx:
        action = (await tx.scalars(select(OrderAction))).one()
    assert action.refusal == ActionRefusal.CANCELLED


async def test_more_than_a_thousand_at_once_is_too_many(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, store = await _shop(db)
    monkeypatch.setattr(rules, "MOST_AT_ONCE", 3)
    orders = [seen(f"91000000{n}", "NEW", "APPROVED_BY_BANK", NOON) for n in range(4)]
    await write(db, store, orders, NOON, secrets=BOX)
    async with db.read() as tx:
        with pytest.raises(LimitReached):
            await selections.count(
                tx, actor, Selection(everything=OrderQuery()), ActionKind.ACCEPT, secrets=BOX
            )


async def test_only_the_product_itself_works(db: Database) -> None:
    actor, _ = await _shop(db)
    async with db.write() as tx:
        with pytest.raises(PermissionDenied):
            await working.claim(tx, actor, NOON, limit=1, busy=(), secrets=BOX)
        with pytest.raises(PermissionDenied):
            await waybills.find_job(tx, actor, uuid4(), secrets=BOX)
        with pytest.raises(PermissionDenied):
            await waybills.forget_expired(tx, actor, NOON)
