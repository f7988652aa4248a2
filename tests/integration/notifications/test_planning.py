"""From «something happened» to a message: planned once, grouped, quiet at night, never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts_scene import Postbox
from records import add_user, seller
from sqlalchemy import select

from cube_demper.core.errors import Refused, Unreachable
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import planning, wishes
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.delivering import Carrier, mail_digest, telegram_digest
from cube_demper.domain.notifications.errors import ChatClosed
from cube_demper.domain.notifications.schemas import Letter, Tell
from cube_demper.models.accounts import User
from cube_demper.models.operations import Notification, OutboxMessage
from cube_demper.models.telling import NotificationDelivery, TelegramLink, TellChannel

NOON = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)
BOTH = frozenset({TellChannel.MAIL, TellChannel.TELEGRAM})


class Chats:
    """A messenger that keeps what it sends, or fails as told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sent: list[tuple[int, str]] = []
        self.error = error

    async def send(self, chat_id: int, html: str) -> None:
        if self.error:
            raise self.error
        self.sent.append((chat_id, html))


class BrokenPost(Postbox):
    """A mail server that is away, or refuses."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def send(self, to: str, letter: Letter) -> None:
        raise self.error


async def told(db: Database, *kinds: str, chat: int | None = None, **columns: Any) -> User:
    async with db.write() as tx:
        user = await add_user(tx, **columns)
        if chat:
            tx.add(TelegramLink(user_id=user.id, chat_id=chat))
            await tx.flush()
        for number, kind in enumerate(kinds):
            tell = Tell(
                user_id=user.id, kind=kind, title=f"{kind} {number}", dedupe_key=str(number)
            )
            await notifications.notify(tx, SYSTEM, tell)
        for row in await tx.scalars(select(Notification)):
            row.created_at = NOON
    return user


async def plan(db: Database, now: datetime = NOON) -> list[OutboxMessage]:
    async with db.write() as tx:
        await planning.plan(tx, now, BOTH)
    async with db.read() as tx:
        order = select(OutboxMessage).order_by(OutboxMessage.topic)
        return list((await tx.scalars(order)).all())


async def notes(db: Database) -> list[tuple[str, bool, str | None]]:
    async with db.read() as tx:
        rows = await tx.scalars(select(NotificationDelivery).order_by(NotificationDelivery.channel))
        return [(row.channel, row.done_at is not None, row.note) for row in rows]


async def test_many_things_wait_for_one_message(db: Database) -> None:
    user = await told(db, "floor_hit", "first_lost", "price_war")
    (message,) = await plan(db)
    assert message.topic == "digest.mail"
    assert message.next_try_at == NOON.replace(minute=30)
    post = Postbox()
    assert await mail_digest(Carrier(db, "https://c.kz", post), user.id, message.next_try_at) == 3
    ((to, letter),) = post.letters
    assert to == user.email
    assert "и ещё 2" in letter.subject
    assert await mail_digest(Carrier(db, "https://c.kz", post), user.id, message.next_try_at) == 0
    assert len(post.letters) == 1


async def test_planning_again_plans_nothing(db: Database) -> None:
    await told(db, "floor_hit", "needs_reauth", chat=7)
    first = await plan(db)
    assert len(await plan(db, NOON + timedelta(hours=1))) == len(first) == 4


async def test_urgent_goes_at_once_the_rest_in_the_morning(db: Database) -> None:
    night = NOON + timedelta(hours=12)
    await told(db, "floor_hit", "bot_silent")
    due = sorted(message.next_try_at for message in await plan(db, night))
    assert due == [night, NOON.replace(day=23, hour=3, minute=0)]


async def test_switched_off_is_not_carried_and_not_counted(db: Database) -> None:
    user = await told(db, "floor_hit", chat=7)
    async with db.write() as tx:
        for channel in ("app", "mail"):
            await wishes.switch_kind(
                tx, seller(user), kind="floor_hit", channel=channel, is_on=False
            )
    assert [message.topic for message in await plan(db)] == ["digest.telegram"]
    async with db.read() as tx:
        assert await notifications.count_unread(tx, seller(user)) == 0
        assert len(await notifications.list_latest(tx, seller(user))) == 1


async def test_what_was_read_in_the_app_is_not_mailed(db: Database) -> None:
    user = await told(db, "floor_hit")
    (message,) = await plan(db)
    async with db.write() as tx:
        await notifications.mark_read(tx, seller(user), NOON)
    post = Postbox()
    await mail_digest(Carrier(db, "", post), user.id, message.next_try_at)
    assert not post.letters
    assert await notes(db) == [("mail", True, "прочитано в приложении")]


async def test_an_unconfirmed_mailbox_gets_nothing(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        user.email_confirmed_at = None
        tell = Tell(user_id=user.id, kind="needs_reauth", title="Войдите", dedupe_key="1")
        await notifications.notify(tx, SYSTEM, tell)
    assert await plan(db, datetime.now(UTC)) == []


async def test_a_mail_server_that_is_away_loses_nothing(db: Database) -> None:
    user = await told(db, "needs_reauth")
    await plan(db)
    with pytest.raises(Unreachable):
        await mail_digest(Carrier(db, "", BrokenPost(Unreachable())), user.id, NOON)
    post = Postbox()
    assert await mail_digest(Carrier(db, "", post), user.id, NOON) == 1
    assert len(post.letters) == 1


async def test_a_refused_letter_is_not_tried_for_ever(db: Database) -> None:
    user = await told(db, "needs_reauth")
    await plan(db)
    with pytest.raises(Refused):
        await mail_digest(Carrier(db, "", BrokenPost(Refused("Ящика нет."))), user.id, NOON)
    assert await notes(db) == [("mail", True, "Ящика нет.")]


async def test_a_chat_that_stopped_the_bot_is_switched_off_and_said_so(db: Database) -> None:
    user = await told(db, "needs_reauth", chat=7)
    await plan(db)
    carrier = Carrier(db, "", messenger=Chats(ChatClosed()))
    assert await telegram_digest(carrier, user.id, NOON) == 0
    async with db.read() as tx:
        link = (await tx.scalars(select(TelegramLink))).one()
        latest = await notifications.list_latest(tx, seller(user))
    assert link.blocked_at == NOON
    assert "telegram_off" in {row.kind for row in latest}
    assert ("telegram", True, ChatClosed().message) in await notes(db)


async def test_a_telegram_that_asks_to_wait_gets_it_later(db: Database) -> None:
    user = await told(db, "needs_reauth", chat=7)
    await plan(db)
    with pytest.raises(Unreachable):
        await telegram_digest(Carrier(db, "", messenger=Chats(Unreachable())), user.id, NOON)
    chats = Chats()
    assert await telegram_digest(Carrier(db, "", messenger=chats), user.id, NOON) == 1
    assert chats.sent == [(7, "<b>needs_reauth 0</b>")]


async def test_a_group_that_grows_is_news_once(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        for goods in (1, 5):
            tell = Tell(user_id=user.id, kind="floor_hit", title=f"{goods} товаров", dedupe_key="a")
            await notifications.notify_group(tx, SYSTEM, tell, NOON)
            if goods == 1:
                await notifications.mark_read(tx, seller(user), NOON)
        (row,) = await notifications.list_latest(tx, seller(user))
    assert (row.title, row.is_read) == ("5 товаров", True)
