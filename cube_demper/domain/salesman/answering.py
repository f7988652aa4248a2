"""A buyer answered the salesman: who goes on with the talk, he or the seller."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging.silence import wish_of
from cube_demper.domain.salesman import queries, rules, talk_queries, writing
from cube_demper.domain.salesman.planning import TOPIC
from cube_demper.domain.salesman.queries import Desk
from cube_demper.domain.salesman.schemas import Language
from cube_demper.models.messages import WhatsAppMessage
from cube_demper.models.salesman import SalesmanMessage, ThoughtStatus, Trigger

_TALK: Final = timedelta(days=7)
"""Later a buyer's letter is no answer to the salesman."""
_PAUSE: Final = timedelta(seconds=20)
"""People write in several messages: the answer is to all of them."""
_MOST_A_DAY: Final = 10
_HANDED_OVER: Final = {
    Language.RU: "Передал ваш вопрос продавцу, он ответит вам здесь.",
    Language.KK: "Сұрағыңызды сатушыға жеткіздім, ол осы жерде жауап береді.",
}


async def follow_answer(
    tx: WriteTx, actor: Actor, message_id: UUID, now: datetime, *, secrets: SecretBox
) -> SalesmanMessage | None:
    """Handle `whatsapp.answered`; return what follows, None where the salesman has no part in the talk.

    A person is called at once when the buyer asks for one, complains, or has been answered ten times
    today; after the seller has written by hand the salesman keeps out. Raises PermissionDenied.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    heard = await tx.get(WhatsAppMessage, message_id)
    if heard is None or heard.is_outgoing:
        return None
    last = await talk_queries.last_thought(tx, heard.contact_id, now - _TALK)
    if last is None or last.status == ThoughtStatus.HANDED_OVER:
        return None
    desk = await queries.find_desk(tx, last.store_id)
    text = secrets.decrypt(heard.body)
    if desk is None or wish_of(text) is not None:
        return None
    if await talk_queries.has_person_answered(
        tx, heard.contact_id, last.written_at or last.created_at
    ):
        return None
    replies = await talk_queries.count_replies(tx, heard.contact_id, now - timedelta(days=1))
    if rules.wants_seller(text) or replies >= _MOST_A_DAY:
        return await _hand_over(tx, desk, last, heard, now, secrets=secrets)
    return await _plan(tx, last, heard, now + _PAUSE, ThoughtStatus.PLANNED)


async def _plan(
    tx: WriteTx,
    last: SalesmanMessage,
    heard: WhatsAppMessage,
    due_at: datetime,
    status: ThoughtStatus,
) -> SalesmanMessage | None:
    answer_id = await queries.add(
        tx,
        {
            "user_id": last.user_id,
            "store_id": last.store_id,
            "contact_id": heard.contact_id,
            "order_id": last.order_id,
            "trigger": Trigger.REPLY,
            "status": status,
            "dedupe_key": f"reply:{heard.id}",
            "due_at": due_at,
        },
    )
    if answer_id is None:
        return None
    if status is ThoughtStatus.PLANNED:
        await outbox.enqueue(tx, TOPIC, answer_id, {"message_id": str(answer_id)}, due_at)
    return await tx.get_one(SalesmanMessage, answer_id)


async def _hand_over(
    tx: WriteTx,
    desk: Desk,
    last: SalesmanMessage,
    heard: WhatsAppMessage,
    now: datetime,
    *,
    secrets: SecretBox,
) -> SalesmanMessage | None:
    answer = await _plan(tx, last, heard, now, ThoughtStatus.HANDED_OVER)
    if answer is not None:
        language = Language(last.language or Language.RU)
        await writing.send(tx, desk, answer, _HANDED_OVER[language], now, secrets=secrets)
        answer.status, answer.reason = ThoughtStatus.HANDED_OVER, "покупатель зовёт человека"
        await writing.call_seller(tx, answer, now)
        await tx.flush()
        tx.emit(f"user:{answer.user_id}", "salesman", answer.id)
    return answer
