"""What is said to support is kept for three years and not a day longer."""

from __future__ import annotations

from datetime import timedelta

from talk_scene import Talk

from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.support import keeping


async def _forget(talk: Talk) -> None:
    async with talk.db.write() as tx:
        await keeping.forget_old(tx, SYSTEM, talk.now)


async def test_messages_go_after_three_years_and_the_talk_goes_on(talk: Talk) -> None:
    chat = (await talk.ask("Давний вопрос")).chat_id
    await talk.answer(chat, "Давний ответ")
    talk.clock.move(days=2 * 365)
    await talk.ask("Вопрос через два года")
    talk.clock.move(days=365)
    await _forget(talk)
    assert "Давний вопрос" in [it.text for it in await talk.read(talk.seller)]

    talk.clock.move(seconds=1)
    await _forget(talk)
    assert [it.text for it in await talk.read(talk.seller)] == ["Вопрос через два года"]
    seen = [it.text for it in await talk.read(talk.aigul, chat)]
    assert not any("Давний" in text for text in seen)
    assert (await talk.ask("Ещё один")).chat_id == chat


async def test_the_time_is_three_years(talk: Talk) -> None:
    assert timedelta(days=3 * 365) == keeping.KEPT_FOR
