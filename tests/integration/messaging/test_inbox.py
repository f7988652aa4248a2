"""Talks with buyers: one a person, in order, searched, read; nobody else's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from inbox_scene import BUYER, PNG, Inbox
from messaging_scene import NOON, Talk, add_number
from records import add_store, add_user, seller
from sqlalchemy import event, update

from cube_demper.core.errors import NotFound, PermissionDenied
from cube_demper.domain.accounts.schemas import NOBODY, Actor, Role
from cube_demper.domain.messaging.enclosures import Enclosure, EnclosureKind
from cube_demper.domain.messaging.gate_schemas import MessageKind, Reason
from cube_demper.domain.messaging.inbox import files, quick, threads, writing
from cube_demper.domain.messaging.inbox.schemas import Origin
from cube_demper.domain.orders.seen_schemas import Buyer
from cube_demper.models.messaging import WhatsAppStore
from cube_demper.models.staff import Area

OTHER = "77012223344"


@pytest.fixture
def inbox(talk: Talk) -> Inbox:
    return Inbox(talk)


class TestList:
    async def test_the_newest_talk_stands_first_and_says_what_was_said_last(
        self, inbox: Inbox
    ) -> None:
        await inbox.hears("Где заказ?")
        inbox.talk.clock.move(minutes=1)
        await inbox.hears("Здравствуйте", OTHER, name="Берик")
        inbox.talk.clock.move(minutes=1)
        await inbox.hears("Ответьте!")
        page = await inbox.list()
        assert [(it.person, it.text, it.unread) for it in page.rows] == [
            ("Айгерим", "Ответьте!", 2),
            ("Берик", "Здравствуйте", 1),
        ]
        assert page.unread == await inbox.unread() == 2

    async def test_pages_follow_one_another_without_a_gap(self, inbox: Inbox) -> None:
        for number in range(7):
            await inbox.hears(f"№ {number}", f"7701222{number:04d}", name="")
        seen, after = [], None
        while True:  # all of one moment: the id decides
            page = await inbox.list(limit=3, after=after)
            seen += [row.text for row in page.rows]
            if not page.has_more:
                break
            after = (page.rows[-1].talked_at, page.rows[-1].id)
        assert sorted(seen) == [f"№ {number}" for number in range(7)]

    async def test_a_list_takes_the_same_few_queries_however_long(self, inbox: Inbox) -> None:
        counts = []
        for number in range(12):
            await inbox.hears("Здравствуйте", f"7701222{number:04d}")
            if number in (0, 11):
                counts.append(await _count_queries(inbox))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("79000", ["Айгерим Тестова"]),
            ("8 (701) 000-00-01", ["Айгерим Тестова"]),
            ("тестова", ["Айгерим Тестова"]),
            ("БЕРИК", ["Берик"]),
            ("Тестова Берик", []),
            ("нет такого", []),
            ("000", []),
        ],
    )
    async def test_search_by_code_phone_and_name(
        self, inbox: Inbox, search: str, found: list[str]
    ) -> None:
        await inbox.talk.order("790000001")
        await inbox.talk.work()
        await inbox.hears("Салем", OTHER, name="Берик")
        assert [row.person for row in (await inbox.list(search=search)).rows] == found

    async def test_unread_ones_alone(self, inbox: Inbox) -> None:
        await inbox.hears("Где заказ?")
        await inbox.reads()
        await inbox.hears("Салем", OTHER, name="Берик")
        assert [row.person for row in (await inbox.list(is_unread=True)).rows] == ["Берик"]

    async def test_a_person_is_one_talk_with_all_their_orders(self, inbox: Inbox) -> None:
        async with inbox.talk.db.write() as tx:
            second = await add_store(tx, inbox.talk.user, name="Второй")
        await inbox.talk.order("790000001")
        inbox.talk.store, first = second, inbox.talk.store
        await inbox.talk.see("790000002", "NEW", "APPROVED_BY_BANK")
        inbox.talk.store = first
        await inbox.talk.order("790000003", buyer=Buyer("Чужая", f"+{OTHER}"))
        await inbox.hears("Оба заказа приедут вместе?")
        thread = await inbox.thread()
        assert {it.code for it in thread.orders} == {"790000001", "790000002"}
        assert thread.order_count == 2


class TestNames:
    """An order's name says more than a nickname, whichever is known first."""

    async def test_an_order_names_who_wrote_before(self, inbox: Inbox) -> None:
        await inbox.hears("Есть в наличии?", name="❤️ Айка")
        assert (await inbox.thread()).person == "❤️ Айка"
        await inbox.talk.order("790000001")
        assert (await inbox.thread()).person == "Айгерим Тестова"
        assert len((await inbox.list(search="тестова")).rows) == 1
        assert (await inbox.list(search="айка")).rows == []

    async def test_who_writes_after_an_order_bears_its_name(self, inbox: Inbox) -> None:
        await inbox.talk.set_session(status="STOPPED")
        async with inbox.talk.db.write() as tx:
            await tx.execute(update(WhatsAppStore).values(is_enabled=False))
        await inbox.talk.order("790000001")
        await inbox.hears("Где заказ?", name="❤️ Айка")
        assert (await inbox.thread()).person == "Айгерим Тестова"

    async def test_a_later_order_renames(self, inbox: Inbox) -> None:
        await inbox.talk.order("790000001")
        await inbox.talk.order("790000002", buyer=Buyer("Айгерим Новая", f"+{BUYER}"))
        await inbox.hears("Где заказ?")
        assert (await inbox.thread()).person == "Айгерим Новая"


class TestReading:
    async def test_far_back_nothing_is_left_out_or_shown_twice(self, inbox: Inbox) -> None:
        for number in range(23):
            await inbox.hears(f"№ {number}")
        seen: list[str] = []
        thread = await inbox.thread(limit=5)
        while True:
            seen = [it.text for it in thread.said] + seen
            if thread.oldest is None:
                break
            thread = await inbox.thread(limit=5, before=thread.oldest)
        assert sorted(seen) == sorted(f"№ {number}" for number in range(23))
        assert not thread.has_older

    async def test_who_has_read_has_read_all_and_the_badge_goes(self, inbox: Inbox) -> None:
        await inbox.hears("Раз")
        await inbox.hears("Два")
        assert await inbox.unread() == 1
        assert (await inbox.thread()).is_unread
        assert await inbox.reads() == 2
        assert await inbox.reads() == 0
        assert await inbox.unread() == 0

    async def test_an_answer_on_the_phone_is_the_sellers_and_reads_what_came_before(
        self, inbox: Inbox
    ) -> None:
        await inbox.hears("Где заказ?")
        inbox.talk.clock.move(minutes=1)
        await inbox.hears("Уже везём", is_ours=True, is_typed=True, name="")
        said = (await inbox.thread()).said
        assert [(it.origin, it.text) for it in said] == [
            (Origin.BUYER, "Где заказ?"),
            (Origin.PHONE, "Уже везём"),
        ]
        assert await inbox.unread() == 0
        assert await inbox.talk.work() == []

    async def test_older_messages_come_when_asked_for(self, inbox: Inbox) -> None:
        for number in range(9):
            await inbox.hears(f"№ {number}")
            inbox.talk.clock.move(seconds=1)
        newest = await inbox.thread(limit=4)
        assert ([it.text for it in newest.said], newest.has_older) == (
            [f"№ {number}" for number in range(5, 9)],
            True,
        )
        assert not (await inbox.thread(limit=9)).has_older

    async def test_what_came_with_a_message_is_kept_as_told(self, inbox: Inbox) -> None:
        photo = Enclosure(
            EnclosureKind.IMAGE, mimetype="image/jpeg", path="/api/files/x/1.jpg", size=10
        )
        await inbox.hears("", enclosure=photo)
        place = Enclosure(EnclosureKind.LOCATION, "Дом", latitude=43.0, longitude=0.0)
        await inbox.hears("", enclosure=place)
        assert {it.enclosure for it in (await inbox.thread()).said} == {photo, place}

    async def test_the_owners_of_a_number_with_a_lid_are_one_talk(self, inbox: Inbox) -> None:
        await inbox.hears("Кто я?", "", chat_id="123@lid", name="Тайна")
        assert (await inbox.list()).rows[0].person == "Тайна"
        inbox.talk.clock.move(seconds=1)
        await inbox.hears("Это я", BUYER, chat_id="123@lid")
        assert [it.text for it in (await inbox.thread()).said] == ["Кто я?", "Это я"]

    async def test_one_without_a_number_is_answered_by_the_lid(self, inbox: Inbox) -> None:
        await inbox.hears("Здравствуйте", "", chat_id="123@lid", name="Тайна")
        await inbox.answers("Добрый день")
        assert await inbox.talk.work() == ["Добрый день"]
        assert inbox.talk.whatsapp.sent[0][0].chat_id == "123@lid"


class TestOrders:
    async def test_a_talk_begins_from_an_order(self, inbox: Inbox) -> None:
        order = await inbox.talk.order()
        secrets = inbox.talk.services.secrets
        async with inbox.talk.db.write() as tx:
            found = await threads.thread_of_order(tx, inbox.actor, order.id, secrets=secrets)
        thread = await inbox.thread(found)
        assert (thread.person, [it.code for it in thread.orders]) == (
            "Айгерим Тестова",
            ["790686780"],
        )
        assert thread.standing.kind is MessageKind.LETTER


class TestPrivacy:
    async def _stranger(self, inbox: Inbox) -> Actor:
        async with inbox.talk.db.write() as tx:
            user = await add_user(tx)
        await add_number(inbox.talk.db, inbox.talk.services, user, own_phone="+77019999999")
        return seller(user)

    async def test_another_sellers_talk_is_not_there(self, inbox: Inbox) -> None:
        order = await inbox.talk.order()
        await inbox.hears("Секрет")
        found, other = await inbox.only(), await self._stranger(inbox)
        file_id, secrets = await inbox.adds("a.png", PNG), inbox.talk.services.secrets
        await inbox.answers("Вот", file_id=file_id)
        queued = (await inbox.thread()).said[-1].queue_id
        assert queued is not None
        assert (await inbox.list(other)).rows == []
        assert (await inbox.list(other, search="790686780")).rows == []
        with pytest.raises(NotFound):
            await inbox.thread(found, actor=other)
        with pytest.raises(NotFound):
            await inbox.answers("Это не я", actor=other, thread_id=found)
        async with inbox.talk.db.write() as tx:
            for refused in (
                threads.mark_read(tx, other, found, NOON),
                threads.thread_of_order(tx, other, order.id, secrets=secrets),
                writing.cancel(tx, other, queued, NOON),
                writing.try_again(tx, other, queued, NOON, secrets=secrets),
                files.take(tx, other, file_id, NOON, secrets=secrets),
                files.enclose(tx, other, file_id, NOON),
                files.find_received(tx, other, (await inbox.thread()).said[0].id),
            ):
                with pytest.raises(NotFound):
                    await refused

    async def test_who_has_no_right_to_messages_reads_none(self, inbox: Inbox) -> None:
        await inbox.hears("Секрет")
        found = await inbox.only()
        rights = frozenset({Area.ORDERS})
        manager = Actor(Role.USER, uuid4(), acts_for=inbox.talk.user.id, rights=rights)
        for actor in (manager, NOBODY, Actor(Role.SUPPORT, uuid4())):
            with pytest.raises(PermissionDenied):
                await inbox.list(actor)
            with pytest.raises(PermissionDenied):
                await inbox.thread(found, actor=actor)
            with pytest.raises(PermissionDenied):
                await inbox.answers("Я", actor=actor, thread_id=found)
            with pytest.raises(PermissionDenied):
                await inbox.adds("a.png", PNG, actor)
        async with inbox.talk.db.read() as tx:
            assert await threads.count_unread(tx, manager) == 0

    async def test_who_may_not_see_buyers_reads_initials(self, inbox: Inbox) -> None:
        await inbox.talk.order()
        await inbox.talk.work()
        await inbox.hears("Где заказ?")
        rights = frozenset({Area.MESSAGES})
        manager = Actor(Role.USER, uuid4(), acts_for=inbox.talk.user.id, rights=rights)
        (row,) = (await inbox.list(manager)).rows
        assert (row.person, row.phone) == ("А. Т.", "+7 701 ··· ·· 01")
        for telling in ("+7 701 000 00 01", "77010000001", "Тестова"):
            assert len((await inbox.list(search=telling)).rows) == 1
            assert (await inbox.list(manager, search=telling)).rows == [], "whose it is"
        assert len((await inbox.list(manager, search="790686780")).rows) == 1
        async with inbox.talk.db.write() as tx:
            reply = await quick.save(tx, inbox.actor, "Кто", "{customer_name} {delivery_address}")
        async with inbox.talk.db.read() as tx:
            text = await quick.fill_reply(
                tx, manager, row.id, reply, secrets=inbox.talk.services.secrets
            )
        assert text == "А. Т."


async def test_what_is_said_on_and_on_stays_within_bounds(inbox: Inbox) -> None:
    """A test to oneself is a talk, too, and a day later nobody answers: it is a letter then."""
    await inbox.hears("Здравствуйте")
    assert (await inbox.thread()).standing.kind is MessageKind.REPLY
    inbox.talk.clock.move(hours=24)
    standing = (await inbox.thread()).standing
    assert (standing.kind, standing.refusal) == (MessageKind.LETTER, None)
    inbox.talk.clock.move(hours=10)
    assert (await inbox.thread()).standing.reason is Reason.NIGHT
    assert (await inbox.thread()).standing.until == NOON + timedelta(days=1, hours=21)


async def _count_queries(inbox: Inbox) -> int:
    seen: list[str] = []
    engine = inbox.talk.db.engine.sync_engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        await inbox.list()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
