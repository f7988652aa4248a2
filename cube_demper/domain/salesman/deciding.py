"""The seller's word: which messages wait for it, letting one go, changing its text, putting it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.ai.errors import Unfit
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.orders import people
from cube_demper.domain.salesman import gathering, offering, prompting, queries, rules, writing
from cube_demper.domain.salesman.schemas import Language, Offer, Proposal
from cube_demper.models.salesman import SalesmanMessage, ThoughtStatus
from cube_demper.models.staff import Area

PAGE_SIZE: Final = 30
TABS: Final = {
    "waiting": (ThoughtStatus.WAITING,),
    "sent": (ThoughtStatus.QUEUED,),
    "handed": (ThoughtStatus.HANDED_OVER,),
    "other": (
        ThoughtStatus.PLANNED,
        ThoughtStatus.SKIPPED,
        ThoughtStatus.REJECTED,
        ThoughtStatus.DECLINED,
        ThoughtStatus.HELD_OUT,
    ),
}


@dataclass(frozen=True, slots=True)
class Thought:
    """A message as its seller sees it. Sums in tiyn."""

    id: UUID
    store_id: UUID
    contact_id: UUID
    order_id: UUID | None
    person: str
    trigger: str
    status: str
    reason: str
    text: str
    discount_percent: int
    created_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ThoughtPage:
    """A page of messages; `counts` by tab."""

    rows: Sequence[Thought]
    total: int
    page: int
    counts: dict[str, int]


async def list_thoughts(
    tx: ReadTx, actor: Actor, tab: str, page: int, *, secrets: SecretBox
) -> ThoughtPage:
    """Return a page of the actor's messages; an unknown tab is the first, a page past the end the last."""
    tab = tab if tab in TABS else "waiting"
    by_status = await queries.count_by_status(tx, actor.owner_id)
    counts = {name: sum(by_status.get(it, 0) for it in held) for name, held in TABS.items()}
    page = min(max(page, 1), max(1, -(-counts[tab] // PAGE_SIZE)))
    rows = await queries.list_page(
        tx, actor.owner_id, TABS[tab], limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
    shown = []
    for message, name, phone in rows:
        person = secrets.decrypt(name) if name else ""
        if not actor.may(Area.ORDERS):
            person = people.masked_name(person)
        shown.append(
            Thought(
                id=message.id,
                store_id=message.store_id,
                contact_id=message.contact_id,
                order_id=message.order_id,
                person=person or (people.masked_phone(secrets.decrypt(phone)) if phone else ""),
                trigger=message.trigger,
                status=message.status,
                reason=message.reason,
                text=secrets.decrypt(message.body) if message.body else "",
                discount_percent=message.discount_percent,
                created_at=message.created_at,
                due_at=message.due_at,
            )
        )
    return ThoughtPage(shown, counts[tab], page, counts)


async def approve(
    tx: WriteTx,
    actor: Actor,
    message_id: UUID,
    now: datetime,
    *,
    secrets: SecretBox,
    text: str | None = None,
    is_bonus_allowed: bool = False,
) -> None:
    """Let a waiting message go, at the prices of now; `text`: the seller's own words in its place.

    Raises NotFound when it waits no more, Conflict when what it offers is no longer so, InvalidInput,
    PlanLacks, PermissionDenied.
    """
    actor.require(Area.MESSAGES)
    await billing.require(tx, actor, Feature.AI, now)
    message = await _own(tx, actor, message_id)
    desk = await queries.find_desk(tx, message.store_id)
    if desk is None:
        raise Conflict("ИИ-продавец этого магазина выключен: включите его в настройках.")
    if text is None:
        case = await gathering.case_of(
            tx, desk, message, now, secrets=secrets, is_bonus_allowed=is_bonus_allowed
        )
        proposal = Proposal(
            secrets.decrypt(message.template or ""),
            Language(message.language or Language.RU),
            tuple(message.skus),
            message.discount_percent,
        )
        try:
            offer = offering.check(case, proposal, prompting.instructions(case))
        except Unfit:
            raise Conflict(
                "Товара больше нет в наличии, или цена и скидка изменились. Отклоните или напишите иначе."
            ) from None
    else:
        offer = Offer(_clean(text), Language(message.language or Language.RU))
    writing.put_in(message, offer, now, secrets)
    message.decided_at = now
    await writing.send(tx, desk, message, offer.text, now, secrets=secrets)
    await audit.record(
        tx, actor, "salesman_approved", "salesman", message.id, is_changed=text is not None
    )
    tx.emit(f"user:{message.user_id}", "salesman", message.id)


async def decline(tx: WriteTx, actor: Actor, message_id: UUID, now: datetime) -> None:
    """Put a waiting message away for good. Raises NotFound when it waits no more, PermissionDenied."""
    actor.require(Area.MESSAGES)
    message = await _own(tx, actor, message_id)
    message.status, message.decided_at = ThoughtStatus.DECLINED, now
    await audit.record(tx, actor, "salesman_declined", "salesman", message.id)
    tx.emit(f"user:{message.user_id}", "salesman", message.id)


async def _own(tx: WriteTx, actor: Actor, message_id: UUID) -> SalesmanMessage:
    message = await queries.lock(tx, message_id, ThoughtStatus.WAITING, actor.owner_id)
    if message is None:
        raise NotFound("Это сообщение уже не ждёт решения.")
    return message


def _clean(text: str) -> str:
    clean = text.replace("\r\n", "\n").strip()
    if (fault := rules.rendered_length_fault(clean)) is not None:
        raise InvalidInput(fault.capitalize(), field="text")
    return clean
