"""The states of a payment and what moves them. Pure.

Messages about money come twice, late and in any order, so an event that is behind the state changes
nothing. Money that comes to a closed payment is still money: every state but a paid one can be paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from cube_demper.models.billing import PaymentStatus

_S = PaymentStatus

OPEN: Final = frozenset({_S.CREATED, _S.AUTHORIZED})
CLOSED: Final = frozenset({_S.FAILED, _S.CANCELLED, _S.EXPIRED})
SETTLED: Final = frozenset({_S.PAID, _S.PARTLY_REFUNDED, _S.REFUNDED})
"""The money has come, whatever was given back of it since."""


class Event(StrEnum):
    """What may happen to a payment."""

    AUTHORIZE = "authorize"
    PAY = "pay"
    FAIL = "fail"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REFUND_PART = "refund_part"
    REFUND_ALL = "refund_all"


_PAYABLE: Final = dict.fromkeys(OPEN | CLOSED, _S.PAID)
_MOVES: Final[Mapping[Event, Mapping[PaymentStatus, PaymentStatus]]] = {
    Event.AUTHORIZE: {_S.CREATED: _S.AUTHORIZED},
    Event.PAY: _PAYABLE,
    Event.FAIL: dict.fromkeys(OPEN, _S.FAILED),
    Event.CANCEL: dict.fromkeys(OPEN, _S.CANCELLED),
    Event.EXPIRE: dict.fromkeys(OPEN, _S.EXPIRED),
    Event.REFUND_PART: dict.fromkeys((_S.PAID, _S.PARTLY_REFUNDED), _S.PARTLY_REFUNDED),
    Event.REFUND_ALL: dict.fromkeys((_S.PAID, _S.PARTLY_REFUNDED), _S.REFUNDED),
}


def step(status: PaymentStatus, event: Event) -> PaymentStatus | None:
    """Return the next state; None when the event changes nothing any more."""
    return _MOVES[event].get(status)
