"""Somebody waits and nobody is at their desk: support's mailbox hears of it, once."""

from __future__ import annotations

from uuid import UUID

from accounts_scene import Postbox
from talk_scene import Talk

from cube_demper.db import outbox
from cube_demper.domain.support import mailing, service, waiting

_MAILBOX, _DESK = "help@cube.test", "https://support.cube.test"


async def _deliver(talk: Talk, post: Postbox) -> None:
    """Do what the outbox worker does with what is due."""
    while True:
        async with talk.db.write() as tx:
            found = await outbox.claim(tx, [waiting.TOPIC], talk.now)
            if found is None:
                return
            await outbox.complete(tx, found.id, talk.now)
        given = found.payload
        await waiting.deliver(
            mailing.MailRoom(talk.db, post, "https://cube.test"),
            UUID(given["chat_id"]), given["number"],
            mailbox=_MAILBOX, desk=_DESK, now=talk.now,
        )  # fmt: skip


async def test_nobody_there_and_the_mailbox_is_told_once_with_what_was_said(talk: Talk) -> None:
    post = Postbox()
    chat = (await talk.ask("Бот <b>стоит</b>")).chat_id
    await talk.ask("Уже час")
    await _deliver(talk, post)
    assert post.letters == []
    talk.clock.move(minutes=3)
    await _deliver(talk, post)
    talk.clock.move(hours=2)
    await talk.ask("Ау")
    await _deliver(talk, post)
    talk.clock.move(hours=2)
    await _deliver(talk, post)
    ((to, letter),) = post.letters
    assert to == _MAILBOX
    assert "Болат Сериков" in letter.subject
    assert "Бот <b>стоит</b>" in letter.text
    assert "Уже час" in letter.text
    assert "Бот &lt;b&gt;стоит&lt;/b&gt;" in letter.html
    assert f"{_DESK}/chats/{chat}" in letter.text


async def test_while_somebody_is_there_nothing_goes_and_it_is_looked_at_again(talk: Talk) -> None:
    post = Postbox()
    await talk.ask("Вопрос")
    talk.clock.move(minutes=3)
    await talk.come(talk.aigul)
    await _deliver(talk, post)
    assert post.letters == []
    talk.clock.move(minutes=15)
    await _deliver(talk, post)
    assert [to for to, _ in post.letters] == [_MAILBOX]


async def test_answered_or_closed_in_time_nothing_goes_and_the_next_question_is_told(
    talk: Talk,
) -> None:
    post = Postbox()
    chat = (await talk.ask("Вопрос")).chat_id
    await talk.answer(chat, "Ответ")
    talk.clock.move(minutes=4)
    await _deliver(talk, post)
    async with talk.db.write() as tx:
        await service.close(tx, talk.aigul, chat, talk.now)
    talk.clock.move(days=1)
    await talk.ask("Новый вопрос")
    talk.clock.move(minutes=3)
    await _deliver(talk, post)
    ((_, letter),) = post.letters
    assert "Новый вопрос" in letter.text
    talk.clock.move(days=1)
    await _deliver(talk, post)
    assert len(post.letters) == 1
