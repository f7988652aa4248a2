"""Carrying due notifications to a person, grouped, over one channel; used by workers.

Sending is at least once, as with letters: neither SMTP nor Telegram can be asked what became of a call
whose answer was lost. What is in hand is put off first, so that two processes never carry the same.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import Refused
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import delivery_queries as queries
from cube_demper.domain.notifications import digest, service
from cube_demper.domain.notifications.errors import ChatClosed
from cube_demper.domain.notifications.schemas import Item, Mailer, Messenger, Tell
from cube_demper.models.accounts import User
from cube_demper.models.operations import Notification
from cube_demper.models.telling import NotificationDelivery, TellChannel

LEASE = timedelta(minutes=2)
_MOST = 100
_STALE_AFTER = timedelta(days=1)
_READ, _STALE, _GONE = "прочитано в приложении", "устарело", "некому"
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carrying takes: the tables, our address, and who carries."""

    db: Database
    site: str
    mailer: Mailer | None = None
    messenger: Messenger | None = None


async def mail_digest(carrier: Carrier, user_id: UUID, now: datetime) -> int:
    """Send a person the letter of what is due; return of how many things. Raises what mailers raise."""
    assert carrier.mailer is not None  # noqa: S101 - the lane opens only with one
    async with carrier.db.write() as tx:
        user = await tx.get(User, user_id)
        is_reachable = bool(user and user.email_confirmed_at and not user.is_blocked)
        items = await _take(tx, user_id, TellChannel.MAIL, now, is_reachable=is_reachable)
        address = user.email if user else ""
    if not items:
        return 0
    async with _carrying(carrier.db, items, now):
        await carrier.mailer.send(address, digest.letter(items, carrier.site))
    return len(items)


async def telegram_digest(carrier: Carrier, user_id: UUID, now: datetime) -> int:
    """Send a person's chat what is due; return of how many things. Raises what messengers raise.

    A chat whose person stopped the bot is switched off, and the app says so.
    """
    assert carrier.messenger is not None  # noqa: S101 - the lane opens only with one
    async with carrier.db.write() as tx:
        chat = await queries.find_chat(tx, user_id)
        user = await tx.get(User, user_id)
        is_open = chat is not None and chat.blocked_at is None and not (user and user.is_blocked)
        items = await _take(tx, user_id, TellChannel.TELEGRAM, now, is_reachable=is_open)
    if not items or chat is None:
        return 0
    try:
        async with _carrying(carrier.db, items, now):
            await carrier.messenger.send(chat.chat_id, digest.telegram_text(items, carrier.site))
    except ChatClosed:
        async with carrier.db.write() as tx:
            await close_chat(tx, user_id, now)
        return 0
    return len(items)


async def close_chat(tx: WriteTx, user_id: UUID, now: datetime) -> None:
    """Switch a person's chat off: they stopped the bot there. Said once in the app."""
    chat = await queries.find_chat(tx, user_id)
    if chat is None or chat.blocked_at is not None:
        return
    chat.blocked_at = now
    await service.notify(
        tx,
        SYSTEM,
        Tell(
            user_id=user_id,
            kind="telegram_off",
            title="Telegram отключился",
            body="Вы остановили нашего бота. Чтобы снова получать сообщения, подключите его заново.",
            link="/settings?tab=notifications",
            dedupe_key=f"telegram_off:{now.isoformat()}",
        ),
    )


async def _take(
    tx: WriteTx, user_id: UUID, channel: TellChannel, now: datetime, *, is_reachable: bool
) -> list[Item]:
    rows = await queries.take_due(tx, user_id, channel, now, until=now + LEASE, limit=_MOST)
    kept: list[Item] = []
    for delivery, row in rows:
        note = None if is_reachable else _GONE
        note = note or _why_not(row, now)
        if note is not None:
            _drop(delivery, note, now)
            continue
        kept.append(Item(delivery.id, row.kind, row.title, row.body, row.link))
    await tx.flush()
    return kept


def _why_not(row: Notification, now: datetime) -> str | None:
    if row.read_at is not None:
        return _READ
    return _STALE if now - row.created_at > _STALE_AFTER else None


def _drop(delivery: NotificationDelivery, note: str, now: datetime) -> None:
    delivery.done_at, delivery.note = now, note


@asynccontextmanager
async def _carrying(db: Database, items: Sequence[Item], now: datetime) -> AsyncIterator[None]:
    """Close what was carried, or refused for good with the reason; give back what merely failed."""
    try:
        yield
    except Refused as refusal:
        await _close(db, items, now, note=refusal.message[:200])
        raise
    except Exception:
        await _give_back(db, items, now)
        raise
    await _close(db, items, now)


async def _close(
    db: Database, items: Sequence[Item], now: datetime, note: str | None = None
) -> None:
    async with db.write() as tx:
        await queries.close(tx, [item.delivery_id for item in items], now, note)
    _log.info("digest_closed", things=len(items), note=note)


async def _give_back(db: Database, items: Sequence[Item], now: datetime) -> None:
    async with db.write() as tx:
        await queries.reopen(tx, [item.delivery_id for item in items], now)
