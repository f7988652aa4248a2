"""Costs on a real database: by hand, by batches, by file, and never of somebody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from records import NOON, add_product, add_store, add_user, seller
from sqlalchemy import select

from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.catalog.importing import service as imports
from cube_demper.domain.catalog.importing import work
from cube_demper.domain.catalog.importing.schemas import ImportView
from cube_demper.domain.economics.costs import service
from cube_demper.domain.economics.costs.errors import CostedProductNotFound, MovementNotFound
from cube_demper.domain.economics.costs.schemas import CostView
from cube_demper.models.catalog import CostMethod, Product
from cube_demper.models.costs import CostBatch, IssueReason
from cube_demper.models.imports import GoodsImportStatus, ImportKind, RowVerdict
from cube_demper.models.operations import AuditEntry
from cube_demper.models.staff import Area
from workers.imports import KINDS

DAY = date(2026, 11, 20)
LATER = NOON + timedelta(hours=1)
EVENING = LATER + timedelta(hours=1)
"""Files come later than batches by hand, whose moments tick on from `LATER`."""
_ticks = count()
HEAD = "Артикул;Код магазина;Дата;Количество;Цена закупки\n"


async def someone(db: Database, **columns: object) -> tuple[Actor, UUID]:
    async with db.write() as tx:
        user = await add_user(tx)
        product = await add_product(tx, await add_store(tx, user), **columns)
    return seller(user), product.id


async def read(db: Database, product_id: UUID) -> Product:
    async with db.read() as tx:
        return (await tx.scalars(select(Product).where(Product.id == product_id))).one()  # type: ignore[arg-type]


async def view(db: Database, actor: Actor, product_id: UUID) -> CostView:
    async with db.read() as tx:
        return await service.get_costs(tx, actor, product_id)


async def buy(
    db: Database,
    actor: Actor,
    product_id: UUID,
    quantity: int,
    unit_cost: int,
    *,
    on: date = DAY,
    at: datetime = LATER,
) -> UUID:
    async with db.write() as tx:
        return await service.add_batch(
            tx,
            actor,
            product_id,
            bought_on=on,
            quantity=quantity,
            unit_cost=unit_cost,
            now=at + timedelta(seconds=next(_ticks)),
        )


async def sell(db: Database, actor: Actor, product_id: UUID, quantity: int) -> UUID:
    async with db.write() as tx:
        return await service.add_issue(
            tx,
            actor,
            product_id,
            issued_on=DAY,
            quantity=quantity,
            reason=IssueReason.SALE,
            now=LATER,
        )


async def choose(db: Database, actor: Actor, product_id: UUID, method: CostMethod) -> None:
    async with db.write() as tx:
        await service.choose_method(tx, actor, product_id, method, LATER)


async def read_batches(db: Database, actor: Actor, text: str) -> ImportView:
    """Send a file of batches and have it read."""
    async with db.write() as tx:
        import_id = await imports.start_import(
            tx, actor, "a.csv", (HEAD + text).encode(), EVENING, kind=ImportKind.BATCHES
        )
    return await go_on(db, actor, import_id)


async def go_on(db: Database, actor: Actor, import_id: UUID, now: datetime = EVENING) -> ImportView:
    await work.run(db, actor, import_id, KINDS, now)
    async with db.read() as tx:
        return await imports.get_import(tx, actor, import_id)


async def apply(
    db: Database, actor: Actor, import_id: UUID, method: CostMethod = CostMethod.FIFO
) -> ImportView:
    async with db.write() as tx:
        await imports.apply_import(tx, actor, import_id, EVENING, method)
    return await go_on(db, actor, import_id)


async def undo(db: Database, actor: Actor, import_id: UUID) -> ImportView:
    async with db.write() as tx:
        await imports.undo_import(tx, actor, import_id, EVENING)
    return await go_on(db, actor, import_id)


async def test_a_cost_by_hand_makes_the_bot_look_anew_and_is_written_down(db: Database) -> None:
    actor, product_id = await someone(db, next_check_at=NOON + timedelta(days=1))
    async with db.write() as tx:
        await service.set_cost(tx, actor, product_id, 770_050, LATER)
    kept = await read(db, product_id)
    assert (kept.cost_price, kept.cost_method) == (770_050, "manual")
    assert kept.next_check_at == LATER
    async with db.read() as tx:
        entry = (await tx.scalars(select(AuditEntry))).one()
    assert entry.action == "product_cost_changed"
    assert entry.details["old"]["cost_price"] is None
    assert entry.details["new"]["cost_price"] == 770_050


async def test_a_cost_can_be_forgotten_and_is_then_missing(db: Database) -> None:
    actor, product_id = await someone(db, cost_price=500_000)
    async with db.write() as tx:
        await service.set_cost(tx, actor, product_id, None, LATER)
    assert (await read(db, product_id)).cost_price is None
    async with db.read() as tx:
        assert await service.count_without_cost(tx, actor) == 1


async def test_batches_make_the_cost_once_they_are_chosen(db: Database) -> None:
    actor, product_id = await someone(db, cost_price=500_000)
    await buy(db, actor, product_id, 10, 600_000)
    assert (await read(db, product_id)).cost_price == 500_000
    await choose(db, actor, product_id, CostMethod.FIFO)
    assert (await read(db, product_id)).cost_price == 600_000
    await buy(db, actor, product_id, 10, 700_000, on=DAY + timedelta(days=1))
    assert (await read(db, product_id)).cost_price == 600_000
    await choose(db, actor, product_id, CostMethod.AVERAGE)
    assert (await read(db, product_id)).cost_price == 650_000


async def test_sales_move_the_cost_to_the_next_batch_and_back(db: Database) -> None:
    actor, product_id = await someone(db)
    await buy(db, actor, product_id, 2, 600_000)
    await buy(db, actor, product_id, 5, 700_000)
    await choose(db, actor, product_id, CostMethod.FIFO)
    sold = await sell(db, actor, product_id, 3)
    told = await view(db, actor, product_id)
    assert (told.cost, told.left, told.value) == (700_000, 4, 2_800_000)
    assert [it.cost for it in told.issues] == [1_900_000]
    async with db.write() as tx:
        await service.remove_issue(tx, actor, product_id, sold, LATER)
    assert (await read(db, product_id)).cost_price == 600_000


async def test_an_empty_shelf_keeps_the_last_price_as_an_estimate(db: Database) -> None:
    actor, product_id = await someone(db)
    await buy(db, actor, product_id, 2, 600_000)
    await choose(db, actor, product_id, CostMethod.FIFO)
    await sell(db, actor, product_id, 3)
    told = await view(db, actor, product_id)
    assert (told.cost, told.is_estimate, told.short) == (600_000, True, 1)
    assert [it.cost for it in told.issues] == [None]


async def test_without_the_last_batch_the_cost_is_the_sellers_again(db: Database) -> None:
    actor, product_id = await someone(db)
    batch = await buy(db, actor, product_id, 2, 600_000)
    await choose(db, actor, product_id, CostMethod.AVERAGE)
    async with db.write() as tx:
        await service.remove_batch(tx, actor, product_id, batch, LATER)
    kept = await read(db, product_id)
    assert (kept.cost_price, kept.cost_method) == (600_000, "manual")


async def test_what_cannot_be_is_refused(db: Database) -> None:
    actor, product_id = await someone(db)
    with pytest.raises(InvalidInput, match="Сначала добавьте партию"):
        await choose(db, actor, product_id, CostMethod.FIFO)
    for quantity, unit_cost, on in ((0, 1, DAY), (1, -1, DAY), (1, 1, DAY + timedelta(days=30))):
        with pytest.raises(InvalidInput):
            await buy(db, actor, product_id, quantity, unit_cost, on=on)
    with pytest.raises(MovementNotFound):
        async with db.write() as tx:
            await service.remove_batch(tx, actor, product_id, uuid4(), LATER)


async def test_another_seller_reads_and_changes_nothing(db: Database) -> None:
    owner, product_id = await someone(db)
    stranger, own_id = await someone(db)
    batch = await buy(db, owner, product_id, 2, 600_000)
    with pytest.raises(CostedProductNotFound):
        await view(db, stranger, product_id)
    with pytest.raises(CostedProductNotFound):
        await buy(db, stranger, product_id, 1, 1)
    with pytest.raises(CostedProductNotFound):
        await choose(db, stranger, product_id, CostMethod.FIFO)
    for of in (product_id, own_id):
        with pytest.raises(NotFound):
            async with db.write() as tx:
                await service.remove_batch(tx, stranger, of, batch, LATER)
    async with db.write() as tx:
        with pytest.raises(CostedProductNotFound):
            await service.set_cost(tx, stranger, product_id, 1, LATER)
    with pytest.raises(PermissionDenied):
        await view(db, NOBODY, product_id)
    assert len((await view(db, owner, product_id)).batches) == 1


async def test_a_manager_needs_the_right_to_prices(db: Database) -> None:
    owner, product_id = await someone(db)
    async with db.write() as tx:
        person = await add_user(tx)
    without = Actor(Role.USER, person.id, acts_for=owner.user_id)
    allowed = Actor(Role.USER, person.id, acts_for=owner.user_id, rights=frozenset({Area.PRICES}))
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await service.set_cost(tx, without, product_id, 1_000, LATER)
    assert (await read(db, product_id)).cost_price is None
    async with db.write() as tx:
        await service.set_cost(tx, allowed, product_id, 1_000, LATER)
    assert (await read(db, product_id)).cost_price == 1_000


async def test_goods_without_a_cost_are_counted_and_listed_bots_first(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store, other = await add_store(tx, user), await add_store(tx, user)
        await add_product(tx, store, name="А", bot_active=False, min_price=None)
        await add_product(tx, store, name="Я")
        await add_product(tx, store, cost_price=0)
        await add_product(tx, other, name="Б")
    await someone(db)
    actor = seller(user)
    async with db.read() as tx:
        assert await service.count_without_cost(tx, actor) == 3
        assert await service.count_without_cost(tx, actor, store.id) == 2
        listed = await service.list_without_cost(tx, actor)
        assert await service.list_without_cost(tx, actor, page=2) == ()
    assert [it.name for it in listed] == ["Б", "Я", "А"]


async def test_a_file_is_shown_first_then_done_and_twice_adds_nothing(db: Database) -> None:
    actor, product_id = await someone(db, kaspi_sku="A-1", cost_price=1)
    await someone(db, kaspi_sku="B-2")
    text = (
        "A-1;;20.11.2026;10;6 000\nA-1;;21.11.2026;10;7000,50\nA-1;;20.11.2026;10;6000\n"
        "B-2;;20.11.2026;1;5\nA-1;;20.11.2027;1;5\nA-1;;20.11.2026;1;\n"
    )
    told = await read_batches(db, actor, text)
    assert (told.changed, told.same, told.refused) == (3, 0, 3)
    async with db.read() as tx:
        rows = await imports.list_rows(tx, actor, told.id, RowVerdict.REFUSED, 1)
    assert [(it.number, it.sku) for it in rows] == [(5, "B-2"), (6, "A-1"), (7, "A-1")]
    assert [it.reason for it in rows][::2] == ["нет такого артикула", "нет цены закупки"]
    assert (await read(db, product_id)).cost_price == 1
    assert (await apply(db, actor, told.id)).status is GoodsImportStatus.APPLIED
    kept = await read(db, product_id)
    assert (kept.cost_price, kept.cost_method) == (600_000, "fifo")
    again = await read_batches(db, actor, text)
    assert (again.changed, again.same, again.refused) == (0, 3, 3)
    assert len((await view(db, actor, product_id)).batches) == 3


async def test_a_file_of_batches_can_leave_costs_alone(db: Database) -> None:
    actor, product_id = await someone(db, kaspi_sku="A-1", cost_price=1)
    told = await read_batches(db, actor, "A-1;;20.11.2026;10;6000\n")
    await apply(db, actor, told.id, CostMethod.MANUAL)
    kept = await read(db, product_id)
    assert (kept.cost_price, kept.cost_method) == (1, "manual")
    assert len((await view(db, actor, product_id)).batches) == 1
    assert (await undo(db, actor, told.id)).done == 1
    assert (await view(db, actor, product_id)).batches == ()
    assert (await read(db, product_id)).cost_price == 1


async def test_batches_of_a_file_come_back_where_nobody_has_changed_the_cost_since(
    db: Database,
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        goods = [
            await add_product(tx, store, kaspi_sku=sku, cost_price=500_000)
            for sku in ("HAND", "BATCHES", "TOUCHED", "SET")
        ]
    actor = seller(user)
    hand, batches, touched, by_hand_since = (product.id for product in goods)
    await buy(db, actor, batches, 1, 550_000)
    await choose(db, actor, batches, CostMethod.AVERAGE)
    text = "".join(f"{it.kaspi_sku};;20.11.2026;10;7000\n" for it in goods)
    told = await apply(db, actor, (await read_batches(db, actor, text)).id)
    assert (await read(db, hand)).cost_price == 700_000
    await buy(db, actor, touched, 1, 100_000, at=EVENING + timedelta(minutes=1))
    async with db.write() as tx:
        await service.set_cost(tx, actor, by_hand_since, 1_000, LATER)
    undone = await undo(db, actor, told.id)
    assert (undone.done, undone.kept) == (2, 2)
    back = await read(db, hand)
    assert (back.cost_price, back.cost_method) == (500_000, "manual")
    back = await read(db, batches)
    assert (back.cost_price, back.cost_method) == (550_000, "average")
    assert len((await view(db, actor, batches)).batches) == 1
    assert len((await view(db, actor, touched)).batches) == 2
    assert (await read(db, by_hand_since)).cost_price == 1_000


async def test_a_batch_added_meanwhile_has_the_file_read_again(db: Database) -> None:
    actor, product_id = await someone(db, kaspi_sku="A-1")
    told = await read_batches(db, actor, "A-1;;20.11.2026;10;6000\n")
    await buy(db, actor, product_id, 10, 600_000, at=EVENING + timedelta(minutes=1))
    read_again = await apply(db, actor, told.id)
    assert (read_again.status, read_again.note != "") == (GoodsImportStatus.READY, True)
    assert len((await view(db, actor, product_id)).batches) == 1


async def test_one_article_in_two_stores_asks_for_the_store(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        for merchant_id in ("111", "222"):
            store = await add_store(tx, user, merchant_id=merchant_id)
            await add_product(tx, store, kaspi_sku="A-1")
    actor = seller(user)
    told = await read_batches(db, actor, "A-1;;20.11.2026;1;5\nA-1;222;20.11.2026;1;5\n")
    assert (told.changed, told.refused) == (1, 1)
    await apply(db, actor, told.id)
    async with db.read() as tx:
        (batch,) = (await tx.scalars(select(CostBatch))).all()
    assert batch.unit_cost == 500


async def test_a_cost_from_a_file_of_terms_is_the_sellers_own_and_comes_back(db: Database) -> None:
    actor, product_id = await someone(db, kaspi_sku="A-1")
    await buy(db, actor, product_id, 2, 600_000)
    await choose(db, actor, product_id, CostMethod.FIFO)
    async with db.write() as tx:
        content = "Артикул;Себестоимость\nA-1;5 500\n".encode()
        import_id = await imports.start_import(tx, actor, "a.csv", content, LATER)
    await work.run(db, actor, import_id, KINDS, LATER)
    async with db.write() as tx:
        await imports.apply_import(tx, actor, import_id, LATER)
    await work.run(db, actor, import_id, KINDS, LATER)
    kept = await read(db, product_id)
    assert (kept.cost_price, kept.cost_method) == (550_000, "manual")
    async with db.write() as tx:
        await imports.undo_import(tx, actor, import_id, LATER)
    await work.run(db, actor, import_id, KINDS, LATER)
    back = await read(db, product_id)
    assert (back.cost_price, back.cost_method) == (600_000, "fifo")
