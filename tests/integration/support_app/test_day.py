"""A support person's day: every step is written down, who, what, before and after, and nothing else.

`pytest -s` prints it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from accounts_scene import HOME
from records import add_store, seller
from redis.asyncio import Redis
from support_scene import Desk

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.stores import administration as stores
from cube_demper.domain.support import care, desks, labels, replies, service
from cube_demper.domain.support.schemas import Draft
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.accounts import User
from cube_demper.models.operations import AuditEntry

_SIGNED_IN = {
    "v": 1,
    "cookies": "x",
    "password": None,
    "email": "a@example.kz",
    "merchant_uid": "1",
}


async def _day(desk: Desk, aliya: Actor, daniyar: Actor, redis: Redis) -> None:
    """Work from coming to leaving, each deed in a transaction of its own, as a press is."""
    user = await desk.customer()
    async with desk.db.write() as tx:
        store = await add_store(tx, user, guid=_SIGNED_IN)
        (await tx.get_one(User, user.id)).email_confirmed_at = None
    chat = await desk.says(user, "Бот не меняет цены")

    async def do(deed: Any, *given: Any, **more: Any) -> Any:
        async with desk.db.write() as tx:
            return await deed(tx, *given, **more)

    await do(desks.set_available, aliya, desk.now, is_available=True)
    await do(service.take, aliya, chat, desk.now)
    word = await do(labels.save, aliya, "цены", "amber")
    await do(service.label, aliya, chat, word, is_on=True)
    text = await do(replies.save, aliya, "вход", "Войти заново", "{name}, войдите в {store}")
    desk.passes(minutes=4)
    filled = await do(replies.fill, aliya, text, chat)
    await do(service.write, aliya, chat, Draft(filled, "answer"), desk.now)
    await do(service.note, aliya, chat, "Пароль сменился", desk.now, key="note")
    await do(stores.resync, aliya, store.id, desk.now)
    await do(stores.ask_to_sign_in, aliya, store.id, desk.now)
    attempts = RedisAttempts(redis)
    await do(care.send_confirmation, aliya, chat, desk.now, visitor=HOME, attempts=attempts)
    desk.passes(hours=3)
    whom = daniyar.person_id
    await do(service.transfer, aliya, chat, whom, desk.now, words="Подхвати")
    await do(service.transfer, daniyar, chat, aliya.person_id, desk.now)
    await do(service.close, aliya, chat, desk.now)
    await do(service.reopen, aliya, chat, desk.now)
    await do(service.close, aliya, chat, desk.now)
    await do(labels.remove, aliya, word)
    await do(replies.remove, aliya, text)


async def test_each_step_of_a_day_is_written_down(desk: Desk, redis: Redis) -> None:
    aliya, daniyar = await desk.hire("Алия"), await desk.hire("Данияр")
    await _day(desk, aliya, daniyar, redis)
    deeds = await desk.deeds(aliya)
    print("\n".join(_line(it) for it in deeds))  # noqa: T201 - the day is to be read
    assert Counter(it.action for it in deeds) == Counter(
        [
            "support_desk_changed",
            "support_taken",
            "support_label_saved",
            "support_labelled",
            "support_reply_saved",
            "support_answered",
            "support_noted",
            "catalog_sync_asked",
            "store_sign_in_asked",
            "confirmation_sent_again",
            "support_transferred",
            "support_closed",
            "support_reopened",
            "support_closed",
            "support_label_removed",
            "support_reply_removed",
        ]
    )
    assert {it.actor_role for it in deeds} == {"support"}


async def test_nothing_of_a_day_is_open_to_a_customer(desk: Desk, redis: Redis) -> None:
    user = await desk.customer()
    chat = await desk.says(user, "Здравствуйте")
    actor = seller(user)
    deeds = (
        lambda tx: service.take(tx, actor, chat, desk.now),
        lambda tx: service.note(tx, actor, chat, "x", desk.now, key="1"),
        lambda tx: service.transfer(tx, actor, chat, user.id, desk.now),
        lambda tx: service.reopen(tx, actor, chat, desk.now),
        lambda tx: labels.save(tx, actor, "цены", "amber"),
        lambda tx: replies.save(tx, actor, "вход", "Вход", "Текст"),
        lambda tx: desks.set_available(tx, actor, desk.now, is_available=True),
    )
    for deed in deeds:
        with pytest.raises(PermissionDenied):
            async with desk.db.write() as tx:
                await deed(tx)
    assert await desk.deeds(actor) == []


def _line(it: AuditEntry) -> str:
    at = it.created_at.astimezone(ALMATY)
    what = f"{at:%H:%M:%S} {it.actor_role} {it.action} {it.entity}:{it.entity_id[:8]}"
    return f"{what} {it.details} {it.before or ''} → {it.after or ''}"
