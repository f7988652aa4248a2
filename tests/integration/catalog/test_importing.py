"""A file of terms: what each row would do is told first, then all is done or nothing, and taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from records import NOON, add_product, add_products, add_store, add_user, limit_bots, seller
from sqlmodel import col, select

from cube_demper.core.errors import CubeError, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.catalog.errors import UndoExpired
from cube_demper.domain.catalog.importing import service, work
from cube_demper.domain.catalog.importing.errors import ImportBusy, ImportMoved, ImportNotFound
from cube_demper.domain.catalog.importing.schemas import ImportView, asked_by
from cube_demper.domain.catalog.list_schemas import ProductFilter
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan
from cube_demper.models.catalog import Product
from cube_demper.models.imports import GoodsImportStatus, RowVerdict
from cube_demper.models.operations import AuditEntry, OutboxMessage
from cube_demper.models.staff import Area
from cube_demper.models.stores import KaspiStore
from workers.imports import KINDS

HEAD = "Артикул;Код магазина;Себестоимость;Мин. цена;Макс. цена;Шаг;Стратегия;Бот;Приоритет\n"


async def _shop(db: Database, **columns: object) -> tuple[User, KaspiStore]:
    async with db.write() as tx:
        user = await add_user(tx, **columns)  # type: ignore[arg-type]
        return user, await add_store(tx, user)


async def _run(db: Database, user: User, import_id: UUID) -> ImportView:
    await work.run(db, seller(user), import_id, KINDS, NOON)
    async with db.read() as tx:
        return await service.get_import(tx, seller(user), import_id)


async def _read(db: Database, user: User, text: str) -> ImportView:
    async with db.write() as tx:
        import_id = await service.start_import(tx, seller(user), "a.csv", text.encode(), NOON)
    return await _run(db, user, import_id)


async def _apply(db: Database, user: User, import_id: UUID) -> ImportView:
    async with db.write() as tx:
        await service.apply_import(tx, seller(user), import_id, NOON)
    return await _run(db, user, import_id)


async def _undo(db: Database, user: User, import_id: UUID) -> ImportView:
    async with db.write() as tx:
        await service.undo_import(tx, seller(user), import_id, NOON)
    return await _run(db, user, import_id)


async def _reasons(db: Database, user: User, import_id: UUID) -> dict[str, str]:
    async with db.read() as tx:
        rows = await service.list_rows(tx, seller(user), import_id, RowVerdict.REFUSED, 1)
    return {row.sku: row.reason for row in rows}


async def _product(db: Database, product: Product) -> Product:
    async with db.read() as tx:
        return (await tx.scalars(select(Product).where(col(Product.id) == product.id))).one()


async def test_all_columns_are_changed_and_come_back_as_they_were(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        on = await add_product(tx, store, kaspi_sku="ON", max_price=1_200_000)
        off = await add_product(
            tx, store, kaspi_sku="OFF", bot_active=False, bot_enabled_at=None, min_price=None
        )
    found = await _read(
        db,
        user,
        HEAD + "OFF;;6 500,50;8 000;12000;15;Топ-3;да;да\n" + "ON;;;;удалить;;;нет;\n",
    )
    assert (found.status, found.changed, found.refused) == (GoodsImportStatus.READY, 2, 0)
    assert (await _product(db, off)).min_price is None
    assert (await _apply(db, user, found.id)).status is GoodsImportStatus.APPLIED
    now_on = await _product(db, off)
    assert (now_on.cost_price, now_on.min_price, now_on.max_price) == (650_050, 800_000, 1_200_000)
    assert (now_on.bot_active, now_on.base_price, now_on.is_priority) == (True, 1_000_000, True)
    assert (now_on.demping_strategy, now_on.strategy_params) == ("stay_top_n", {"top_n": 3})
    now_off = await _product(db, on)
    assert (now_off.bot_active, now_off.max_price, now_off.min_price) == (False, None, 900_000)
    undone = await _undo(db, user, found.id)
    assert (undone.status, undone.done, undone.kept) == (GoodsImportStatus.UNDONE, 2, 0)
    back_off, back_on = await _product(db, off), await _product(db, on)
    assert (back_off.bot_active, back_off.min_price, back_off.cost_price) == (False, None, None)
    assert (back_off.demping_strategy, back_off.strategy_params) == ("standard", {})
    assert (back_on.bot_active, back_on.max_price) == (True, 1_200_000)
    assert back_on.bot_enabled_at == on.bot_enabled_at


async def test_each_refused_row_says_why_and_the_rest_goes_on(db: Database) -> None:
    user, store = await _shop(db)
    stranger, other = await _shop(db)
    async with db.write() as tx:
        for sku in ("GOOD", "TWICE", "ORDER", "TEXT", "PART", "LAST"):
            await add_product(tx, store, kaspi_sku=sku)
        foreign = await add_product(tx, other, kaspi_sku="FOREIGN")
        nameless = await add_product(
            tx, store, kaspi_sku="NO-CARD", external_kaspi_id=None, bot_active=False
        )
    found = await _read(
        db,
        user,
        "Артикул;Мин. цена;Макс. цена;Бот\n"
        "GOOD;8000;;\nTWICE;1;;\nTWICE;2;;\nORDER;9000;8000;\nTEXT;дёшево;;\nPART;12 990,50;;\n"
        "LAST;удалить;;\nFOREIGN;8000;;\nNO-CARD;;;да\n;5;;\n",
    )
    assert (found.changed, found.refused) == (1, 10 - 1)
    reasons = await _reasons(db, user, found.id)
    assert reasons["TWICE"] == "артикул повторяется в строках 3, 4"
    assert "больше макс. цены" in reasons["ORDER"]
    assert reasons["TEXT"].startswith("«Мин. цена»: Введите сумму цифрами")
    assert "без тиынов" in reasons["PART"]
    assert reasons["LAST"] == "бот включён, а других границ нет"
    assert reasons["FOREIGN"] == "нет такого артикула"
    assert reasons["NO-CARD"] == "нет кода карточки Kaspi"
    assert reasons[""] == "нет артикула"
    await _apply(db, user, found.id)
    assert (await _product(db, foreign)).min_price == 900_000
    assert not (await _product(db, nameless)).bot_active
    with pytest.raises(ImportNotFound):
        async with db.read() as tx:
            await service.list_rows(tx, seller(stranger), found.id, RowVerdict.CHANGE, 1)


async def test_the_same_sku_in_two_stores_is_told_apart_by_the_stores_code(db: Database) -> None:
    user, first = await _shop(db)
    async with db.write() as tx:
        second = await add_store(tx, user)
        one = await add_product(tx, first, kaspi_sku="A")
        two = await add_product(tx, second, kaspi_sku="A")
    vague = await _read(db, user, "Артикул;Мин. цена\nA;8000\n")
    assert "укажите код магазина" in (await _reasons(db, user, vague.id))["A"]
    head = "Артикул;Код магазина;Мин. цена\n"
    lines = f"A;{first.merchant_id};7000\nA;{second.merchant_id};8000\n"
    found = await _read(db, user, head + lines)
    await _apply(db, user, found.id)
    assert (await _product(db, one)).min_price == 700_000
    assert (await _product(db, two)).min_price == 800_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Товар;Мин. цена\nA;1\n", "Не нашли столбец «Артикул»"),
        ("Артикул;Название\nA;1\n", "Нет ни одного столбца"),
        ("Артикул;Мин. цена;Мин. цена, ₸\nA;1;2\n", "встречается дважды"),
        ("Артикул;Мин. цена\n", "только заголовок"),
        ("\n", "Файл пустой"),
    ],
)
async def test_a_file_that_cannot_be_used_is_refused_in_words(
    db: Database, text: str, words: str
) -> None:
    user, _ = await _shop(db)
    found = await _read(db, user, text)
    assert found.status is GoodsImportStatus.REFUSED
    assert words in found.note
    with pytest.raises(ImportMoved):
        await _apply(db, user, found.id)


async def test_goods_that_changed_since_the_preview_are_shown_anew_and_nothing_is_written(
    db: Database,
) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        touched = await add_product(tx, store, kaspi_sku="A")
        other = await add_product(tx, store, kaspi_sku="B")
    found = await _read(db, user, "Артикул;Мин. цена\nA;8000\nB;8000\n")
    async with db.write() as tx:
        await catalog.change_terms(
            tx, seller(user), touched.id, TermsChange(min_price=850_000), NOON
        )
    again = await _apply(db, user, found.id)
    assert (again.status, again.changed) == (GoodsImportStatus.READY, 2)
    assert "изменилась" in again.note
    assert (await _product(db, other)).min_price == 900_000
    assert (await _apply(db, user, found.id)).status is GoodsImportStatus.APPLIED
    assert (await _product(db, touched)).min_price == 800_000


async def test_undo_leaves_what_somebody_changed_since_and_ends_after_a_day(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        touched = await add_product(tx, store, kaspi_sku="A")
        untouched = await add_product(tx, store, kaspi_sku="B")
    found = await _read(db, user, "Артикул;Мин. цена\nA;8000\nB;8000\n")
    await _apply(db, user, found.id)
    async with db.write() as tx:
        await catalog.change_terms(
            tx, seller(user), touched.id, TermsChange(min_price=850_000), NOON
        )
        late = NOON + timedelta(days=1, seconds=1)
        with pytest.raises(UndoExpired):
            await service.undo_import(tx, seller(user), found.id, late)
    undone = await _undo(db, user, found.id)
    assert (undone.done, undone.kept) == (1, 1)
    assert (await _product(db, touched)).min_price == 850_000
    assert (await _product(db, untouched)).min_price == 900_000


async def test_bots_beyond_the_plan_are_refused(db: Database) -> None:
    user, store = await _shop(db, plan=Plan.FREE)
    async with db.write() as tx:
        await limit_bots(tx, 2, Plan.FREE)
        await add_products(tx, store, 2)
        await add_product(tx, store, kaspi_sku="A", bot_active=False)
    found = await _read(db, user, "Артикул;Бот\nA;да\n")
    assert (await _reasons(db, user, found.id))["A"] == "больше не вмещает тариф"


async def test_a_cancelled_import_does_nothing_and_one_runs_at_a_time(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        product = await add_product(tx, store, kaspi_sku="A")
    found = await _read(db, user, "Артикул;Мин. цена\nA;8000\n")
    async with db.write() as tx:
        await service.apply_import(tx, seller(user), found.id, NOON)
        with pytest.raises(ImportBusy):
            await service.start_import(tx, seller(user), "b.csv", b"x", NOON)
        await service.cancel_import(tx, seller(user), found.id)
    assert (await _run(db, user, found.id)).status is GoodsImportStatus.CANCELLED
    assert (await _product(db, product)).min_price == 900_000


async def test_an_apply_run_twice_changes_once(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        await add_product(tx, store, kaspi_sku="A")
    found = await _read(db, user, "Артикул;Мин. цена\nA;8000\n")
    first = await _apply(db, user, found.id)
    assert await _run(db, user, found.id) == first
    with pytest.raises(CubeError):
        await _apply(db, user, found.id)


async def test_an_export_read_back_changes_nothing(db: Database) -> None:
    user, store = await _shop(db)
    stranger, _ = await _shop(db)
    async with db.write() as tx:
        for number in range(3):
            await add_product(tx, store, name=f"=Чай {number}", cost_price=650_050)
    async with db.read() as tx:
        rows = [
            row
            async for batch in service.sheet_rows(tx, seller(user), ProductFilter())
            for row in batch
        ]
        nothing = [b async for b in service.sheet_rows(tx, seller(stranger), ProductFilter())]
    assert len(rows) == 3
    assert nothing == []
    cells = [[str(cell if cell is not None else "") for cell in row] for row in rows]
    head = "Артикул;Название;Магазин;Код магазина;Цена;Себестоимость;Мин. цена;Макс. цена;Шаг;"
    text = head + "Стратегия;Бот;Приоритет\n" + "\n".join(";".join(row) for row in cells)
    found = await _read(db, user, text)
    assert (found.changed, found.same, found.refused) == (0, 3, 0)


async def test_a_manager_needs_the_right_to_prices(db: Database) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        await add_product(tx, store, kaspi_sku="A")
        person = await add_user(tx)
    without = Actor(Role.USER, person.id, acts_for=user.id)
    found = await _read(db, user, "Артикул;Мин. цена\nA;8000\n")
    for act in (
        lambda tx: service.start_import(tx, without, "a.csv", b"sku", NOON),
        lambda tx: service.apply_import(tx, without, found.id, NOON),
        lambda tx: service.undo_import(tx, without, found.id, NOON),
        lambda tx: service.cancel_import(tx, without, found.id),
    ):
        with pytest.raises(PermissionDenied):
            async with db.write() as tx:
                await act(tx)
    allowed = Actor(Role.USER, person.id, acts_for=user.id, rights=frozenset({Area.PRICES}))
    async with db.write() as tx:
        await service.apply_import(tx, allowed, found.id, NOON)
    assert (await _run(db, user, found.id)).status is GoodsImportStatus.APPLIED


async def test_what_a_manager_applied_and_the_seller_took_back_is_written_down_so(
    db: Database,
) -> None:
    user, store = await _shop(db)
    async with db.write() as tx:
        await add_product(tx, store, kaspi_sku="A")
        person = await add_user(tx)
    manager = Actor(Role.USER, person.id, acts_for=user.id, rights=frozenset({Area.PRICES}))
    found = await _read(db, user, "Артикул;Мин. цена\nA;8000\n")
    soon, later = NOON + timedelta(minutes=1), NOON + timedelta(minutes=5)
    asked = [(service.apply_import, manager, soon), (service.undo_import, seller(user), later)]
    for act, actor, now in asked:
        async with db.write() as tx:
            await act(tx, actor, found.id, now)
        async with db.read() as tx:
            newest = select(OutboxMessage).where(
                col(OutboxMessage.key) == f"{found.id}:{now.isoformat()}"
            )
            message = (await tx.scalars(newest)).one()
        await work.run(db, asked_by(message.payload), found.id, KINDS, now)
    async with db.read() as tx:
        entries = (
            await tx.scalars(select(AuditEntry).where(col(AuditEntry.entity) == "goods_import"))
        ).all()
    assert {(it.action, it.actor_id, it.owner_id) for it in entries} == {
        ("goods_imported", person.id, user.id),
        ("goods_import_undone", user.id, user.id),
    }
