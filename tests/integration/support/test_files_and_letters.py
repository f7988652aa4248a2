"""Files go to the chat's two sides only; answers that were not seen go by mail, once."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from uuid import UUID

import pytest
from accounts_scene import Postbox
from PIL import Image
from records import add_user
from records import seller as actor_of
from sqlalchemy import select, update
from sqlmodel import col
from talk_scene import Talk

from cube_demper.db import outbox
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.support import desks, files, keeping, mailing, service
from cube_demper.domain.support.errors import FileNotKept, TooMuch
from cube_demper.models.accounts import User
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.support import SupportFile


def _png() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (8, 8)).save(body, "PNG")
    return body.getvalue()


class TestFiles:
    async def test_both_sides_see_it_and_nobody_else(self, talk: Talk) -> None:
        file_id = await talk.upload("снимок.png", _png())
        written = await talk.ask("вот", files=[file_id])
        async with talk.db.write() as tx:
            other = actor_of(await add_user(tx))
        for who in (talk.seller, talk.marat):
            async with talk.db.read() as tx:
                given = await files.take(tx, who, file_id, talk.now, secrets=talk.secrets)
            assert (given.name, given.mimetype) == ("снимок.png", "image/png")
        with pytest.raises(FileNotKept):
            async with talk.db.read() as tx:
                await files.take(tx, other, file_id, talk.now, secrets=talk.secrets)
        said = await talk.read(talk.marat, written.chat_id)
        assert [it.name for it in said[0].files] == ["снимок.png"]

    async def test_it_is_encrypted_where_it_lies(self, talk: Talk) -> None:
        content = _png()
        await talk.upload("a.png", content)
        async with talk.db.read() as tx:
            kept = await tx.scalar(select(col(SupportFile.content)))
        assert kept is not None
        assert b"PNG" not in kept

    async def test_anothers_file_cannot_be_sent_and_one_file_goes_once(self, talk: Talk) -> None:
        theirs = await talk.upload("a.png", _png(), by=talk.aigul)
        with pytest.raises(FileNotKept):
            await talk.ask("чужой", files=[theirs])
        mine = await talk.upload("a.png", _png())
        await talk.ask("раз", files=[mine])
        with pytest.raises(FileNotKept):
            await talk.ask("два", files=[mine])

    async def test_a_loose_file_is_its_owners_and_goes_in_a_day(self, talk: Talk) -> None:
        file_id = await talk.upload("a.png", _png())
        with pytest.raises(FileNotKept):
            async with talk.db.read() as tx:
                await files.take(tx, talk.aigul, file_id, talk.now, secrets=talk.secrets)
        talk.clock.move(hours=25)
        async with talk.db.write() as tx:
            await keeping.forget_old(tx, SYSTEM, talk.now)
        with pytest.raises(FileNotKept):
            await talk.ask("поздно", files=[file_id])

    async def test_so_many_a_day_and_no_more(self, talk: Talk) -> None:
        for _ in range(files.MOST_A_DAY):
            await talk.upload("a.png", _png())
        with pytest.raises(TooMuch, match="завтра"):
            await talk.upload("a.png", _png())


class TestLetters:
    async def _due(self, talk: Talk) -> list[str]:
        async with talk.db.read() as tx:
            rows = await tx.scalars(
                select(OutboxMessage).where(
                    col(OutboxMessage.topic) == mailing.TOPIC, col(OutboxMessage.done_at).is_(None)
                )
            )
            return [it.payload["chat_id"] for it in rows if it.next_try_at <= talk.now]

    async def _deliver(self, talk: Talk, post: Postbox) -> None:
        """Do what the outbox worker does with what is due."""
        while True:
            async with talk.db.write() as tx:
                found = await outbox.claim(tx, [mailing.TOPIC], talk.now)
                if found is None:
                    return
                await outbox.complete(tx, found.id, talk.now)
            room = mailing.MailRoom(talk.db, post, "https://cube.test")
            await mailing.deliver(room, UUID(found.payload["chat_id"]))

    async def test_three_minutes_unseen_and_it_goes_with_what_was_answered(
        self, talk: Talk
    ) -> None:
        post = Postbox()
        chat = (await talk.ask("Вопрос")).chat_id
        await talk.answer(chat, "Первый ответ <b>")
        talk.clock.move(minutes=2)
        await talk.answer(chat, "Второй ответ")
        await self._deliver(talk, post)
        assert post.letters == []
        talk.clock.move(minutes=1)
        await self._deliver(talk, post)
        assert len(post.letters) == 1
        to, letter = post.letters[0]
        assert to == talk.seller.email
        assert "Первый ответ <b>" in letter.text
        assert "Второй ответ" in letter.text
        assert "Первый ответ &lt;b&gt;" in letter.html
        talk.clock.move(minutes=30)
        await self._deliver(talk, post)
        assert len(post.letters) == 1

    async def test_seen_in_time_is_not_mailed(self, talk: Talk) -> None:
        post = Postbox()
        chat = (await talk.ask("Вопрос")).chat_id
        await talk.answer(chat, "Ответ")
        async with talk.db.write() as tx:
            await service.mark_read(tx, talk.seller, None, talk.now)
        talk.clock.move(minutes=10)
        await self._deliver(talk, post)
        assert post.letters == []
        await talk.answer(chat, "Ещё")
        talk.clock.move(minutes=4)
        await self._deliver(talk, post)
        assert ["Ещё" in it.text and "Ответ: " not in it.text for _, it in post.letters] == [True]

    async def test_what_was_answered_after_the_letter_goes_in_the_next_one(
        self, talk: Talk
    ) -> None:
        post = Postbox()
        chat = (await talk.ask("Вопрос")).chat_id
        await talk.answer(chat, "Раз")
        talk.clock.move(minutes=4)
        await self._deliver(talk, post)
        await talk.answer(chat, "Два")
        talk.clock.move(minutes=4)
        await self._deliver(talk, post)
        assert ["Раз" in it.text for _, it in post.letters] == [True, False]

    async def test_a_note_is_never_mailed_and_a_blocked_person_gets_nothing(
        self, talk: Talk
    ) -> None:
        post = Postbox()
        chat = (await talk.ask("Вопрос")).chat_id
        async with talk.db.write() as tx:
            await service.note(tx, talk.aigul, chat, "между нами", talk.now, key="n")
        talk.clock.move(minutes=5)
        assert await self._due(talk) == []
        await talk.answer(chat, "Ответ")
        talk.clock.move(minutes=5)
        await self._deliver(talk, post)
        assert "между нами" not in post.letters[0][1].text
        async with talk.db.write() as tx:
            await tx.execute(update(User).values(is_blocked=True))
        await talk.answer(chat, "Ещё ответ")
        talk.clock.move(minutes=5)
        await self._deliver(talk, post)
        assert len(post.letters) == 1


class TestSharing:
    async def test_a_new_chat_goes_to_who_is_there_and_has_least(self, talk: Talk) -> None:
        await talk.come(talk.aigul)
        await talk.come(talk.marat)
        people = []
        for _ in range(4):
            async with talk.db.write() as tx:
                people.append(actor_of(await add_user(tx)))
        await asyncio.gather(*(talk.ask("вопрос", by=it) for it in people))
        loads = await _loads(talk)
        assert loads == {"Айгуль Нурова": 2, "Марат": 2}

    async def test_who_comes_gets_what_waits_and_who_left_loses_what_they_did_not_begin(
        self, talk: Talk
    ) -> None:
        await talk.ask("ночной вопрос")
        assert await _loads(talk) == {"Айгуль Нурова": 0, "Марат": 0}
        await talk.come(talk.aigul)
        assert (await _loads(talk))["Айгуль Нурова"] == 1
        talk.clock.move(minutes=6)
        await talk.come(talk.marat)
        assert await _loads(talk) == {"Айгуль Нурова": 0, "Марат": 1}

    async def test_what_is_in_work_stays_with_its_person(self, talk: Talk) -> None:
        await talk.come(talk.aigul)
        chat = (await talk.ask("вопрос")).chat_id
        await talk.answer(chat, "Смотрю")
        talk.clock.move(minutes=30)
        await talk.come(talk.marat)
        async with talk.db.write() as tx:
            await keeping.tend(tx, SYSTEM, talk.now, since=talk.now - timedelta(minutes=1))
        assert await _loads(talk) == {"Айгуль Нурова": 1, "Марат": 0}


async def _loads(talk: Talk) -> dict[str, int]:
    async with talk.db.read() as tx:
        return {it.name: it.load for it in await desks.colleagues(tx, talk.aigul, talk.now)}
