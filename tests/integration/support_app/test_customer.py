"""The customer's card: whose it is, what is masked, what may be done from it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from accounts_scene import HOME
from records import add_product, add_store, seller
from redis.asyncio import Redis
from sqlmodel import col, select
from support_scene import Desk

from cube_demper.core.errors import Conflict, PermissionDenied
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.support import care, service
from cube_demper.domain.support.customer import customer
from cube_demper.domain.support.customer_schemas import Customer
from cube_demper.domain.support.errors import ChatNotFound
from cube_demper.domain.support.schemas import Draft
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.stores import ReauthReason
from support.desk.card_rows import card_view


async def read(desk: Desk, who: Actor, chat_id: object) -> Customer:
    async with desk.db.read() as tx:
        return await customer(tx, who, chat_id, desk.now, changes_limit=250)  # type: ignore[arg-type]


async def test_card_tells_plan_stores_and_why_they_stand(desk: Desk) -> None:
    aliya, user = await desk.hire("Алия"), await desk.customer(email="aigul.s@gmail.com")
    async with desk.db.write() as tx:
        store = await add_store(
            tx, user, name="Сатпаев Маркет", needs_reauth=True,
            reauth_reason=ReauthReason.SMS_REQUIRED,
        )  # fmt: skip
        await add_product(tx, store, bot_active=True)
        tell = Tell(user.id, "needs_reauth", "«Сатпаев Маркет»: войдите заново", "k", "Цены стоят.")
        await notifications.notify(tx, SYSTEM, tell)
        news = Tell(user.id, "new_order", "Новый заказ", "order")
        await notifications.notify(tx, SYSTEM, news)
    chat = await desk.says(user, "Почему бот молчит?")
    found = await read(desk, aliya, chat)
    card = card_view(str(chat), found, desk.now)
    assert card.email == "a•••s@gmail.com"
    assert (card.plan, card.plan_note) == ("PRO", "до 21\u00a0дек, 12:00")
    (shown,) = card.stores
    assert (shown.words, shown.tone) == (
        "Kaspi просит код из SMS: войти может только владелец", "red",
    )  # fmt: skip
    assert not shown.can_resync
    assert [it.words for it in card.conditions] == ["Kaspi просит код из SMS"]
    assert [it.words for it in card.troubles] == ["«Сатпаев Маркет»: войдите заново"]


async def test_an_admin_reads_the_whole_mail_address(desk: Desk) -> None:
    admin = await desk.hire("Ержан", UserRole.ADMIN)
    chat = await desk.says(await desk.customer(email="aigul.s@gmail.com"), "Здравствуйте")
    assert (await read(desk, admin, chat)).person.email == "aigul.s@gmail.com"


async def test_a_manager_writes_of_the_seller_they_work_for(desk: Desk) -> None:
    aliya, owner = await desk.hire("Алия"), await desk.customer("Марат Абдиев")
    async with desk.db.write() as tx:
        await add_store(tx, owner, name="Магазин владельца")
    manager = await desk.customer("Дина Ахметова", plan=None)
    actor = Actor(Role.USER, manager.id, manager.email, acts_for=owner.id)
    async with desk.db.write() as tx:
        written = await service.write(tx, actor, None, Draft("Помогите", "1"), desk.now)
    found = await read(desk, aliya, written.chat_id)
    assert (found.person.name, found.person.works_for) == ("Дина Ахметова", "Марат Абдиев")
    assert [it.status.store.name for it in found.stores] == ["Магазин владельца"]


async def test_nobody_else_reads_a_card(desk: Desk) -> None:
    user = await desk.customer()
    chat = await desk.says(user, "Здравствуйте")
    for who in (seller(user), Actor(Role.PARTNER, partner_id=uuid4()), SYSTEM):
        with pytest.raises(PermissionDenied):
            await read(desk, who, chat)
    with pytest.raises(ChatNotFound):
        await read(desk, await desk.hire("Алия"), uuid4())


async def test_the_confirming_letter_goes_again_and_is_written_down(
    desk: Desk, redis: Redis
) -> None:
    aliya, user = await desk.hire("Алия"), await desk.customer()
    chat = await desk.says(user, "Письмо не пришло")
    attempts = RedisAttempts(redis)
    with pytest.raises(Conflict):
        async with desk.db.write() as tx:
            await care.send_confirmation(tx, aliya, chat, desk.now, visitor=HOME, attempts=attempts)
    async with desk.db.write() as tx:
        (await tx.get_one(User, user.id)).email_confirmed_at = None
    async with desk.db.write() as tx:
        await care.send_confirmation(tx, aliya, chat, desk.now, visitor=HOME, attempts=attempts)
    async with desk.db.read() as tx:
        letters = await tx.scalars(
            select(OutboxMessage).where(col(OutboxMessage.topic) == "mail.confirm_email")
        )
        assert len(letters.all()) == 1
    (deed,) = await desk.deeds(aliya)
    assert (deed.action, deed.entity_id) == ("confirmation_sent_again", str(user.id))
    with pytest.raises(PermissionDenied):
        async with desk.db.write() as tx:
            await care.send_confirmation(
                tx, seller(user), chat, desk.now, visitor=HOME, attempts=attempts
            )


async def test_a_card_of_a_big_business_names_some_stores_and_counts_the_rest(desk: Desk) -> None:
    aliya, user = await desk.hire("Алия"), await desk.customer()
    async with desk.db.write() as tx:
        for number in range(15):
            await add_store(tx, user, name=f"Магазин {number:02}")
    found = await read(desk, aliya, await desk.says(user, "Здравствуйте"))
    card = card_view("", found, desk.now + timedelta(minutes=1))
    assert (len(card.stores), card.more_stores) == (12, "и ещё 3\u00a0магазина")
