"""What staff do for a customer from the card beside a chat, besides what is done to stores."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import Conflict
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Actor, Visitor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.support import customer_queries as queries
from cube_demper.domain.support.access import require_staff
from cube_demper.domain.support.errors import ChatNotFound


async def send_confirmation(
    tx: WriteTx,
    actor: Actor,
    chat_id: UUID,
    now: datetime,
    *,
    visitor: Visitor,
    attempts: Attempts,
) -> None:
    """Send the letter that confirms the writer's e-mail once more.

    Raises Conflict when it is confirmed, TooManyAttempts, ChatNotFound, PermissionDenied.
    """
    require_staff(actor)
    found = await queries.find_people(tx, chat_id)
    if found is None:
        raise ChatNotFound
    writer, _ = found
    if writer.email_confirmed_at is not None:
        raise Conflict("Почта уже подтверждена.")
    await accounts.request_confirmation(
        tx, actor, writer.email, visitor=visitor, attempts=attempts, now=now
    )
    await audit.record(tx, actor, "confirmation_sent_again", "user", writer.id, owner=writer.id)
