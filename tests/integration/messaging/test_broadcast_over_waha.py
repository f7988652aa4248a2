"""A broadcast over the sandbox's WAHA: every phone once, also when it goes away in the middle."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
from broadcast_scene import add_buyers, begin, phone_of, view
from messaging_scene import Talk, link_to_sandbox

from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.waha.world import Session


@pytest.fixture
async def sandbox(talk: Talk) -> AsyncIterator[Sandbox]:
    async with Sandbox.start(clock=talk.clock) as running:
        yield running


@pytest.fixture
async def phone(talk: Talk, sandbox: Sandbox) -> Session:
    return await link_to_sandbox(talk, sandbox)


async def test_every_phone_once(talk: Talk, sandbox: Sandbox, phone: Session) -> None:
    await add_buyers(talk, 25)
    broadcast = await begin(talk, 25)
    for minute in range(45):
        if minute == 10:
            sandbox.waha.go_down(5 * 60)
        if minute == 15:
            sandbox.waha.come_back()
        talk.clock.move(minutes=1)
        sandbox.waha.advance()
        await talk.worker().run_bounded()
    arrived = Counter(f"+{message.chat}" for message in phone.messages)
    assert arrived == Counter(phone_of(number) for number in range(1, 26))
    assert {message.text.split(",")[0] for message in phone.messages} == {
        f"Покупатель {number}" for number in range(1, 26)
    }
    assert (await view(talk, broadcast)).progress.sent == 25
