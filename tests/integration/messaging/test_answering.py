"""What a seller writes by hand: through the gate alone, before notices, once; files, places, texts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from inbox_scene import BUYER, PNG, Inbox
from messaging_scene import NOON, Talk
from records import add_user, seller
from sqlalchemy import select, update

from cube_demper.core.errors import Conflict, InvalidInput, LimitReached, NotFound
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging import queue
from cube_demper.domain.messaging.gate_schemas import MessageKind, Reason, TriggerEvent
from cube_demper.domain.messaging.inbox import files, quick, threads, writing
from cube_demper.domain.messaging.inbox.errors import (
    CannotWrite,
    ThreadNotFound,
    TooManyFiles,
    WrongFile,
)
from cube_demper.domain.messaging.inbox.places import read_place
from cube_demper.domain.messaging.ports import (
    Attachment,
    Place,
    RefusalReason,
    RefusedSend,
    UnknownSend,
)
from cube_demper.models.inbox import WhatsAppFile
from cube_demper.models.messages import QueueStatus
from cube_demper.models.messaging import WhatsAppContact


@pytest.fixture
def inbox(talk: Talk) -> Inbox:
    return Inbox(talk)


async def _cancel(inbox: Inbox, queue_id: UUID) -> str | None:
    async with inbox.talk.db.write() as tx:
        return await writing.cancel(tx, inbox.actor, queue_id, inbox.talk.clock.now())


async def _again(inbox: Inbox, queue_id: UUID) -> None:
    now, secrets = inbox.talk.clock.now(), inbox.talk.services.secrets
    async with inbox.talk.db.write() as tx:
        await writing.try_again(tx, inbox.actor, queue_id, now, secrets=secrets)


async def _last_queue_id(inbox: Inbox) -> UUID:
    found = (await inbox.thread()).said[-1].queue_id
    assert found is not None
    return found


class TestGate:
    async def test_an_answer_goes_before_notices_and_reads_first(self, inbox: Inbox) -> None:
        await inbox.talk.order()
        await inbox.hears("Где заказ?")
        await inbox.answers("Уже едет")
        sent = await inbox.talk.work()
        assert sent[0] == "Уже едет"
        assert inbox.talk.whatsapp.seen == [f"{BUYER}@c.us"]

    async def test_marks_of_an_answer_are_seen(self, inbox: Inbox) -> None:
        await inbox.hears("Где заказ?")
        await inbox.answers("Уже едет")
        statuses = [(await inbox.thread()).said[-1].status]
        await inbox.talk.work()
        short_id = inbox.talk.whatsapp.sent[0][0].message_id
        for ack in (None, 2, 3):
            if ack is not None:
                await inbox.ack(short_id, ack)
            statuses.append((await inbox.thread()).said[-1].status)
        assert statuses == ["waiting", "sent", "delivered", "read"]

    async def test_the_same_press_told_twice_is_one_message(self, inbox: Inbox) -> None:
        await inbox.hears("Где заказ?")
        assert await inbox.answers("Едет", key="one")
        assert not await inbox.answers("Едет", key="one")
        assert await inbox.answers("Едет", key="two")
        assert await inbox.talk.work() == ["Едет"]
        assert await inbox.talk.work(minutes=2) == ["Едет"]

    async def test_who_waits_is_answered_at_night_and_nobody_else(self, inbox: Inbox) -> None:
        await inbox.hears("Здравствуйте")
        inbox.talk.clock.move(hours=11)
        await inbox.answers("Доброй ночи")
        assert await inbox.talk.work() == ["Доброй ночи"]
        inbox.talk.clock.move(hours=23)
        await inbox.answers("Вы просили напомнить")
        assert await inbox.talk.work() == []
        assert (await inbox.talk.queue())[-1].kind == MessageKind.LETTER
        assert await inbox.talk.work(hours=11) == ["Вы просили напомнить"]

    async def test_what_was_due_a_day_ago_answers_nothing(self, inbox: Inbox) -> None:
        await inbox.hears("Здравствуйте")
        await inbox.answers("Добрый день")
        assert await inbox.talk.work(hours=25) == []
        last = (await inbox.thread()).said[-1]
        assert (last.status, last.reason) == ("dropped", Reason.TOO_OLD)

    async def test_one_who_asked_for_silence_is_answered_on_their_own_letter_alone(
        self, inbox: Inbox
    ) -> None:
        await inbox.hears("стоп")
        assert (await inbox.thread()).is_silent
        await inbox.answers("Хорошо, больше не пишем")
        assert await inbox.talk.work() == ["Хорошо, больше не пишем"]
        inbox.talk.clock.move(hours=25)
        assert (await inbox.thread()).standing.refusal is Reason.OPTED_OUT
        with pytest.raises(CannotWrite, match="просил не писать"):
            await inbox.answers("А может?")

    async def test_a_word_understood_wrongly_is_taken_back_by_the_seller_alone(
        self, inbox: Inbox
    ) -> None:
        await inbox.hears("стоп")
        thread = await inbox.thread()
        async with inbox.talk.db.write() as tx:
            stranger = await add_user(tx)
            with pytest.raises(ThreadNotFound):
                await threads.lift_silence(tx, seller(stranger), thread.id)
            await threads.lift_silence(tx, seller(inbox.talk.user), thread.id)
        inbox.talk.clock.move(hours=25)
        found = await inbox.thread()
        assert (found.is_silent, found.standing.refusal) == (False, None)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"status": "FAILED"}, Reason.NOT_LINKED),
            ({"pause_reason": "seller", "paused_at": NOON}, Reason.PAUSED),
        ],
    )
    async def test_a_number_that_cannot_write_says_why(
        self, inbox: Inbox, change: dict[str, object], reason: Reason
    ) -> None:
        await inbox.hears("Здравствуйте")
        await inbox.talk.set_session(**change)
        assert (await inbox.thread()).standing.refusal is reason
        with pytest.raises(CannotWrite):
            await inbox.answers("Добрый день")
        assert await inbox.talk.queue() == []

    async def test_nothing_is_written_while_the_seller_has_stopped(self, inbox: Inbox) -> None:
        await inbox.hears("Здравствуйте")
        async with inbox.talk.db.write() as tx:
            await queue.stop(tx, inbox.actor, NOON)
        assert (await inbox.thread()).standing.refusal is Reason.STOPPED

    @pytest.mark.parametrize("text", ["", "  \n ", "а" * 4097])
    async def test_an_empty_or_endless_answer_is_refused(self, inbox: Inbox, text: str) -> None:
        await inbox.hears("Здравствуйте")
        with pytest.raises(InvalidInput):
            await inbox.answers(text)


class TestEnds:
    async def test_what_waits_is_taken_back_once(self, inbox: Inbox) -> None:
        await inbox.hears("Здравствуйте")
        await inbox.answers("Ой")
        queued = await _last_queue_id(inbox)
        sealed = await _cancel(inbox, queued)
        assert inbox.talk.services.secrets.decrypt(sealed or "") == "Ой"
        with pytest.raises(Conflict):
            await _cancel(inbox, queued)
        assert await inbox.talk.work() == []
        assert [it.text for it in (await inbox.thread()).said] == ["Здравствуйте"]

    async def test_what_failed_is_tried_again_and_shown_once(self, inbox: Inbox) -> None:
        await inbox.hears("Здравствуйте")
        await inbox.answers("Добрый день")
        inbox.talk.whatsapp.outcomes = [RefusedSend(RefusalReason.WRONG_REQUEST)]
        await inbox.talk.work()
        last = (await inbox.thread()).said[-1]
        assert (last.status, last.reason) == ("failed", Reason.REFUSED)
        assert last.queue_id is not None
        await _again(inbox, last.queue_id)
        with pytest.raises(Conflict):
            await _again(inbox, last.queue_id)
        await inbox.talk.work(minutes=2)
        assert [(it.text, it.status) for it in (await inbox.thread()).said] == [
            ("Здравствуйте", "received"),
            ("Добрый день", "sent"),
        ]

    async def test_what_may_have_arrived_is_never_tried_again(self, inbox: Inbox) -> None:
        await inbox.hears("Здравствуйте")
        await inbox.answers("Добрый день")
        inbox.talk.whatsapp.outcomes = [UnknownSend()]
        await inbox.talk.work()
        with pytest.raises(Conflict):
            await _again(inbox, await _last_queue_id(inbox))
        assert await inbox.talk.work(minutes=20) == []


class TestEnclosures:
    async def test_a_picture_goes_with_its_words_and_is_kept(self, inbox: Inbox) -> None:
        await inbox.hears("Какого он цвета?")
        file_id = await inbox.adds("чайник.png", PNG)
        await inbox.answers("Вот такого", file_id=file_id)
        assert await inbox.talk.work() == ["Вот такого"]
        assert inbox.talk.whatsapp.enclosed == [Attachment("чайник.png", "image/png", PNG)]
        async with inbox.talk.db.read() as tx:
            stored = (await tx.scalars(select(WhatsAppFile))).one()
            secrets = inbox.talk.services.secrets
            taken = await files.take(tx, inbox.actor, file_id, NOON, secrets=secrets)
        assert PNG not in stored.content
        assert taken == ("чайник.png", "image/png", PNG)

    async def test_two_different_pictures_without_words_are_two_messages(
        self, inbox: Inbox
    ) -> None:
        await inbox.hears("Здравствуйте")
        inbox.talk.clock.move(hours=25)  # letters: the same twice would be dropped
        for name in ("a.png", "b.png"):
            await inbox.answers("", file_id=await inbox.adds(name, PNG))
        await inbox.talk.work()
        await inbox.talk.work(minutes=2)
        assert len(inbox.talk.whatsapp.enclosed) == 2

    async def test_a_document_and_a_place(self, inbox: Inbox) -> None:
        await inbox.hears("Куда ехать?")
        await inbox.answers("", file_id=await inbox.adds("Чек.pdf", b"%PDF-1.7 x"))
        await inbox.answers("", enclosure=read_place("43.238949, 76.889709", "Пункт выдачи"))
        await inbox.talk.work()
        await inbox.talk.work(minutes=2)
        assert inbox.talk.whatsapp.enclosed == [
            Attachment("Чек.pdf", "application/pdf", b"%PDF-1.7 x"),
            Place(43.238949, 76.889709, "Пункт выдачи"),
        ]

    async def test_a_file_that_is_gone_is_not_sent(self, inbox: Inbox) -> None:
        await inbox.hears("Здравствуйте")
        await inbox.answers("Вот", file_id=await inbox.adds("a.png", PNG))
        async with inbox.talk.db.write() as tx:
            await files.forget_expired(tx, SYSTEM, NOON + timedelta(days=31))
        assert await inbox.talk.work() == []
        assert (await inbox.thread()).said[-1].reason is Reason.FILE_GONE

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("вирус.exe", b"MZ\x90"),
            ("не фото.png", b"<svg onload=alert(1)>"),
            ("архив.zip", b"PK\x03\x04"),
            ("пусто.png", b""),
            ("большое.png", PNG + b"\0" * (5 * 1024 * 1024)),
            ("двоичный.txt", b"\x00\x01"),
        ],
    )
    async def test_wrong_files_are_refused(self, inbox: Inbox, name: str, content: bytes) -> None:
        with pytest.raises(WrongFile):
            await inbox.adds(name, content)

    async def test_a_day_has_so_many_files(
        self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "MOST_A_DAY", 2)
        await inbox.adds("a.png", PNG)
        await inbox.adds("b.png", PNG)
        with pytest.raises(TooManyFiles):
            await inbox.adds("c.png", PNG)
        inbox.talk.clock.move(hours=25)
        await inbox.adds("c.png", PNG)


class TestTexts:
    async def test_a_quick_answer_is_filled_from_the_newest_order(self, inbox: Inbox) -> None:
        await inbox.talk.order("790000001")
        inbox.talk.clock.move(minutes=1)
        await inbox.talk.order("790000002")
        await inbox.hears("Где он?")
        found, secrets = await inbox.only(), inbox.talk.services.secrets
        async with inbox.talk.db.write() as tx:
            reply = await quick.save(tx, inbox.actor, "Едет", "Заказ {order_code} едет")
        async with inbox.talk.db.read() as tx:
            text = await quick.fill_reply(tx, inbox.actor, found, reply, secrets=secrets)
            shipped = await quick.fill_template(
                tx, inbox.actor, found, TriggerEvent.ORDER_SHIPPED, secrets=secrets
            )
        assert text == "Заказ 790000002 едет"
        assert "790000002 отправлен" in shipped

    async def test_answers_are_changed_and_removed_by_their_owner(self, inbox: Inbox) -> None:
        async with inbox.talk.db.write() as tx:
            reply = await quick.save(tx, inbox.actor, "Адрес", "Абая, 1")
            with pytest.raises(InvalidInput) as taken:
                await quick.save(tx, inbox.actor, " адрес ", "Другое")
            await quick.save(tx, inbox.actor, "Адрес", "Абая, 2", reply)
            (found,) = await quick.list_replies(tx, inbox.actor)
            await quick.remove(tx, inbox.actor, reply)
            with pytest.raises(NotFound):
                await quick.remove(tx, inbox.actor, reply)
        assert (taken.value.field, found.message) == ("title", "Абая, 2")

    @pytest.mark.parametrize(
        ("title", "message", "field"),
        [("", "Т", "title"), ("Т" * 41, "Т", "title"), ("Т", " ", "message"),
         ("Т", "а" * 1001, "message"), ("Т", "{нет}", "message")],
    )  # fmt: skip
    async def test_wrong_answers_name_their_field(
        self, inbox: Inbox, title: str, message: str, field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            async with inbox.talk.db.write() as tx:
                await quick.save(tx, inbox.actor, title, message)
        assert refused.value.field == field

    async def test_there_are_no_more_than_so_many(
        self, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quick, "MOST", 1)
        async with inbox.talk.db.write() as tx:
            await quick.save(tx, inbox.actor, "Раз", "Текст")
            with pytest.raises(LimitReached):
                await quick.save(tx, inbox.actor, "Два", "Текст")


async def test_a_person_not_on_whatsapp_is_dropped_with_its_reason(inbox: Inbox) -> None:
    await inbox.hears("Здравствуйте")
    await inbox.answers("Добрый день")
    async with inbox.talk.db.write() as tx:
        await tx.execute(
            update(WhatsAppContact).values(is_on_whatsapp=False, checked_at=inbox.talk.clock.now())
        )
    await inbox.talk.work()
    assert [row.status for row in await inbox.talk.queue()] == [QueueStatus.DROPPED]
    assert (await inbox.thread()).standing.refusal is Reason.NOT_ON_WHATSAPP
