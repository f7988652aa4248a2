"""All SQL of what carries notifications out of the app: wishes, deliveries, chats."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.operations import Notification
from cube_demper.models.telling import NotificationDelivery, NotificationWishes, TelegramLink


async def take_unplanned(tx: WriteTx, limit: int) -> Sequence[Notification]:
    """Lock notifications that no one has decided on; others skip them."""
    rows = await tx.scalars(
        select(Notification)
        .where(col(Notification.planned_at).is_(None))
        .order_by(col(Notification.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def wishes_of(tx: ReadTx, user_ids: Collection[UUID]) -> dict[UUID, NotificationWishes]:
    """Return the wishes of those who have said any."""
    rows = await tx.scalars(
        select(NotificationWishes).where(col(NotificationWishes.user_id).in_(user_ids))
    )
    return {row.user_id: row for row in rows}


async def save_wishes(tx: WriteTx, user_id: UUID, values: dict[str, object]) -> None:
    """Write a person's wishes."""
    statement = insert(NotificationWishes).values(id=new_id(), user_id=user_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))


async def mailable(tx: ReadTx, user_ids: Collection[UUID]) -> set[UUID]:
    """Return those whose mailbox is proved to be theirs and who are not shut out."""
    rows = await tx.scalars(
        select(col(User.id)).where(
            col(User.id).in_(user_ids),
            col(User.email_confirmed_at).is_not(None),
            col(User.is_blocked).is_(False),
        )
    )
    return set(rows.all())


async def chatting(tx: ReadTx, user_ids: Collection[UUID]) -> set[UUID]:
    """Return those with a Telegram chat that still takes messages."""
    rows = await tx.scalars(
        select(col(TelegramLink.user_id)).where(
            col(TelegramLink.user_id).in_(user_ids), col(TelegramLink.blocked_at).is_(None)
        )
    )
    return set(rows.all())


async def add_delivery(tx: WriteTx, row: Notification, channel: str, due_at: datetime) -> bool:
    """Let a channel carry a notification; False when it does or did already."""
    added = await tx.scalar(
        insert(NotificationDelivery)
        .values(
            id=new_id(),
            notification_id=row.id,
            user_id=row.user_id,
            channel=channel,
            due_at=due_at,
        )
        .on_conflict_do_nothing(index_elements=["notification_id", "channel"])
        .returning(col(NotificationDelivery.id))
    )
    return added is not None


async def take_due(
    tx: WriteTx, user_id: UUID, channel: str, now: datetime, *, until: datetime, limit: int
) -> Sequence[tuple[NotificationDelivery, Notification]]:
    """Lock what a channel may carry to a person now and put it off to `until`, oldest first.

    Whoever takes it must close it; after a crash it is due again at `until`.
    """
    found = await tx.execute(
        select(NotificationDelivery, Notification)
        .join(Notification, col(Notification.id) == col(NotificationDelivery.notification_id))
        .where(
            col(NotificationDelivery.user_id) == user_id,
            col(NotificationDelivery.channel) == channel,
            col(NotificationDelivery.done_at).is_(None),
            col(NotificationDelivery.due_at) <= now,
        )
        .order_by(col(Notification.created_at), col(Notification.id))
        .limit(limit)
        .with_for_update(of=NotificationDelivery, skip_locked=True)
    )
    rows = [row.tuple() for row in found]
    for delivery, _ in rows:
        delivery.due_at = until
    await tx.flush()
    return rows


async def close(
    tx: WriteTx, delivery_ids: Collection[UUID], now: datetime, note: str | None = None
) -> None:
    """Mark deliveries as done; `note`: why they were not sent."""
    await tx.execute(
        update(NotificationDelivery)
        .where(
            col(NotificationDelivery.id).in_(delivery_ids),
            col(NotificationDelivery.done_at).is_(None),
        )
        .values(done_at=now, note=note)
    )


async def reopen(tx: WriteTx, delivery_ids: Collection[UUID], due_at: datetime) -> None:
    """Give back what could not be carried: it is due again."""
    await tx.execute(
        update(NotificationDelivery)
        .where(
            col(NotificationDelivery.id).in_(delivery_ids),
            col(NotificationDelivery.done_at).is_(None),
        )
        .values(due_at=due_at)
    )


async def find_chat(tx: ReadTx, user_id: UUID) -> TelegramLink | None:
    """Return a person's Telegram chat."""
    found: TelegramLink | None = await tx.scalar(
        select(TelegramLink).where(col(TelegramLink.user_id) == user_id)
    )
    return found


async def find_user_of_chat(tx: ReadTx, chat_id: int) -> UUID | None:
    """Return whose chat this is."""
    found: UUID | None = await tx.scalar(
        select(col(TelegramLink.user_id)).where(col(TelegramLink.chat_id) == chat_id)
    )
    return found


async def put_chat(tx: WriteTx, user_id: UUID, chat_id: int, name: str) -> None:
    """Make a chat a person's; both had none other afterwards."""
    await tx.execute(
        delete(TelegramLink).where(
            or_(col(TelegramLink.chat_id) == chat_id, col(TelegramLink.user_id) == user_id)
        )
    )
    tx.add(TelegramLink(user_id=user_id, chat_id=chat_id, name=name))
    await tx.flush()


async def delete_chat(
    tx: WriteTx, *, user_id: UUID | None = None, chat_id: int | None = None
) -> UUID | None:
    """Forget a chat by its person or by itself; return whose it was."""
    where = (
        col(TelegramLink.user_id) == user_id
        if user_id is not None
        else col(TelegramLink.chat_id) == chat_id
    )
    found: UUID | None = await tx.scalar(
        delete(TelegramLink).where(where).returning(col(TelegramLink.user_id))
    )
    return found
