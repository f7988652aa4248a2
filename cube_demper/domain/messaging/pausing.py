"""A number falls silent: why is kept with it, and its seller is told in plain words, once a day a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging.gate_schemas import PauseReason
from cube_demper.domain.messaging.rules import almaty_day
from cube_demper.domain.messaging.words import PAUSES
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.messaging import WhatsAppSession

_ASK_AGAIN: Final = {
    PauseReason.TIMELOCK: timedelta(hours=6),
    PauseReason.CAPPED: timedelta(hours=24),
}
"""What WhatsApp lifts by itself: asked about again after so long."""


async def pause(
    tx: WriteTx, session: WhatsAppSession, reason: PauseReason, now: datetime, *, told: str = ""
) -> None:
    """Silence a number whose row is locked; `told`: one more sentence for its seller."""
    wait = _ASK_AGAIN.get(reason)
    session.pause_reason, session.paused_at = reason, now
    session.paused_until = now + wait if wait else None
    session.next_at = session.paused_until
    title, body = PAUSES[reason]
    await notifications.notify(
        tx,
        SYSTEM,
        Tell(
            user_id=session.user_id,
            kind="whatsapp_paused",
            title=f"{title}: {session.label or 'WhatsApp'}",
            body=f"{told} {body}".strip(),
            link="/messages/queue",
            dedupe_key=f"whatsapp_paused:{session.id}:{reason}:{almaty_day(now)}",
        ),
    )
    tx.emit(f"user:{session.user_id}", "whatsapp", session.id)


def go_on(session: WhatsAppSession, now: datetime) -> None:
    """Lift a pause; WhatsApp's own limits are asked about before anything leaves."""
    session.pause_reason = session.paused_at = session.paused_until = None
    session.away_since = session.capping_at = None
    session.refusals = 0
    session.next_at = now
