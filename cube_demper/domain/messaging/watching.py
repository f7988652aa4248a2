"""Between turns: numbers that went away, that may go on, and messages whose end nobody knows."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from cube_demper.core.clock import Clock
from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging import outcome_queries, outcomes, rules, watch_queries
from cube_demper.domain.messaging.gate_schemas import PauseReason
from cube_demper.domain.messaging.outcome_queries import Lost
from cube_demper.domain.messaging.pausing import pause
from cube_demper.domain.messaging.ports import To, WhatsAppSender

_MOST = 50


class Means(Protocol):
    """What looking for lost messages needs of a process."""

    @property
    def db(self) -> Database:
        """Return the database."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the clock."""
        ...

    @property
    def secrets(self) -> SecretBox:
        """Return what opens chat ids."""
        ...


async def watch(tx: WriteTx, actor: Actor, keys: list[int], now: datetime) -> None:
    """Notice numbers that stopped working and wake those that may go on. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    for session in await watch_queries.went_away(tx, keys, now):
        await pause(tx, session, PauseReason.FAILED, now)
    await watch_queries.sweep(tx, keys, now)
    await outcomes.abandon_left(tx, keys, now)


async def reconcile(means: Means, sender: WhatsAppSender, keys: list[int]) -> None:
    """Find out what became of messages whose outcome is unknown; after 10 minutes they stay so."""
    async with means.db.read() as tx:
        lost = await outcome_queries.list_lost(tx, keys, _MOST)
    for message in lost:
        is_there = message.is_seen or await _is_there(message, sender, means.secrets)
        async with means.db.write() as tx:
            now = means.clock.now()
            if is_there:
                await outcomes.mark_sent(tx, message.id, now)
            elif message.begun_at is None or now - message.begun_at >= rules.RECONCILE:
                await outcomes.give_up(tx, message.id, now)


async def _is_there(message: Lost, sender: WhatsAppSender, secrets: SecretBox) -> bool:
    chat_id = secrets.decrypt(message.chat_id) if message.chat_id else message.lid
    if chat_id is None:
        return False
    return bool(await sender.find_message(To(message.session, chat_id, message.short_id)))
