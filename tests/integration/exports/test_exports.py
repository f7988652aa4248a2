from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime, timedelta

import pytest
from orders_made import seen, write
from payout_scene import Sheet, order, sale_of
from records import NOON, add_decision, add_product, add_store, add_user, seller
from sqlalchemy import select

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, LimitReached, NotFound, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.economics.payouts import service as payouts
from cube_demper.domain.economics.payouts import work as payout_work
from cube_demper.domain.exports import service as exports
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.integrations.spreadsheets.reader import payout_lines
from cube_demper.models.economics import StoreEconomics
from cube_demper.models.exports import DataExport
from cube_demper.models.messages import ScheduledMessage, WhatsAppMessage, WhatsAppTemplate
from cube_demper.models.messaging import WhatsAppContact, WhatsAppSession, WhatsAppStore
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.staff import Area
from cube_demper.models.stores import KaspiStore

SECRET = "cookies-of-the-cabinet"
BOX = SecretBox(["a test's own key"])


async def someone(db: Database, name: str = "Чайник") -> Actor:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, guid={"v": 1, "cookies": SECRET, "password": SECRET})
        product = await add_product(tx, store, name=name, min_price=900_000)
        await add_decision(tx, product, PriceStatus.CONFIRMED)
    return seller(user)


async def ask(db: Database, actor: Actor, now: datetime = NOON) -> None:
    async with db.write() as tx:
        await exports.ask(tx, actor, now)


async def make(db: Database, now: datetime = NOON) -> None:
    async with db.read() as tx:
        ids = (await tx.scalars(select(DataExport.id))).all()
    for export_id in ids:
        await exports.make(db, BOX, export_id, now)


async def take(db: Database, actor: Actor, now: datetime = NOON) -> zipfile.ZipFile:
    async with db.write() as tx:
        token = await exports.new_link(tx, actor, now)
        return zipfile.ZipFile(io.BytesIO(await exports.take(tx, actor, token, now)))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


async def test_the_archive_holds_what_is_theirs_and_no_secret(db: Database) -> None:
    actor, _other = await someone(db), await someone(db, "Чужой")
    await ask(db, actor)
    await make(db)
    archive = await take(db, actor)
    (product,) = rows(archive, "товары.csv")
    assert (product["название"], product["цена"], product["мин_цена"]) == (
        "Чайник",
        "10000",
        "9000",
    )
    (change,) = rows(archive, "журнал_цен.csv")
    assert (change["стала"], change["состояние"]) == ("9900", "confirmed")
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert SECRET.encode() not in whole
    assert "Чужой".encode() not in whole
    assert actor.email.encode() in archive.read("профиль.json")


async def a_sale(db: Database, name: str) -> Actor:
    """Make a seller who sold to one buyer, told their terms and loaded a payout report."""
    async with db.write() as tx:
        user = await add_user(tx)
        store: KaspiStore = await add_store(tx, user)
        tx.add(StoreEconomics(store_id=store.id, regime="ip_simplified", packaging=15_050))
    buyer = Buyer(name, "+77010000001")
    sold = seen("900000001", "ARCHIVE", "COMPLETED", NOON, buyer=buyer, goods=("Плед", "Фен"))
    hidden = seen("900000002", "NEW", "APPROVED_BY_BANK", NOON, buyer=Buyer(name, None))
    await write(db, store, [sold, hidden], NOON, secrets=BOX)
    actor = seller(user)
    report = ("выплаты.csv", Sheet((sale_of(order(1, 500_000)),)).csv())
    async with db.write() as tx:
        report_id = await payouts.start_report(tx, actor, store.id, report, NOON)
    await payout_work.run(db, actor, report_id, payout_lines, NOON)
    return actor


async def test_sales_terms_and_payouts_are_there_with_buyers_as_the_seller_sees_them(
    db: Database,
) -> None:
    actor, _other = await a_sale(db, "Айгерим Тестова"), await a_sale(db, "Чужая Покупательница")
    await ask(db, actor)
    await make(db)
    archive = await take(db, actor)
    orders = {it["заказ"]: it for it in rows(archive, "заказы.csv")}
    assert set(orders) == {"900000001", "900000002"}
    sold = orders["900000001"]
    assert (sold["покупатель"], sold["сумма"]) == ("Айгерим Тестова", "25980")
    # «+7…» would be a formula.
    assert sold["телефон_покупателя"] == "'+77010000001"
    assert (sold["адрес_покупателя"], sold["состояние"]) == (
        "Алматы, улица Примерная, 7",
        "COMPLETED",
    )
    assert orders["900000002"]["телефон_покупателя"] == ""
    assert {it["название"] for it in rows(archive, "товары_заказов.csv")} >= {"Плед", "Фен"}
    assert {it["заказ"] for it in rows(archive, "история_заказов.csv")} == set(orders)
    (terms,) = rows(archive, "условия_продажи.csv")
    assert (terms["налоговый_режим"], terms["упаковка"]) == ("ip_simplified", "150.50")
    (report,) = rows(archive, "отчёты_о_выплатах.csv")
    assert (report["файл"], report["период_с"]) == ("выплаты.csv", "2026-11-01")
    (line,) = rows(archive, "строки_выплат.csv")
    assert (line["заказ"], line["сумма"], line["сходится"]) == ("800000001", "5000", "нет")
    (difference,) = rows(archive, "различия_выплат.csv")
    assert difference["вид"] == "unknown_order"
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert "Чужая".encode() not in whole


async def a_talk(db: Database, name: str) -> Actor:
    """Make a seller who wrote to one buyer over WhatsApp and has a letter waiting."""
    async with db.write() as tx:
        user = await add_user(tx)
        store: KaspiStore = await add_store(tx, user)
        number = WhatsAppSession(
            user_id=user.id, name=f"s-{user.id}", label="Основной", hmac_key=BOX.encrypt(SECRET),
            phone=BOX.encrypt("+77010000009"),
        )  # fmt: skip
        contact = WhatsAppContact(
            user_id=user.id, phone=BOX.encrypt("+77010000001"), name=BOX.encrypt(name),
            phone_hash=BOX.fingerprint("+77010000001"),
        )  # fmt: skip
        tx.add_all([number, contact])
        await tx.flush()
        tx.add(WhatsAppStore(store_id=store.id, session_id=number.id, is_enabled=True))
        tx.add(
            WhatsAppTemplate(
                user_id=user.id,
                trigger_event="order_approved",
                language="ru",
                message="Заказ готов",
            )
        )
        tx.add(
            WhatsAppMessage(
                user_id=user.id, session_id=number.id, contact_id=contact.id, is_outgoing=True,
                body=BOX.encrypt(f"{name}, здравствуйте"), short_id="A1", status="sent",
                happened_at=NOON, order_code="900000001",
            )
        )  # fmt: skip
        tx.add(
            ScheduledMessage(
                user_id=user.id, store_id=store.id, contact_id=contact.id, kind="order",
                priority=1, dedupe_key="k", scheduled_at=NOON,
            )
        )  # fmt: skip
    return seller(user)


async def test_whatsapp_is_there_without_its_keys(db: Database) -> None:
    actor, _other = await a_talk(db, "Айгерим"), await a_talk(db, "Чужая")
    await ask(db, actor)
    await make(db)
    archive = await take(db, actor)
    (number,) = rows(archive, "whatsapp_номера.csv")
    assert (number["название"], number["номер_whatsapp"]) == ("Основной", "'+77010000009")
    (message,) = rows(archive, "whatsapp_сообщения.csv")
    assert (message["собеседник"], message["сообщение"]) == ("Айгерим", "Айгерим, здравствуйте")
    (waiting,) = rows(archive, "whatsapp_очередь.csv")
    assert (waiting["телефон_собеседника"], waiting["сообщение"]) == ("'+77010000001", "")
    assert rows(archive, "whatsapp_шаблоны.csv")[0]["шаблон"] == "Заказ готов"
    assert rows(archive, "whatsapp_магазины.csv")[0]["номер"] == "Основной"
    assert rows(archive, "whatsapp_контакты.csv")[0]["собеседник"] == "Айгерим"
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert SECRET.encode() not in whole
    assert "Чужая".encode() not in whole


async def test_a_formula_in_a_name_is_only_text(db: Database) -> None:
    actor = await someone(db, "=HYPERLINK(1)")
    await ask(db, actor)
    await make(db)
    assert rows(await take(db, actor), "товары.csv")[0]["название"] == "'=HYPERLINK(1)"


async def test_ready_is_told_once_and_made_once(db: Database) -> None:
    actor = await someone(db)
    await ask(db, actor)
    await make(db)
    await make(db, NOON + timedelta(hours=1))
    async with db.read() as tx:
        state = await exports.state_of(tx, actor, NOON)
        told = await notifications.list_latest(tx, actor)
    assert (state.status, state.expires_at) == ("ready", NOON + timedelta(days=1))
    assert [row.kind for row in told] == ["export_ready"]


async def test_a_link_works_once_and_for_its_seller(db: Database) -> None:
    actor, other = await someone(db), await someone(db)
    await ask(db, actor)
    await make(db)
    async with db.write() as tx:
        token = await exports.new_link(tx, actor, NOON)
    got = []
    for who in (other, actor, actor):
        try:
            async with db.write() as tx:
                got.append(bool(await exports.take(tx, who, token, NOON)))
        except NotFound:
            got.append(False)
    assert got == [False, True, False]


async def test_after_a_day_it_is_gone(db: Database) -> None:
    actor = await someone(db)
    await ask(db, actor)
    await make(db)
    later = NOON + timedelta(days=1, seconds=1)
    with pytest.raises(NotFound):
        await take(db, actor, later)
    async with db.write() as tx:
        await exports.forget_expired(tx, SYSTEM, later)
        assert (await tx.scalars(select(DataExport.archive))).one() is None


async def test_asking_is_limited(db: Database) -> None:
    actor = await someone(db)
    for minutes in range(3):
        now = NOON + timedelta(minutes=minutes)
        await ask(db, actor, now)
        with pytest.raises(Conflict):
            await ask(db, actor, now)
        await make(db, now)
    with pytest.raises(LimitReached):
        await ask(db, actor, NOON + timedelta(minutes=3))
    async with db.read() as tx:
        assert len((await tx.scalars(select(OutboxMessage))).all()) == 3
    await ask(db, actor, NOON + timedelta(days=1))


async def test_a_manager_neither_asks_nor_takes(db: Database) -> None:
    owner = await someone(db)
    manager = Actor(Role.USER, owner.user_id, "m@example.kz", owner.user_id, frozenset(Area))
    for call in (exports.ask, exports.new_link, exports.state_of):
        with pytest.raises(PermissionDenied):
            async with db.write() as tx:
                await call(tx, manager, NOON)
