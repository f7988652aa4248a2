"""What a seller is told before a broadcast starts: exactly how many people, how long, how dangerous."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.messaging import judging, rules, template_queries, turn_queries
from cube_demper.domain.messaging.broadcasts import audience_queries, queries, wording
from cube_demper.domain.messaging.broadcasts.errors import NumberBusy
from cube_demper.domain.messaging.broadcasts.rules import forecast, risk
from cube_demper.domain.messaging.broadcasts.schemas import (
    Audience,
    Check,
    Chosen,
    DraftInput,
    Forecast,
    Load,
    Reach,
    Sample,
)
from cube_demper.domain.messaging.errors import NumberNotFound, SendingStopped, TalkNotAgreed
from cube_demper.domain.messaging.gate_schemas import MessageKind, Number, Reason
from cube_demper.models.broadcasts import Broadcast
from cube_demper.models.messaging import WhatsAppSession
from cube_demper.models.staff import Area

SAMPLES: Final = 3
_LOOK_BACK: Final = timedelta(days=7)
_NO_TEXT: Final = "Напишите текст хотя бы на одном языке."
_PASSES: Final = frozenset({Reason.NIGHT, Reason.BUDGET, Reason.PACE})
"""What closes the gate for now and opens by itself: a broadcast may start and wait."""


async def reach(
    tx: ReadTx, actor: Actor, audience: Audience, now: datetime
) -> tuple[Reach, Chosen | None]:
    """Count whom a filter reaches; return also who is written to first. Raises PermissionDenied."""
    actor.require(Area.MESSAGES)
    found, first = await audience_queries.look(tx, actor.owner_id, audience, now, 1)
    return found, first[0] if first else None


async def sample(
    tx: ReadTx,
    actor: Actor,
    given: DraftInput,
    reader: Chosen,
    now: datetime,
    *,
    secrets: SecretBox,
) -> Sample:
    """Fill an unsaved draft's text for a person. Raises PermissionDenied."""
    actor.require(Area.MESSAGES)
    row = Broadcast(
        user_id=actor.owner_id,
        name="",
        text_ru=given.text_ru,
        text_kk=given.text_kk,
        written_at=now,
    )
    (shown,) = await wording.samples(tx, actor, row, [reader], secrets=secrets)
    return shown


async def check(
    tx: ReadTx, actor: Actor, broadcast_id: UUID, now: datetime, *, secrets: SecretBox
) -> Check:
    """Return all that is told of a draft before it starts. Raises BroadcastNotFound, PermissionDenied."""
    actor.require(Area.MESSAGES)
    row = await queries.get(tx, actor.owner_id, broadcast_id)
    audience = Audience.from_json(row.audience)
    found, first = await audience_queries.look(tx, row.user_id, audience, now, SAMPLES)
    session = await number_of(tx, row)
    number = await judging.number_of(tx, session, now, secrets=secrets) if session else Number()
    ends = await forecast_of(tx, session, number, found.people, now)
    obstacle = "" if row.text_ru or row.text_kk else _NO_TEXT
    if not obstacle:
        try:
            await speaking_number(tx, actor, row, now, secrets=secrets)
        except (PlanLacks, TalkNotAgreed, SendingStopped, NumberNotFound, NumberBusy) as error:
            obstacle = error.message
    return Check(
        reach=found,
        forecast=ends,
        risk=risk(found, number, ends.a_day, (row.text_ru, row.text_kk)),
        samples=await wording.samples(tx, actor, row, first, secrets=secrets),
        obstacle=obstacle,
    )


async def forecast_of(
    tx: ReadTx, session: WhatsAppSession | None, number: Number, people: int, now: datetime
) -> Forecast:
    """Return when so many people are written to."""
    load = await load_of(tx, session.id, now) if session else Load()
    return forecast(number, people, load, now)


async def load_of(tx: ReadTx, session_id: UUID, now: datetime) -> Load:
    """Return what else a number says."""
    midnight = now.astimezone(ALMATY).replace(hour=0, minute=0, second=0, microsecond=0)
    told = await queries.said_since(tx, session_id, now - _LOOK_BACK, is_broadcast=False)
    said = await queries.said_since(tx, session_id, midnight, is_broadcast=True)
    return Load(told / _LOOK_BACK.days, said)


async def number_of(tx: ReadTx, row: Broadcast) -> WhatsAppSession | None:
    """Return the number of a broadcast, the first that works where none was chosen."""
    if row.session_id is None:
        return await template_queries.working_number(tx, row.user_id)
    return await queries.number(tx, row.user_id, row.session_id)


async def speaking_number(
    tx: ReadTx, actor: Actor, row: Broadcast, now: datetime, *, secrets: SecretBox
) -> WhatsAppSession:
    """Return the number a broadcast may go out from.

    Raises PlanLacks, TalkNotAgreed, SendingStopped, NumberNotFound, NumberBusy.
    """
    await billing.require(tx, actor, Feature.WHATSAPP, now)
    settings = await turn_queries.settings_of(tx, row.user_id)
    if settings is None or settings.consented_at is None:
        raise TalkNotAgreed
    session = await number_of(tx, row)
    if session is None or session.status != "WORKING":
        raise NumberNotFound
    number = await judging.number_of(tx, session, now, secrets=secrets)
    shut = rules.closed(number, MessageKind.BROADCAST, now)
    if shut is not None and shut.reason not in _PASSES:
        raise SendingStopped
    if await queries.is_busy(tx, session.id):
        raise NumberBusy
    return session
