"""Writing a planned message: the case of this minute, the model's proposal, the checks, the gate.

The model is asked with no transaction open. Killed in between, the message is still planned: it is written
again, and nothing leaves twice, since its key in the gate's queue is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import DomainError
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.ai.asking import Asking
from cube_demper.domain.ai.budget import Errand
from cube_demper.domain.ai.errors import AnswerRejected
from cube_demper.domain.ai.model import Blocked, Reply
from cube_demper.domain.messaging.gate_schemas import MessageKind
from cube_demper.domain.messaging.scheduling import Draft, schedule
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.salesman import gathering, offering, prompting, queries
from cube_demper.domain.salesman.queries import Desk
from cube_demper.domain.salesman.schemas import Case, Offer
from cube_demper.models.ai import AiStaff
from cube_demper.models.orders import OrderStatus
from cube_demper.models.salesman import SalesmanMessage, SalesmanMode, ThoughtStatus, Trigger

FRESH: Final = timedelta(hours=2)
"""A written message names prices: what the gate cannot send in this time is dropped."""
_LATE: Final = timedelta(hours=6)
"""What could not be written so long after its time is not written any more."""
_OVER: Final = (OrderStatus.CANCELLED, OrderStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class Writer:
    """What writing needs."""

    db: Database
    asking: Asking
    secrets: SecretBox
    now: Callable[[], datetime]
    is_bonus_allowed: bool = False

    async def write(self, message_id: UUID) -> None:
        """Write one planned message; nothing for one that no longer is.

        Raises Unreachable, RateLimited and other IntegrationErrors: it is tried again later.
        """
        now = self.now()
        async with self.db.write() as tx:
            message = await queries.lock(tx, message_id, ThoughtStatus.PLANNED)
            if message is None:
                return
            desk = await self._desk_of(tx, message, now)
            if desk is None:
                return
            case = await gathering.case_of(
                tx,
                desk,
                message,
                now,
                secrets=self.secrets,
                is_bonus_allowed=self.is_bonus_allowed,
            )
            errand = Errand(AiStaff.SALESMAN, message.trigger, message.user_id, message.store_id)
        try:
            offer = await self._propose(errand, case)
        except (AnswerRejected, Blocked) as error:
            await self._give_up(message_id, ThoughtStatus.REJECTED, error.message)
        except DomainError as error:  # no key, no plan, no tokens
            await self._give_up(message_id, ThoughtStatus.SKIPPED, error.message)
        else:
            await self._keep(message_id, offer)

    async def _propose(self, errand: Errand, case: Case) -> Offer:
        prompt = prompting.prompt_of(case)

        def check(reply: Reply) -> Offer:
            return offering.check(case, offering.read(reply), prompt.instructions)

        return await self.asking.ask(SYSTEM, errand, prompt, check)

    async def _desk_of(self, tx: WriteTx, message: SalesmanMessage, now: datetime) -> Desk | None:
        """Return the desk that a planned message is written at; without one it is ended with the reason."""
        desk = await queries.find_desk(tx, message.store_id)
        reason = (
            "продавец выключен или писать неоткуда"
            if desk is None
            else await _no_longer(tx, desk, message, now)
        )
        if reason is None:
            return desk
        self._end(tx, message, ThoughtStatus.SKIPPED, reason)
        return None

    async def _keep(self, message_id: UUID, offer: Offer) -> None:
        now = self.now()
        async with self.db.write() as tx:
            message = await queries.lock(tx, message_id, ThoughtStatus.PLANNED)
            # The model took its time: the order may be cancelled by now, the day's limit reached.
            desk = await self._desk_of(tx, message, now) if message else None
            if message is None or desk is None:
                return
            put_in(message, offer, now, self.secrets)
            if offer.wants_seller:
                message.status = ThoughtStatus.HANDED_OVER
                await call_seller(tx, message, now)
            elif desk.settings.mode == SalesmanMode.AUTO:
                await send(tx, desk, message, offer.text, now, secrets=self.secrets)
            else:
                message.status = ThoughtStatus.WAITING
            await tx.flush()
            tx.emit(f"user:{message.user_id}", "salesman", message.id)

    async def _give_up(self, message_id: UUID, status: ThoughtStatus, reason: str) -> None:
        async with self.db.write() as tx:
            message = await queries.lock(tx, message_id, ThoughtStatus.PLANNED)
            if message is not None:
                if message.trigger == Trigger.REPLY:  # somebody waits for an answer
                    await call_seller(tx, message, self.now())
                    status = ThoughtStatus.HANDED_OVER
                self._end(tx, message, status, reason)

    def _end(
        self, tx: WriteTx, message: SalesmanMessage, status: ThoughtStatus, reason: str
    ) -> None:
        message.status, message.reason = status, reason
        tx.emit(f"user:{message.user_id}", "salesman", message.id)


async def _no_longer(
    tx: WriteTx, desk: Desk, message: SalesmanMessage, now: datetime
) -> str | None:
    """Tell why a planned message is not written after all."""
    if now - message.due_at > _LATE:
        return "вовремя написать не удалось"
    contact = await queries.get_contact(tx, message.contact_id)
    if contact.opted_out_at is not None:
        return "покупатель просил не писать"
    order = await queries.get_order(tx, message.order_id) if message.order_id else None
    if order is not None and order.status in _OVER:
        return "заказ отменён или возвращён"
    midnight = now.astimezone(ALMATY).replace(hour=0, minute=0, second=0, microsecond=0)
    written = await queries.count_written(tx, desk.store.id, midnight)
    is_reply = message.trigger == Trigger.REPLY
    if not is_reply and written >= desk.store.ai_max_messages_per_day:
        return "дневной предел сообщений"
    return None


def put_in(message: SalesmanMessage, offer: Offer, now: datetime, secrets: SecretBox) -> None:
    """Write an offer into its message."""
    message.body, message.template = secrets.encrypt(offer.text), secrets.encrypt(offer.template)
    message.language, message.discount_percent = offer.language, offer.discount_percent
    message.skus, message.prices = [*offer.skus], [*offer.prices]
    message.written_at = now


async def send(
    tx: WriteTx,
    desk: Desk,
    message: SalesmanMessage,
    text: str,
    now: datetime,
    *,
    secrets: SecretBox,
) -> None:
    """Give a message to the gate, which decides when it leaves."""
    key = f"salesman:{message.id}"
    draft = Draft(
        user_id=message.user_id,
        session_id=desk.session_id,
        contact_id=message.contact_id,
        kind=MessageKind.SALESMAN,
        key=key,
        scheduled_at=now,
        expires_at=now + FRESH,
        body=text,
        store_id=message.store_id,
        order_id=message.order_id,
    )
    await schedule(tx, draft, secrets=secrets)
    message.status = ThoughtStatus.QUEUED
    message.queue_id = await queries.queue_id_of(tx, message.user_id, key)


async def call_seller(tx: WriteTx, message: SalesmanMessage, now: datetime) -> None:
    """Tell the seller that a buyer waits for a person; once a talk and day."""
    day = now.astimezone(ALMATY).date()
    await notifications.notify(
        tx,
        SYSTEM,
        Tell(
            user_id=message.user_id,
            kind="buyer_waits",
            title="Покупатель ждёт вашего ответа",
            body="ИИ-продавец передал разговор вам: дальше лучше ответить человеку.",
            link=f"/messages?thread={message.contact_id}",
            store_id=message.store_id,
            dedupe_key=f"buyer_waits:{message.contact_id}:{day}",
        ),
    )
