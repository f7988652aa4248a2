"""A talk from its first word to its rating, and two people at one chat."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from records import add_user
from records import seller as actor_of
from sqlalchemy import func, select
from sqlmodel import col
from talk_scene import Talk, staff_of

from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.accounts.staff_queries import deeds
from cube_demper.domain.support import reading, service
from cube_demper.domain.support.errors import AlreadyTaken, ChatNotFound, TooMuch, WrongStep
from cube_demper.domain.support.schemas import ChatStatus, InboxQuery, MessageKind, Whose
from cube_demper.models.operations import AuditEntry
from cube_demper.models.support import SupportMessage


async def test_a_matter_from_its_first_word_to_its_rating(talk: Talk) -> None:
    asked = await talk.ask("Бот не снижает цену")
    async with talk.db.read() as tx:
        page = await reading.inbox(tx, talk.aigul, InboxQuery(), talk.now)
    row = page.rows[0]
    assert (row.status, row.unread, row.text) == (ChatStatus.PENDING, 1, "Бот не снижает цену")
    assert row.priority == 2
    assert row.sla.answer_due_at == talk.now + timedelta(minutes=15)

    talk.clock.move(minutes=5)
    await talk.answer(asked.chat_id, "Здравствуйте! Смотрю.")
    async with talk.db.read() as tx:
        own = await reading.own_chat(tx, talk.seller, talk.now)
        card = await reading.chat(tx, talk.aigul, asked.chat_id, talk.now)
    assert (own.status, own.answerer, own.unread) == (ChatStatus.OPEN, "Айгуль", 1)
    assert card.row.assigned_to == talk.aigul.user_id
    assert card.row.unread == 0
    assert not card.row.sla.is_late

    async with talk.db.write() as tx:
        assert await service.mark_read(tx, talk.seller, None, talk.now) == 1
        await service.close(tx, talk.aigul, asked.chat_id, talk.now)
    async with talk.db.write() as tx:
        await service.rate(tx, talk.seller, 5, "  быстро и   понятно ", talk.now)
    async with talk.db.read() as tx:
        own = await reading.own_chat(tx, talk.seller, talk.now)
        stats = await reading.stats(
            tx, talk.aigul, talk.now - timedelta(1), talk.now + timedelta(1)
        )
        days = await reading.daily(tx, talk.aigul, talk.now - timedelta(1), talk.now + timedelta(1))
    assert (own.status, own.rating, own.rating_words) == (ChatStatus.CLOSED, 5, "быстро и понятно")
    assert [(it.name, it.answered, it.closed, it.rating) for it in stats] == [
        ("Айгуль Нурова", 1, 1, 5.0)
    ]
    assert stats[0].median_answer == timedelta(minutes=5)
    assert [(it.opened, it.answered, it.closed, it.late) for it in days] == [(1, 1, 1, 0)]


async def test_a_closed_chat_goes_on_as_a_new_matter(talk: Talk) -> None:
    asked = await talk.ask("Первый вопрос")
    await talk.answer(asked.chat_id, "Ответ")
    async with talk.db.write() as tx:
        await service.close(tx, talk.seller, None, talk.now)
    with pytest.raises(WrongStep, match="закрыт"):
        await talk.answer(asked.chat_id, "вдогонку")
    again = await talk.ask("И ещё")
    assert again.chat_id == asked.chat_id
    async with talk.db.read() as tx:
        card = await reading.chat(tx, talk.marat, asked.chat_id, talk.now)
    assert card.row.status is ChatStatus.REOPENED
    assert [it.number for it in card.rounds] == [2, 1]
    with pytest.raises(WrongStep, match="завершённый"):
        async with talk.db.write() as tx:
            await service.rate(tx, talk.seller, 4, "", talk.now)


async def test_the_same_key_is_one_message_from_many_tries_at_once(talk: Talk) -> None:
    tries = [talk.ask("Один раз", key="same") for _ in range(8)]
    written = await asyncio.gather(*tries)
    assert sum(it.is_new for it in written) == 1
    assert len({it.message_id for it in written}) == 1
    said = await talk.read(talk.seller)
    assert [(it.text, it.key) for it in said] == [("Один раз", "same")]
    one = await talk.answer(written[0].chat_id, "Ответ", key="same")
    two = await talk.answer(written[0].chat_id, "Ответ", key="same")
    assert (one.is_new, two.is_new, one.message_id) == (True, False, two.message_id)


async def test_two_take_one_chat_and_the_second_is_told_who_was_first(talk: Talk) -> None:
    chat = (await talk.ask("Помогите")).chat_id

    async def take(who: Actor) -> None:
        async with talk.db.write() as tx:
            await service.take(tx, who, chat, talk.now)

    outcomes = await asyncio.gather(take(talk.aigul), take(talk.marat), return_exceptions=True)
    refusals = [it for it in outcomes if it is not None]
    assert len(refusals) == 1
    assert isinstance(refusals[0], AlreadyTaken)
    async with talk.db.read() as tx:
        row = (await reading.chat(tx, talk.aigul, chat, talk.now)).row
    assert row.assignee in refusals[0].message
    await take(talk.aigul if row.assigned_to == talk.aigul.user_id else talk.marat)


async def test_assigned_and_handed_over_with_a_note_that_the_seller_never_sees(talk: Talk) -> None:
    chat = (await talk.ask("Вопрос по оплате")).chat_id
    async with talk.db.write() as tx:
        await service.assign(tx, talk.aigul, chat, talk.marat.person_id, talk.now)
    with pytest.raises(AlreadyTaken, match="Марат"):
        async with talk.db.write() as tx:
            await service.assign(tx, talk.aigul, chat, talk.aigul.person_id, talk.now)
    async with talk.db.write() as tx:
        await service.transfer(
            tx, talk.marat, chat, talk.aigul.person_id, talk.now, words="он злится"
        )
        await service.note(tx, talk.aigul, chat, "вернуть деньги", talk.now, key="n1")
    with pytest.raises(NotFound, match="сотрудника"):
        async with talk.db.write() as tx:
            await service.transfer(tx, talk.aigul, chat, talk.seller.person_id, talk.now)
    seen = await talk.read(talk.seller)
    assert [it.kind for it in seen] == [MessageKind.USER]
    staff = await talk.read(talk.marat, chat)
    assert [it.text for it in staff if it.kind is MessageKind.NOTE] == [
        "он злится",
        "вернуть деньги",
    ]
    assert "Назначено: Айгуль Нурова" in [it.text for it in staff]


async def test_every_deed_of_support_is_written_down(talk: Talk) -> None:
    chat = (await talk.ask("Вопрос")).chat_id
    async with talk.db.write() as tx:
        await service.take(tx, talk.aigul, chat, talk.now)
        await service.note(tx, talk.aigul, chat, "заметка", talk.now, key="n")
    await talk.answer(chat, "Ответ")
    async with talk.db.write() as tx:
        await service.close(tx, talk.aigul, chat, talk.now)
        await service.reopen(tx, talk.aigul, chat, talk.now)
    async with talk.db.read() as tx:
        rows = await tx.scalars(
            select(AuditEntry).where(
                col(AuditEntry.actor_id) == talk.aigul.user_id,
                col(AuditEntry.entity_id) == str(chat),
            )
        )
        found = {it.action: it for it in rows}
        shown = await deeds(tx, talk.seller.owner_id, 50)
    assert set(found) == {
        "support_taken",
        "support_noted",
        "support_answered",
        "support_closed",
        "support_reopened",
    }
    assert {it.owner_id for it in found.values()} == {talk.seller.owner_id}
    taken = found["support_taken"]
    assert taken.before == {"status": "pending"}
    assert taken.after == {"status": "open", "assigned_to": talk.aigul.email}
    assert shown == []


async def test_nobody_reads_or_writes_anothers_chat(talk: Talk) -> None:
    chat = (await talk.ask("Секрет")).chat_id
    async with talk.db.write() as tx:
        other = actor_of(await add_user(tx))
    partner = Actor(Role.PARTNER, partner_id=uuid4())
    assert await talk.read(other) == []
    assert await talk.read(other, chat) == []
    for nosy in (partner, NOBODY):
        with pytest.raises(PermissionDenied):
            await talk.read(nosy, chat)
        with pytest.raises(PermissionDenied):
            await talk.ask("x", by=nosy)
    for nosy in (talk.seller, other, partner, NOBODY):
        async with talk.db.read() as tx:
            with pytest.raises(PermissionDenied):
                await reading.inbox(tx, nosy, InboxQuery(), talk.now)
            with pytest.raises(PermissionDenied):
                await reading.search(tx, nosy, "Секрет")
        with pytest.raises(PermissionDenied):
            async with talk.db.write() as tx:
                await service.take(tx, nosy, chat, talk.now)


async def test_who_looks_through_anothers_eyes_writes_nothing(talk: Talk) -> None:
    await talk.ask("Вопрос")
    eyes = Actor(Role.USER, talk.seller.user_id, impersonated_by=uuid4())
    with pytest.raises(PermissionDenied, match="писать за него нельзя"):
        await talk.ask("я не он", by=eyes)
    for deed in (
        service.close(None, eyes, None, talk.now),
        service.mark_read(None, eyes, None, talk.now),
    ):  # type: ignore[arg-type]
        with pytest.raises(PermissionDenied):
            await deed
    assert [it.text for it in await talk.read(eyes)] == ["Вопрос"]


async def test_a_manager_has_a_chat_of_their_own(talk: Talk) -> None:
    async with talk.db.write() as tx:
        person = await add_user(tx, plan=None)
    manager = Actor(Role.USER, person.id, person.email, acts_for=talk.seller.user_id)
    theirs = await talk.ask("Я менеджер", by=manager)
    mine = await talk.ask("Я владелец")
    assert theirs.chat_id != mine.chat_id
    assert [it.text for it in await talk.read(manager)] == ["Я менеджер"]
    async with talk.db.read() as tx:
        row = (await reading.chat(tx, talk.aigul, theirs.chat_id, talk.now)).row
    assert (row.owner_id, row.priority) == (talk.seller.user_id, 2)


async def test_a_chat_that_is_not_there_and_a_flood(talk: Talk) -> None:
    with pytest.raises(ChatNotFound):
        await talk.answer(uuid4(), "никому")
    with pytest.raises(ChatNotFound):
        async with talk.db.write() as tx:
            await service.close(tx, talk.seller, None, talk.now)
    for _ in range(30):
        await talk.ask("ещё")
    with pytest.raises(TooMuch):
        await talk.ask("ещё")
    talk.clock.move(seconds=61)
    await talk.ask("теперь можно")


async def test_a_message_that_is_refused_leaves_nothing(talk: Talk) -> None:
    with pytest.raises(InvalidInput, match="из 4000"):
        await talk.ask("ж" * 100_000)
    with pytest.raises(NotFound, match="Приложите"):
        await talk.ask("с файлом", files=[uuid4()])
    async with talk.db.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(SupportMessage)) == 0
        own = await reading.own_chat(tx, talk.seller, talk.now)
    assert own.id is None


class TestPages:
    async def test_messages_come_by_pages_in_order_and_none_is_lost(self, talk: Talk) -> None:
        chat = (await talk.ask("0")).chat_id
        for number in range(1, 25):
            talk.clock.move(seconds=5)
            await (talk.ask(str(number)) if number % 2 else talk.answer(chat, str(number)))
        found: list[str] = []
        before = None
        async with talk.db.read() as tx:
            while True:
                page = await reading.messages(tx, talk.seller, None, before=before, limit=7)
                found = [it.text for it in page.rows] + found
                if not page.has_older:
                    break
                before = page.rows[0].number
            newest = await reading.messages(tx, talk.seller, None, limit=2)
            later = await reading.messages(tx, talk.seller, None, after=newest.rows[0].number)
        assert found == [str(it) for it in range(25)]
        assert [it.text for it in later.rows] == ["24"]

    async def test_the_inbox_by_filters_and_pages(self, talk: Talk) -> None:
        chats = []
        for number in range(5):
            async with talk.db.write() as tx:
                person = await add_user(tx, plan=None, full_name=f"Клиент {number}")
            talk.clock.move(minutes=1)
            chats.append((await talk.ask("вопрос", by=actor_of(person))).chat_id)
        async with talk.db.write() as tx:
            await service.take(tx, talk.aigul, chats[0], talk.now)
        async with talk.db.read() as tx:
            first = await reading.inbox(tx, talk.aigul, InboxQuery(limit=3), talk.now)
            rest = await reading.inbox(tx, talk.aigul, InboxQuery(after=first.next), talk.now)
            mine = await reading.inbox(tx, talk.aigul, InboxQuery(whose=Whose.MINE), talk.now)
            named = await reading.inbox(tx, talk.aigul, InboxQuery(search="клиент 3"), talk.now)
            paid = await reading.inbox(tx, talk.aigul, InboxQuery(priority=2), talk.now)
            counts = await reading.counts(tx, talk.aigul, talk.now)
            late = talk.now + timedelta(hours=5)
            urgent = await reading.inbox(tx, talk.aigul, InboxQuery(is_urgent=True), late)
            broken = await reading.inbox(tx, talk.aigul, InboxQuery(is_late=True), late)
        assert [it.id for it in first.rows + rest.rows] == chats[::-1]
        assert rest.next is None
        assert [it.id for it in mine.rows] == chats[:1]
        assert [it.id for it in named.rows] == [chats[3]]
        assert paid.rows == []
        assert counts.by_status == {ChatStatus.PENDING: 4, ChatStatus.OPEN: 1}
        assert (counts.mine, counts.nobody, counts.unread, counts.late) == (1, 4, 5, 0)
        assert [it.id for it in urgent.rows] == chats
        assert len(broken.rows) == 5

    async def test_support_sees_addresses_masked_and_an_admin_whole(self, talk: Talk) -> None:
        chat = (await talk.ask("вопрос")).chat_id
        async with talk.db.write() as tx:
            admin = staff_of(await add_user(tx, plan=None, role="admin"), Role.ADMIN)
        async with talk.db.read() as tx:
            masked = (await reading.chat(tx, talk.aigul, chat, talk.now)).row.email
            whole = (await reading.chat(tx, admin, chat, talk.now)).row.email
        assert whole == talk.seller.email
        assert "•••" in masked

    async def test_search_knows_russian_words_and_finds_notes(self, talk: Talk) -> None:
        chat = (await talk.ask("У меня не обновляются цены на кроссовки")).chat_id
        async with talk.db.write() as tx:
            await service.note(
                tx, talk.aigul, chat, "проверить кроссовки у него", talk.now, key="n"
            )
        async with talk.db.read() as tx:
            found = await reading.search(tx, talk.marat, "кроссовками")
            nothing = await reading.search(tx, talk.marat, "'); DROP TABLE users; --")
            more = await reading.search(tx, talk.marat, "кроссовки", before=found[0].number)
        assert [it.kind for it in found] == [MessageKind.NOTE, MessageKind.USER]
        assert "кроссовки" in found[1].snippet
        assert nothing == []
        assert [it.kind for it in more] == [MessageKind.USER]
