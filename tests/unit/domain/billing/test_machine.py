"""The states of a payment: what is behind changes nothing, money is never refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.billing.machine import CLOSED, OPEN, SETTLED, Event, step
from cube_demper.models.billing import PaymentStatus


def test_every_state_is_of_one_kind() -> None:
    assert set(PaymentStatus) == OPEN | CLOSED | SETTLED
    assert not (OPEN & CLOSED)
    assert not (OPEN & SETTLED)
    assert not (CLOSED & SETTLED)


@pytest.mark.parametrize("status", PaymentStatus)
def test_money_pays_whatever_is_not_paid(status: PaymentStatus) -> None:
    expected = None if status in SETTLED else PaymentStatus.PAID
    assert step(status, Event.PAY) is expected


@given(st.lists(st.sampled_from(Event), max_size=12))
def test_what_was_paid_is_never_unpaid(events: list[Event]) -> None:
    status, was_paid = PaymentStatus.CREATED, False
    for event in events:
        status = step(status, event) or status
        was_paid = was_paid or event is Event.PAY
        assert (status in SETTLED) == was_paid
        assert step(status, event) in (None, status)  # told twice, it changes nothing


@given(st.lists(st.sampled_from(Event), max_size=12))
def test_what_was_given_back_whole_stays_so(events: list[Event]) -> None:
    status = PaymentStatus.REFUNDED
    assert all(step(status, event) is None for event in events)
