"""A number's statuses shuffled, repeated and made up: what is kept, shown and told of."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col
from waha_scene import PHONE, Stage

from cube_demper.domain.messaging.sessions import rules, telling
from cube_demper.domain.messaging.sessions.schemas import SessionPhase, Told
from cube_demper.models.messaging import WhatsAppSession
from cube_demper.models.operations import Notification

_WORDS = (
    "STOPPED", "STARTING", "SCAN_QR_CODE", "WORKING", "FAILED", "PASSKEY_REQUIRED", "IN_ORBIT",
)  # fmt: skip


async def _tell(stage: Stage, session_id: object, told: Told) -> WhatsAppSession:
    services = stage.services
    async with services.db.write() as tx:
        now = stage.scene.clock.now()
        await telling.take_status(tx, session_id, told, services.secrets, now)  # type: ignore[arg-type]
    async with services.db.read() as tx:
        return await tx.get_one(WhatsAppSession, session_id, populate_existing=True)


@pytest.mark.parametrize("seed", range(8))
async def test_any_order_any_words_any_repeats(stage: Stage, seed: int) -> None:
    session_id = await stage.linked()
    chance, begun = random.Random(seed), stage.scene.clock.now()
    tellings = [
        Told(chance.choice(_WORDS), begun + timedelta(seconds=number), PHONE)
        for number in range(1, 13)
    ]
    mixed = [*tellings, *chance.sample(tellings, 6)]
    chance.shuffle(mixed)
    newest = begun
    for told in mixed:
        stage.scene.clock.move(seconds=chance.randrange(5))
        row = await _tell(stage, session_id, told)
        newest = max(newest, told.at)
        assert row.status_at == newest
    assert row.status == tellings[-1].status
    view = await stage.number()
    assert view.phase is rules.phase_of(tellings[-1].status)
    if tellings[-1].status in ("PASSKEY_REQUIRED", "IN_ORBIT"):
        assert view.phase is SessionPhase.NEEDS_ACTION
    assert view.phone == f"+{PHONE}"
    losses = 1 + sum(told.status == "WORKING" for told in mixed)
    async with stage.services.db.read() as tx:
        query = select(func.count()).where(col(Notification.kind) == "whatsapp_lost")
        assert (await tx.scalar(query) or 0) <= losses
