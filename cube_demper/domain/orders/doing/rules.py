"""What may be done to an order, what an answer about it means, and when to look again. Pure.

Conditions: KASPI.md §4.3. Nothing here repeats a request whose end is not known: first the order is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from cube_demper.domain.orders.doing.schemas import (
    PACKING,
    Next,
    Request,
    Standing,
    Tried,
    Verdict,
    Way,
)
from cube_demper.domain.orders.seen_schemas import SeenOrder
from cube_demper.domain.orders.statuses import PAIRS, Meaning
from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus
from cube_demper.models.orders import OrderSource, OrderStatus

TRIES_OF_CODE: Final = 3
"""Wrong codes before a new one must be sent. Confidence LOW: Kaspi does not say its own number; ours is
cautious, and what Kaspi itself refuses ends a code sooner."""
MOST_SPACES: Final = 99
MOST_COMMENT: Final = 1000
"""`cancellationComment` (KASPI.md §4.3)."""
MOST_AT_ONCE: Final = 1000
"""Orders in one selection."""
LOOKS: Final = (
    timedelta(seconds=4),
    timedelta(seconds=20),
    timedelta(seconds=60),
    timedelta(seconds=130),
)
"""When after an unanswered request the order is read. Only the last may say «nothing happened»: a
request may leave until 60 s after its commit, and takes at most 60 s (`gateway`, `egress_client`)."""
MOST_ATTEMPTS: Final = 3
REPEATABLE: Final = frozenset({ActionKind.ACCEPT, ActionKind.ASSEMBLE})
"""Tried anew once the order is seen unchanged; what a buyer feels is left to the seller."""
_PATIENCE: Final[Mapping[ActionKind, timedelta]] = MappingProxyType(
    {
        ActionKind.ACCEPT: timedelta(minutes=30),
        ActionKind.ASSEMBLE: timedelta(minutes=30),
        ActionKind.CANCEL: timedelta(minutes=10),
        ActionKind.REDUCE: timedelta(minutes=10),
        ActionKind.ARRIVE: timedelta(minutes=30),
        ActionKind.TAKE_BACK: timedelta(minutes=30),
        ActionKind.SEND_CODE: timedelta(minutes=1),
        ActionKind.COMPLETE: timedelta(minutes=1),
    }
)
"""How long an action that cannot leave is tried. A buyer at the counter does not wait for long."""
REASONS: Final = ("MERCHANT_OUT_OF_STOCK", "BUYER_NOT_REACHABLE", "BUYER_CANCELLATION_BY_MERCHANT")
"""Reasons of a cancelling by the seller (KASPI.md §4.3), the most usual first."""
ENTRY_REASONS: Final = (*REASONS, "PRODUCT_UNDERWEIGHT")
ALLOWED: Final[Mapping[Way, frozenset[ActionKind]]] = MappingProxyType(
    {Way.TOKEN: frozenset(ActionKind), Way.CABINET: frozenset({ActionKind.ASSEMBLE})}
)
"""What each way can do: of the cabinet's own calls only the packing is known (KASPI.md §2.5)."""

_ACCEPTED: Final = frozenset(
    {"ACCEPTED_BY_MERCHANT", "ACCEPTED", "PRE_ORDERED", "ASSEMBLE", "ASSEMBLED"}
)
COMING_BACK: Final = frozenset({"CANCELLING", "KASPI_DELIVERY_RETURN_REQUESTED"})
"""From where a parcel can be taken back (KASPI.md §4.3)."""
_TAKEN_BACK: Final = frozenset({"RETURN_ACCEPTED_BY_MERCHANT", "RETURNED", "CANCELLED"})
_UNSEEN: Final = frozenset({ActionKind.SEND_CODE, ActionKind.ARRIVE})
"""What an order is not known to show in every case: a lost answer may stay a question. Where an order
stands after ARRIVED is a guess of LOW confidence: the guide names the target status and no result, so
our own note (`goods_came_at`) moves a pre-order to packing, and Kaspi's next state wins over it."""
_LIVE: Final = frozenset(
    {OrderStatus.ACCEPTED_BY_MERCHANT, OrderStatus.DELIVERY, OrderStatus.DELIVERED}
)
_OVER: Final = MappingProxyType(
    {
        OrderStatus.COMPLETED: ActionRefusal.COMPLETED,
        OrderStatus.CANCELLED: ActionRefusal.CANCELLED,
    }
)


def possible(order: Standing) -> tuple[ActionKind, ...]:
    """Return what Kaspi allows where the order stands, the usual next step first."""
    if not order.is_clear or order.is_missing:
        return ()
    if order.kaspi_status in COMING_BACK:
        return (ActionKind.TAKE_BACK,)
    if order.status is OrderStatus.APPROVED:
        is_new = order.state == "NEW"
        return (ActionKind.ACCEPT, ActionKind.CANCEL) if is_new else ()
    if order.status not in _LIVE or order.kaspi_status not in _ACCEPTED or order.is_handed_over:
        return ()
    found = [ActionKind.ARRIVE] if order.is_awaited and not is_packed(order) else []
    if order.state in ("PICKUP", "DELIVERY") and not order.is_awaited:
        found += [ActionKind.COMPLETE, ActionKind.SEND_CODE]
    if order.state.startswith("KASPI_DELIVERY") and not is_packed(order) and not order.is_awaited:
        found.append(ActionKind.ASSEMBLE)
    if not is_packed(order):
        found.append(ActionKind.REDUCE)
    return (*found, ActionKind.CANCEL)


def is_packed(order: Standing) -> bool:
    """Tell whether it is assembled, so that a waybill exists or will in minutes."""
    is_sent = order.state == "KASPI_DELIVERY_TRANSMITTED"
    waits = order.state == "KASPI_DELIVERY_WAIT_FOR_COURIER"
    return order.is_assembled or waits or is_sent or order.is_handed_over


def has_waybill(order: Standing) -> bool:
    """Tell whether a waybill may be printed."""
    is_kaspis = order.state.startswith("KASPI_DELIVERY")
    return is_kaspis and order.status in _LIVE and is_packed(order)


def why_not(kind: ActionKind, order: Standing, ways: frozenset[Way]) -> ActionRefusal | None:
    """Return what stands in the way of an action; None when it may be asked for."""
    if kind not in possible(order):
        return _OVER.get(order.status, ActionRefusal.MOVED_ON)
    return None if way_for(kind, ways) else ActionRefusal.NO_TOKEN


def way_for(kind: ActionKind, ways: frozenset[Way]) -> Way | None:
    """Return by which way an action goes: the official API where it can."""
    return next((way for way in Way if way in ways and kind in ALLOWED[way]), None)


def judge(asked: Request, seen: SeenOrder, source: OrderSource) -> Verdict:
    """Tell from the order as it stands whether an action has had its effect."""
    meaning = PAIRS.get((source, seen.state, seen.status))
    if asked.kind is ActionKind.SEND_CODE or meaning is None:
        return Verdict.UNCLEAR
    if asked.kind in (ActionKind.ARRIVE, ActionKind.TAKE_BACK):
        return _verdict_of_goods(asked.kind, seen)
    is_ended = meaning in (Meaning.CANCELLED, Meaning.RETURNED, Meaning.IS_ENDING)
    if asked.kind is ActionKind.CANCEL:
        done = meaning in (Meaning.CANCELLED, Meaning.IS_ENDING)
        return _verdict(done, is_over=meaning in (Meaning.COMPLETED, Meaning.RETURNED))
    match asked.kind:
        case ActionKind.ACCEPT:
            done = meaning in (Meaning.ON_ITS_WAY, Meaning.COMPLETED)
        case ActionKind.ASSEMBLE:
            done = is_packed(_standing_of(seen)) or seen.status in ("ASSEMBLE", "ASSEMBLED")
            done = done or meaning is Meaning.COMPLETED
        case ActionKind.COMPLETE:
            done = meaning is Meaning.COMPLETED
        case _:
            if seen.items is None:
                return Verdict.UNCLEAR
            done = _remains(asked, seen)
            return _verdict(done, is_over=is_ended or meaning is Meaning.COMPLETED)
    return _verdict(done and not is_ended, is_over=is_ended)


def after_look(kind: ActionKind, verdict: Verdict, since_sent: timedelta, attempts: int) -> Next:
    """Return what follows a look at an order after a request that nobody answered."""
    if verdict is Verdict.DONE:
        return Next.CONFIRM
    if verdict is Verdict.OVER:
        return Next.MOVED_ON
    if kind is ActionKind.SEND_CODE:
        return Next.UNSURE
    if since_sent < LOOKS[-1]:
        return Next.LOOK_AGAIN
    if kind in _UNSEEN:
        return Next.UNSURE
    may_repeat = kind in REPEATABLE and attempts < MOST_ATTEMPTS and verdict is Verdict.NOT_DONE
    return Next.REPEAT if may_repeat else Next.NOT_DONE


def next_look(sent_at: datetime, now: datetime) -> datetime:
    """Return when to read the order next; past the last look, in a minute."""
    planned = (sent_at + wait for wait in LOOKS)
    return next((at for at in planned if at > now), now + timedelta(minutes=1))


def is_patient(kind: ActionKind, asked_at: datetime, now: datetime) -> bool:
    """Tell whether an action that could not leave is worth another try."""
    return now - asked_at < _PATIENCE[kind]


def wait_after(failures: int, asked_for: timedelta | None = None) -> timedelta:
    """Return the pause after a request that did not leave: 2 s, doubling, at most a minute."""
    doublings: int = 2 ** min(max(failures, 0), 5)
    return max(
        asked_for or timedelta(0), min(timedelta(seconds=2) * doublings, timedelta(minutes=1))
    )


def code_sent_at(past: Sequence[Tried]) -> datetime | None:
    """Return when the last code was sent to the buyer, as far as we sent it. `past`: the newest first."""
    sent = (
        it.done_at
        for it in past
        if it.kind == ActionKind.SEND_CODE and it.status == ActionStatus.CONFIRMED
    )
    return next(sent, None)


def tries_left(past: Sequence[Tried], now: datetime) -> int | None:
    """Return how many codes may still be tried before a new one is sent; None: none was tried yet.

    Counted since the code was sent; where the cabinet sent it, over the last day.
    """
    since = code_sent_at(past) or now - timedelta(days=1)
    tried = [
        it
        for it in past
        if it.kind == ActionKind.COMPLETE and it.refusal is not None and it.asked_at >= since
    ]
    if any(it.refusal == ActionRefusal.CODE_SPENT for it in tried):
        return 0
    wrong = sum(it.refusal == ActionRefusal.WRONG_CODE for it in tried)
    return max(0, TRIES_OF_CODE - wrong) if wrong else None


def _verdict_of_goods(kind: ActionKind, seen: SeenOrder) -> Verdict:
    """Tell whether goods have come, or come back: only the first may stay unseen."""
    if kind is ActionKind.TAKE_BACK:
        return Verdict.DONE if seen.status in _TAKEN_BACK else Verdict.NOT_DONE
    is_here = seen.state == PACKING or is_packed(_standing_of(seen))
    return Verdict.DONE if is_here else Verdict.UNCLEAR


def _verdict(is_done: bool, *, is_over: bool) -> Verdict:
    if is_done:
        return Verdict.DONE
    return Verdict.OVER if is_over else Verdict.NOT_DONE


def _remains(asked: Request, seen: SeenOrder) -> bool:
    found = {item.number: item.quantity for item in seen.items or ()}
    return found.get(asked.entry_number or 0, 0) == (asked.remained or 0)


def _standing_of(seen: SeenOrder) -> Standing:
    return Standing(
        status=OrderStatus.ACCEPTED_BY_MERCHANT,
        state=seen.state,
        kaspi_status=seen.status,
        is_assembled=seen.is_assembled,
        is_handed_over=bool(seen.facts.is_handed_over),
    )
