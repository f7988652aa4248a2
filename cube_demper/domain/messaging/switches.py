"""Which events a store's buyers are told, and how long after: the store's word over the default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.messaging import switch_queries as queries
from cube_demper.domain.messaging.errors import NumberNotFound, TalkNotAgreed
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.texts import EVENTS
from cube_demper.domain.stores.errors import StoreNotFound
from cube_demper.models.messaging import WhatsAppRule

LONGEST_DELAY: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Switch:
    """One event of one store."""

    is_on: bool
    delay: timedelta


@dataclass(frozen=True, slots=True)
class StoreTalk:
    """How one store writes to its buyers. `session_id` None: it has no number."""

    store_id: UUID
    name: str
    is_enabled: bool
    language: Language
    session_id: UUID | None
    number: str
    bonus: str
    switches: dict[TriggerEvent, Switch]


def switch_of(
    rules: Iterable[WhatsAppRule], *, bonus: str | None = None
) -> dict[TriggerEvent, Switch]:
    """Return every event's switch. With a bonus told, the plain request is not sent besides it."""
    found = {event: Switch(it.is_on, it.delay) for event, it in EVENTS.items()}
    for rule in rules:
        delay = timedelta(minutes=rule.delay_minutes)
        found[TriggerEvent(rule.trigger_event)] = Switch(rule.is_on, delay)
    if not bonus:
        del found[TriggerEvent.REVIEW_BONUS]
    elif found[TriggerEvent.REVIEW_BONUS].is_on:
        plain = found[TriggerEvent.REVIEW_REQUEST]
        found[TriggerEvent.REVIEW_REQUEST] = Switch(False, plain.delay)
    return found


async def list_talks(tx: ReadTx, actor: Actor, *, is_bonus_allowed: bool) -> list[StoreTalk]:
    """Return how each of the actor's stores writes."""
    rows = await queries.list_stores(tx, actor.owner_id)
    rules = await queries.rules_of(tx, [row.id for row in rows])
    return [
        StoreTalk(
            store_id=row.id,
            name=row.name,
            is_enabled=row.is_enabled,
            language=Language(row.language),
            session_id=row.session_id,
            number=row.number,
            bonus=row.bonus if is_bonus_allowed else "",
            switches=switch_of(
                (rule for rule in rules if rule.store_id == row.id),
                bonus=row.bonus if is_bonus_allowed else None,
            ),
        )
        for row in rows
    ]


async def set_event(
    tx: WriteTx, actor: Actor, store_id: UUID, event: TriggerEvent, switch: Switch
) -> None:
    """Say whether an event is told and how long after. Raises StoreNotFound, InvalidInput (`delay`).

    What waits already is judged by the new word when its time comes.
    """
    await _own(tx, actor, store_id)
    if not timedelta() <= switch.delay <= LONGEST_DELAY:
        raise InvalidInput("Задержка — от 0 минут до 30 дней.", field="delay")
    minutes = int(switch.delay.total_seconds()) // 60
    await queries.save_rule(tx, store_id, event, is_on=switch.is_on, minutes=minutes)
    await audit.record(
        tx, actor, "whatsapp_event_set", "whatsapp", store_id,
        event=event, is_on=switch.is_on, minutes=minutes,
    )  # fmt: skip
    tx.emit(f"user:{actor.owner_id}", "whatsapp", store_id)


async def set_talk(
    tx: WriteTx,
    actor: Actor,
    store_id: UUID,
    *,
    is_enabled: bool,
    language: Language,
    session_id: UUID | None,
    now: datetime,
) -> None:
    """Switch a store's letters on or off and choose its number and language.

    Messages that wait go over to the new number. Raises StoreNotFound, NumberNotFound, TalkNotAgreed and,
    to switch them on, PlanLacks.
    """
    if is_enabled:
        await billing.require(tx, actor, Feature.WHATSAPP, now)
    await _own(tx, actor, store_id)
    if session_id is not None and not await queries.owns_number(tx, actor.owner_id, session_id):
        raise NumberNotFound
    if is_enabled and session_id is None:
        raise NumberNotFound
    if is_enabled and not await queries.has_agreed(tx, actor.owner_id):
        raise TalkNotAgreed
    await queries.save_talk(
        tx, store_id, is_enabled=is_enabled, language=language, session_id=session_id
    )
    await queries.hand_over(tx, store_id, session_id, now)
    await audit.record(
        tx, actor, "whatsapp_store_set", "whatsapp", store_id,
        is_enabled=is_enabled, language=language, session_id=str(session_id or ""),
    )  # fmt: skip
    tx.emit(f"user:{actor.owner_id}", "whatsapp", store_id)


async def _own(tx: ReadTx, actor: Actor, store_id: UUID) -> None:
    if not await queries.owns_store(tx, actor.owner_id, store_id):
        raise StoreNotFound
