"""The gate over the sandbox's WAHA: what its answers, late or lost, make of a message."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from messaging_scene import Talk, link_to_sandbox

from cube_demper.models.messages import MessageStatus, QueueStatus
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.waha.world import Session


@pytest.fixture
async def sandbox(talk: Talk) -> AsyncIterator[Sandbox]:
    async with Sandbox.start(clock=talk.clock) as running:
        yield running


@pytest.fixture
async def phone(talk: Talk, sandbox: Sandbox) -> Session:
    return await link_to_sandbox(talk, sandbox)


async def _work(talk: Talk, **later: float) -> None:
    talk.clock.move(**later)
    await talk.worker().run_bounded()


async def test_a_buyer_gets_the_message_with_the_id_that_was_written_first(
    talk: Talk, phone: Session
) -> None:
    await talk.order()
    await _work(talk)
    (arrived,) = phone.messages
    (written,) = await talk.messages()
    assert (arrived.id, arrived.chat) == (written.short_id, "77010000001")
    assert written.status == MessageStatus.SENT
    assert (await talk.read("790686780")).wa_approved_sent_at is not None


async def test_waha_away_for_an_hour_and_back(talk: Talk, sandbox: Sandbox, phone: Session) -> None:
    await talk.order()
    sandbox.waha.go_down(2 * 3600)
    await _work(talk)
    await _work(talk, minutes=10)
    assert phone.messages == []
    assert [row.status for row in await talk.queue()] == [QueueStatus.WAITING]
    sandbox.waha.come_back()
    talk.clock.move(minutes=80)
    sandbox.waha.advance()
    await _work(talk)
    assert phone.messages == []
    assert (await talk.session()).pause_reason == "outage"


async def test_a_time_lock_of_whatsapp(talk: Talk, sandbox: Sandbox, phone: Session) -> None:
    await talk.order()
    sandbox.waha.phones[phone.phone].locked_until = talk.clock.now().timestamp() + 3600
    await _work(talk)
    assert phone.messages == []
    assert (await talk.session()).pause_reason == "timelock"
    await _work(talk, hours=7)
    assert len(phone.messages) == 1
