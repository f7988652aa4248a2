"""The operator's list of stores says why each works or not, and what is done to one is written down."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from records import GUID, NOON, add_decision, add_product, add_store, add_user, seller
from sqlmodel import col, select

from cube_demper.core.errors import Conflict, InvalidInput, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.stores import administration as stores
from cube_demper.domain.stores import service
from cube_demper.domain.stores.staff_schemas import StoreState
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan
from cube_demper.models.operations import AuditEntry, Notification
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiStore

ADMIN = Actor(Role.ADMIN, uuid4(), "admin@example.kz")
SUPPORT = Actor(Role.SUPPORT, uuid4(), "support@example.kz")


async def deeds(db: Database, entity_id: UUID) -> list[tuple[str, UUID | None, dict[str, object]]]:
    async with db.read() as tx:
        rows = await tx.scalars(
            select(AuditEntry)
            .where(col(AuditEntry.entity_id) == str(entity_id))
            .order_by(col(AuditEntry.created_at))
        )
        return [(it.action, it.actor_id, it.details) for it in rows.all()]


async def test_every_store_stands_in_one_state_and_the_tab_lists_it(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        blocked = await add_user(tx, is_blocked=True)
        poor = await add_user(tx, plan=Plan.FREE)
        made = {
            StoreState.OWNER_BLOCKED: await add_store(tx, blocked),
            StoreState.OFF: await add_store(tx, user, is_active=False),
            StoreState.NO_SESSION: await add_store(tx, user, guid=None),
            StoreState.REFRESHING: await add_store(
                tx, user, needs_reauth=True, guid=GUID | {"password": "sealed"}
            ),
            StoreState.NEEDS_REAUTH: await add_store(
                tx, user, needs_reauth=True, reauth_reason="sms_required"
            ),
            StoreState.BANNED: await add_store(
                tx, user, sends_blocked_until=NOON + timedelta(minutes=9)
            ),
            StoreState.STOPPED: await add_store(tx, user, bot={"is_enabled": False}),
            StoreState.NO_PLAN: await add_store(tx, poor),
            StoreState.WORKS: await add_store(tx, user),
        }
        product = await add_product(tx, made[StoreState.WORKS], check_failures=2)
        await add_product(tx, made[StoreState.WORKS], bot_active=False)
        await add_decision(
            tx, product, PriceStatus.SENT, send_id=uuid4(), sent_at=NOON - timedelta(minutes=1)
        )
    async with db.read() as tx:
        everything = await stores.list_stores(tx, ADMIN, NOON)
        assert {it.id: it.state for it in everything.rows} == {
            store.id: state for state, store in made.items()
        }
        for state, store in made.items():
            page = await stores.list_stores(tx, ADMIN, NOON, state=state)
            assert ([it.id for it in page.rows], page.counts[state]) == ([store.id], 1)
            assert page.rows[0].why
        works = await stores.list_stores(tx, ADMIN, NOON, state=StoreState.WORKS)
        (line,) = works.rows
        assert (line.goods, line.bots, line.errors, line.changes) == (2, 1, 1, 1)
        found = await stores.list_stores(tx, ADMIN, NOON, search=blocked.email.upper())
        assert [it.id for it in found.rows] == [made[StoreState.OWNER_BLOCKED].id]
        assert not (await stores.list_stores(tx, ADMIN, NOON, search="100%")).rows


async def test_a_pause_drops_the_queue_and_is_told_and_written_down(db: Database) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx), name="Тау Маркет")
        await add_decision(tx, await add_product(tx, store), PriceStatus.QUEUED)
    async with db.read() as tx:
        forecast = await stores.pause_forecast(tx, ADMIN, store.id)
        assert (forecast.bots, forecast.queued) == (1, 1)
    with pytest.raises(InvalidInput, match="причину"):
        async with db.write() as tx:
            await stores.pause(tx, ADMIN, store.id, " ", NOON)
    async with db.write() as tx:
        assert (await stores.pause(tx, ADMIN, store.id, "Цены ниже закупки.", NOON)).dropped == 1
    with pytest.raises(Conflict, match="уже остановлен"):
        async with db.write() as tx:
            await stores.pause(tx, ADMIN, store.id, "Ещё раз", NOON)
    async with db.read() as tx:
        row = await tx.scalar(select(PriceHistory))
        told = await tx.scalar(select(Notification))
        assert row
        assert told
        assert (row.status, row.note) == (
            PriceStatus.SUPERSEDED,
            "Бот остановлен службой поддержки. Цены ниже закупки.",
        )
        assert (told.user_id, told.title) == (
            store.user_id,
            "«Тау Маркет»: бот остановлен поддержкой",
        )
    async with db.write() as tx:
        await stores.start(tx, ADMIN, store.id, NOON)
    written = await deeds(db, store.id)
    assert [(action, who) for action, who, _ in written] == [
        ("bot_stopped", ADMIN.user_id),
        ("bot_started", ADMIN.user_id),
    ]


async def test_asking_to_sign_in_tries_the_kept_password_before_the_seller(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        kept = await add_store(tx, user, guid=GUID | {"password": "sealed"})
        bare = await add_store(tx, user)
        never = await add_store(tx, user, guid=None)
    async with db.write() as tx:
        assert not await stores.ask_to_sign_in(tx, SUPPORT, kept.id, NOON)
    async with db.write() as tx:
        assert await stores.ask_to_sign_in(tx, SUPPORT, bare.id, NOON)
    with pytest.raises(InvalidInput):
        async with db.write() as tx:
            await stores.ask_to_sign_in(tx, SUPPORT, never.id, NOON)
    async with db.read() as tx:
        rows = {it.id: it for it in (await tx.scalars(select(KaspiStore))).all()}
        assert (rows[kept.id].needs_reauth, rows[kept.id].reauth_reason) == (True, None)
        assert rows[bare.id].reauth_reason == "credentials_missing"
        told = (await tx.scalars(select(Notification))).all()
        assert [it.store_id for it in told] == [bare.id]
    assert "store_sign_in_asked" in [action for action, _, _ in await deeds(db, kept.id)]


async def test_a_card_tells_goods_by_reason_and_a_resync_needs_a_session(db: Database) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx))
        await add_product(tx, store)
        lost = await add_store(tx, await tx.get_one(User, store.user_id), guid=None)
    async with db.write() as tx:
        await stores.resync(tx, SUPPORT, store.id, NOON)
    with pytest.raises(InvalidInput, match="входа"):
        async with db.write() as tx:
            await stores.resync(tx, ADMIN, lost.id, NOON)
    async with db.read() as tx:
        card = await stores.get_card(tx, ADMIN, store.id, NOON)
        entry = await tx.scalar(
            select(AuditEntry).where(col(AuditEntry.action) == "catalog_sync_asked")
        )
    assert [(it.code, it.count) for it in card.conditions] == [("due", 1)]
    assert card.sync
    assert card.sync.is_live
    assert entry
    assert (entry.owner_id, entry.before, entry.after) == (store.user_id, None, {"sync": "queued"})


async def test_nobody_else_reads_or_acts(db: Database) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx))
        owner = seller(await tx.get_one(User, store.user_id))
    for actor in (owner, NOBODY, Actor(Role.PARTNER)):
        with pytest.raises(PermissionDenied):
            async with db.read() as tx:
                await stores.list_stores(tx, actor, NOON)
        for deed in (stores.resync, stores.ask_to_sign_in, stores.start):
            with pytest.raises(PermissionDenied):
                async with db.write() as tx:
                    await deed(tx, actor, store.id, NOON)
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await stores.pause(tx, SUPPORT, store.id, "x", NOON)
    async with db.read() as tx:
        assert (await service.get_store(tx, owner, store.id)).is_enabled
