"""Confirming looks: was a sent price seen in the shop window? (DESIGN §5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.pricing import queries, send_queries
from cube_demper.domain.pricing.proof import next_look_at
from cube_demper.domain.pricing.rivals import own_offer
from cube_demper.domain.pricing.send_queries import DueConfirmation
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import Channel

LOOK_LEASE = timedelta(seconds=45)
ATTEMPTS = 2
_LOOK_AGAIN = timedelta(minutes=30)
_NOT_SHOWN = "Kaspi принял цену, но не показал её: проверьте товар в кабинете."
_NOT_SHOWN_BY_FEED = "Kaspi забрал прайс-лист с этой ценой, но за 2 часа не показал её."
_NOT_ANSWERED = "Kaspi не ответил, и на витрине цены нет: проверьте товар в кабинете."
_NOT_VISIBLE = "Нашего предложения на витрине не видно: проверить цену не удалось."


@dataclass(frozen=True, slots=True)
class Seen:
    """What a confirming look made of a send."""

    is_confirmed: bool
    is_sent_again: bool = False


async def take_due(tx: WriteTx, now: datetime, limit: int) -> list[DueConfirmation]:
    """Take sends whose look is due; each is put off, so that two workers never look at one."""
    return await send_queries.take_confirmations(tx, now, now + LOOK_LEASE, limit)


def is_shown(send: DueConfirmation, market: Market) -> bool:
    """Tell whether a look shows what was sent."""
    own = own_offer(market, send.sku, send.merchant_id)
    return market.seen_at > send.sent_at and own is not None and own.price == send.target


async def settle(tx: WriteTx, send: DueConfirmation, market: Market, now: datetime) -> Seen:
    """Take in one look made after the send: seen, to be looked at again, sent anew, or given up."""
    await queries.lock_products(tx, [send.product_id])
    tx.emit(f"user:{send.user_id}", "product", send.product_id)
    if is_shown(send, market):
        await queries.confirm(tx, [send.row_id], market.seen_at)
        return Seen(is_confirmed=True)
    own = own_offer(market, send.sku, send.merchant_id)
    if own is not None:
        await send_queries.mark_unseen(tx, [send.row_id], market.seen_at)
    again_at = next_look_at(send.sent_at, market.seen_at, send.channel)
    # A window without our offer shows no price at all: it does not tell that the send was lost.
    if again_at is not None and (own is None or send.status == PriceStatus.SENT):
        await _look_later(tx, send, again_at)
        return Seen(is_confirmed=False)
    if own is None:
        await _end_unseen(tx, send)
        return Seen(is_confirmed=False)
    if _is_tried_again(send):
        return Seen(is_confirmed=False, is_sent_again=await _send_again(tx, send))
    await _give_up(tx, send, now)
    return Seen(is_confirmed=False)


def _is_tried_again(send: DueConfirmation) -> bool:
    """A price that was not shown is sent once more; in the price list it stood there all the time."""
    if send.channel == Channel.FEED:
        return send.status != PriceStatus.SENT
    return send.attempt < ATTEMPTS


async def _look_later(tx: WriteTx, send: DueConfirmation, again_at: datetime) -> None:
    await send_queries.settle(
        tx,
        send.row_id,
        sent_at=send.sent_at,
        confirm_looks=send.looks + 1,
        confirm_at=again_at,
    )


async def _end_unseen(tx: WriteTx, send: DueConfirmation) -> None:
    """End the wait; when the product is on sale again, its next check decides on what it sees."""
    await send_queries.settle(
        tx,
        send.row_id,
        sent_at=send.sent_at,
        status=PriceStatus.SUPERSEDED,
        note=_NOT_VISIBLE,
        confirm_at=None,
    )


async def _send_again(tx: WriteTx, send: DueConfirmation) -> bool:
    """Queue the row anew, unless a newer price is queued or on its way or the row was settled."""
    if await send_queries.has_newer(tx, send):
        await send_queries.settle(
            tx,
            send.row_id,
            sent_at=send.sent_at,
            status=PriceStatus.SUPERSEDED,
            note="Отправляется новая цена.",
            confirm_at=None,
        )
        return False
    return await send_queries.settle(
        tx, send.row_id, sent_at=send.sent_at, status=PriceStatus.QUEUED, confirm_at=None
    )


async def _give_up(tx: WriteTx, send: DueConfirmation, now: datetime) -> None:
    note, story = _words_of(send)
    if not await send_queries.settle(
        tx,
        send.row_id,
        sent_at=send.sent_at,
        status=PriceStatus.REFUSED,
        note=note,
        confirm_at=None,
    ):
        return
    await queries.update_products(
        tx,
        [
            {
                "product_id": send.product_id,
                "last_error": note,
                "next_check_at": now + _LOOK_AGAIN,
            }
        ],
    )
    tell = Tell(
        user_id=send.user_id,
        store_id=send.store_id,
        kind="price_not_shown",
        title="Kaspi не показал новую цену",
        body=f"«{send.name}»: {story}",
        link=f"/products/{send.product_id}",
        # Once a day for a product, whatever its cities and however often the market moves.
        dedupe_key=f"price_not_shown:{send.product_id}:{now.astimezone(ALMATY):%Y-%m-%d}",
    )
    await notifications.notify(tx, SYSTEM, tell)


def _words_of(send: DueConfirmation) -> tuple[str, str]:
    """Say why the wait ended: for the product's log and for the notification."""
    price = format_tenge(send.target)
    if send.channel == Channel.FEED:
        story = (
            f"{price} в прайс-листе, который Kaspi забрал, но 2 часа на витрине этой цены нет. "
            "Проверьте в кабинете Kaspi, принят ли файл."
        )
        return _NOT_SHOWN_BY_FEED, story
    note = _NOT_SHOWN if send.status == PriceStatus.SENT else _NOT_ANSWERED
    story = f"{price} отправили дважды, на витрине этой цены нет. Проверьте товар в кабинете Kaspi."
    return note, story
