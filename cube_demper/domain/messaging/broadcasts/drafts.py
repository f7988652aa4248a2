"""Drafts: written, changed, copied, thrown away. A broadcast that has begun is changed no more."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.messaging import filling, queue_queries
from cube_demper.domain.messaging.broadcasts import audience_queries, queries
from cube_demper.domain.messaging.broadcasts.errors import (
    NotDraft,
    TooManyDrafts,
)
from cube_demper.domain.messaging.broadcasts.schemas import Audience, Choices, DraftInput
from cube_demper.models.broadcasts import Broadcast, BroadcastStatus
from cube_demper.models.staff import Area

MOST_DRAFTS: Final = 50
LONGEST_NAME: Final = 60
LONGEST_REST: Final = 365
MOST_ORDERS: Final = 1_000


async def choices(tx: ReadTx, actor: Actor) -> Choices:
    """Return what the actor's filter may be made of. Raises PermissionDenied."""
    actor.require(Area.MESSAGES)
    owner = actor.owner_id
    numbers = await queue_queries.list_numbers(tx, owner)
    return Choices(
        stores=await queries.stores_of(tx, owner),
        categories=list(await audience_queries.categories(tx, owner)),
        cities=list(await audience_queries.cities(tx, owner)),
        numbers=[(it.id, it.label or it.push_name or "WhatsApp") for it in numbers],
    )


async def create(tx: WriteTx, actor: Actor, given: DraftInput, now: datetime) -> UUID:
    """Make a draft. Raises InvalidInput naming the field, TooManyDrafts."""
    if await queries.count(tx, actor.owner_id, BroadcastStatus.DRAFT) >= MOST_DRAFTS:
        raise TooManyDrafts
    row = Broadcast(user_id=actor.owner_id, name="", written_at=now)
    await _write(tx, actor, row, given)
    tx.add(row)
    await tx.flush()
    await _told(tx, actor, "whatsapp_broadcast_written", row)
    return row.id


async def change(tx: WriteTx, actor: Actor, broadcast_id: UUID, given: DraftInput) -> None:
    """Write a draft anew. Raises InvalidInput naming the field, BroadcastNotFound, NotDraft."""
    row = await draft_of(tx, actor, broadcast_id)
    await _write(tx, actor, row, given)
    await _told(tx, actor, "whatsapp_broadcast_written", row)


async def keep(tx: WriteTx, actor: Actor, broadcast_id: UUID, given: DraftInput) -> None:
    """Write what is being typed, which nobody needs to be told of. Raises like `change`."""
    actor.require(Area.MESSAGES)
    await _write(tx, actor, await draft_of(tx, actor, broadcast_id), given)


async def copy(tx: WriteTx, actor: Actor, broadcast_id: UUID, now: datetime) -> UUID:
    """Make a draft of a broadcast's words and filter. Raises BroadcastNotFound, TooManyDrafts."""
    row = await queries.get(tx, actor.owner_id, broadcast_id)
    ending = " (копия)"
    name = row.name.removesuffix(ending)[: LONGEST_NAME - len(ending)] + ending
    audience = Audience.from_json(row.audience)
    given = DraftInput(name, row.text_ru, row.text_kk, audience, row.session_id)
    return await create(tx, actor, given, now)


async def remove(tx: WriteTx, actor: Actor, broadcast_id: UUID) -> None:
    """Throw a draft away. Raises BroadcastNotFound, NotDraft."""
    row = await draft_of(tx, actor, broadcast_id)
    await queries.remove(tx, row.id)
    await _told(tx, actor, "whatsapp_broadcast_removed", row)


async def draft_of(tx: WriteTx, actor: Actor, broadcast_id: UUID) -> Broadcast:
    """Lock a draft. Raises BroadcastNotFound, NotDraft."""
    row = await queries.lock(tx, actor.owner_id, broadcast_id)
    if row.status != BroadcastStatus.DRAFT:
        raise NotDraft
    return row


async def _write(tx: WriteTx, actor: Actor, row: Broadcast, given: DraftInput) -> None:
    row.name = " ".join(given.name.split())
    if not row.name:
        raise InvalidInput("Назовите рассылку: название видите только вы.", field="name")
    if len(row.name) > LONGEST_NAME:
        raise InvalidInput(f"Не больше {LONGEST_NAME} знаков.", field="name")
    row.text_ru = _text(given.text_ru, "text_ru")
    row.text_kk = _text(given.text_kk, "text_kk")
    _check(given.audience)
    stores = {store_id for store_id, _ in await queries.stores_of(tx, actor.owner_id)}
    if not stores.issuperset(given.audience.store_ids):
        raise InvalidInput("Такого магазина нет.", field="store_ids")
    row.audience = given.audience.as_json()
    if given.session_id is not None:
        number = await queries.number(tx, actor.owner_id, given.session_id)
        if number is None:
            raise InvalidInput("Такого номера нет.", field="session_id")
    row.session_id = given.session_id


def _text(text: str, field: str) -> str:
    clean = text.replace("\r\n", "\n").strip()
    if len(clean) > filling.LONGEST:
        words = f"Сейчас {len(clean)} знаков, а нужно не больше {filling.LONGEST}."
        raise InvalidInput(words, field=field)
    if wrong := filling.unknown_variables(clean):
        names = ", ".join(f"{{{name}}}" for name in wrong)
        raise InvalidInput(f"Таких переменных нет: {names}.", field=field)
    return clean


def _check(audience: Audience) -> None:
    if not 1 <= audience.least_orders <= MOST_ORDERS:
        raise InvalidInput("От 1 до 1000 заказов.", field="least_orders")
    if not 0 <= audience.rest_days <= LONGEST_REST:
        raise InvalidInput("От 0 до 365 дней.", field="rest_days")
    if audience.since and audience.until and audience.since > audience.until:
        raise InvalidInput("Начало позже конца.", field="until")


async def _told(tx: WriteTx, actor: Actor, action: str, row: Broadcast) -> None:
    await audit.record(tx, actor, action, "whatsapp", row.id, name=row.name)
    tx.emit(f"user:{actor.owner_id}", "broadcast", row.id)
