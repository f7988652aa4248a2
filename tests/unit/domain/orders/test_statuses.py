"""The one state machine of orders: every pair of Kaspi's, and all sequences of answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.orders import statuses
from cube_demper.domain.orders.statuses import PAIRS, Facts, Known, Meaning, Move, Seen
from cube_demper.models.orders import OrderSource, OrderStatus, StatusStep

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
API, CABINET = OrderSource.API, OrderSource.CABINET
STATUSES = (
    "APPROVED_BY_BANK",
    "ACCEPTED_BY_MERCHANT",
    "ASSEMBLE",
    "COMPLETED",
    "CANCELLING",
    "CANCELLED",
    "KASPI_DELIVERY_RETURN_REQUESTED",
    "RETURN_ACCEPTED_BY_MERCHANT",
    "RETURNED",
)
#: KASPI.md §4.4, a line a state: what each status means there; the rest is unknown.
TABLE = {
    "NEW": "bought on_its_way - completed is_ending cancelled - - -",
    "SIGN_REQUIRED": "bought on_its_way - completed is_ending cancelled - - -",
    "PICKUP": "bought on_its_way - completed is_ending cancelled is_ending is_ending returned",
    "DELIVERY": "bought on_its_way - completed is_ending cancelled is_ending is_ending returned",
    "KASPI_DELIVERY": (
        "bought on_its_way on_its_way completed is_ending cancelled is_ending is_ending returned"
    ),
    "ARCHIVE": "- - - completed is_ending cancelled is_ending is_ending returned",
}
RANK = list(OrderStatus)


def seen(state: str, status: str, at: int = 0, source: OrderSource = API, **facts: bool) -> Seen:
    return Seen(source, state, status, Facts(**facts), NOON + timedelta(seconds=at))


def first(state: str, status: str, source: OrderSource = API, **facts: bool) -> OrderStatus:
    change = statuses.move(None, seen(state, status, source=source, **facts))
    assert change is not None
    return change.status


def after(known: Known | None, answer: Seen, change: Move) -> Known:
    """Return what is known when an answer has been written down."""
    reached = known.reached if known else frozenset()
    if change.step not in (None, StatusStep.UNCLEAR):
        reached |= {change.status}
    return Known(
        status=change.status,
        state=answer.state,
        kaspi_status=answer.status,
        is_clear=change.is_clear,
        seen_at=answer.asked_at,
        facts=statuses.remembered(answer.facts, known.facts if known else None),
        reached=reached,
    )


@pytest.mark.parametrize("state", TABLE)
def test_every_pair_of_the_official_api(state: str) -> None:
    for status, word in zip(STATUSES, TABLE[state].split(), strict=True):
        meaning = PAIRS.get((API, state, status))
        assert (meaning or "-") == word, (state, status)


@pytest.mark.parametrize(
    ("state", "status", "facts", "place"),
    [
        ("NEW", "APPROVED_BY_BANK", {}, OrderStatus.APPROVED),
        ("KASPI_DELIVERY", "ACCEPTED_BY_MERCHANT", {}, OrderStatus.ACCEPTED_BY_MERCHANT),
        ("KASPI_DELIVERY", "ASSEMBLED", {}, OrderStatus.ACCEPTED_BY_MERCHANT),
        ("KASPI_DELIVERY", "ASSEMBLED", {"is_handed_over": True}, OrderStatus.DELIVERY),
        ("DELIVERY", "ACCEPTED_BY_MERCHANT", {"is_own_delivery": True}, OrderStatus.DELIVERY),
        ("PICKUP", "ACCEPTED_BY_MERCHANT", {"has_arrived": True}, OrderStatus.DELIVERED),
        ("PICKUP", "ACCEPTED_BY_MERCHANT", {}, OrderStatus.ACCEPTED_BY_MERCHANT),
        ("KASPI_DELIVERY", "CANCELLING", {"is_handed_over": True}, OrderStatus.DELIVERY),
        ("ARCHIVE", "COMPLETED", {}, OrderStatus.COMPLETED),
        ("ARCHIVE", "CANCELLED", {"is_handed_over": True}, OrderStatus.CANCELLED),
        ("ARCHIVE", "RETURNED", {}, OrderStatus.RETURNED),
    ],
)
def test_a_place_rests_on_a_fact(
    state: str, status: str, facts: dict[str, bool], place: OrderStatus
) -> None:
    assert first(state, status, **facts) is place


@pytest.mark.parametrize("tab", statuses.TABS)
def test_the_cabinets_short_status_means_the_same_in_every_tab(tab: str) -> None:
    assert PAIRS[CABINET, tab, "NEW"] is Meaning.BOUGHT
    assert PAIRS[CABINET, tab, "CANCELLED_BY_MERCHANT"] is Meaning.CANCELLED
    assert (CABINET, tab, "SOMETHING_NEW") not in PAIRS


def test_a_pending_return_leaves_a_completed_order_where_it_is() -> None:
    known = Known(OrderStatus.COMPLETED, "ARCHIVE", "COMPLETED", is_clear=True, seen_at=NOON)
    asked = seen("KASPI_DELIVERY", "KASPI_DELIVERY_RETURN_REQUESTED", 1)
    assert statuses.move(known, asked) == Move(OrderStatus.COMPLETED, is_clear=True, step=None)
    done = statuses.move(known, seen("ARCHIVE", "RETURNED", 2))
    assert done == Move(OrderStatus.RETURNED, is_clear=True, step=StatusStep.FORWARD, is_news=True)


def test_what_one_source_told_the_other_does_not_take_back() -> None:
    """The cabinet knows that it waits in the postomat; the API has no such fact."""
    known = Known(
        OrderStatus.DELIVERED,
        "KASPI_DELIVERY_TRANSMITTED",
        "TRANSMITTED",
        is_clear=True,
        seen_at=NOON,
        facts=Facts(is_handed_over=True, has_arrived=True),
    )
    change = statuses.move(
        known, seen("KASPI_DELIVERY", "ACCEPTED_BY_MERCHANT", 1, is_handed_over=True)
    )
    assert change == Move(OrderStatus.DELIVERED, is_clear=True, step=None)


def test_a_pair_nobody_knows_moves_nothing_and_is_told_once() -> None:
    known = Known(OrderStatus.DELIVERY, "KASPI_DELIVERY", "ASSEMBLED", is_clear=True, seen_at=NOON)
    odd = seen("KASPI_DELIVERY", "ON_THE_MOON", 1)
    change = statuses.move(known, odd)
    assert change == Move(OrderStatus.DELIVERY, is_clear=False, step=StatusStep.UNCLEAR)
    again = statuses.move(after(known, odd, change), replace(odd, asked_at=odd.asked_at))
    assert again == Move(OrderStatus.DELIVERY, is_clear=False, step=None)
    assert first("MOON", "LANDED") is OrderStatus.UNKNOWN


_FACT = st.sampled_from([None, True, False])
_ANSWERS = st.lists(
    st.builds(
        Seen,
        source=st.sampled_from(OrderSource),
        state=st.sampled_from([*statuses.STATES, *statuses.TABS, "MOON"]),
        status=st.sampled_from([*STATUSES, "NEW", "TRANSMITTED", "CANCELLED_BY_MERCHANT", "ODD"]),
        facts=st.builds(Facts, _FACT, _FACT, st.booleans()),
        asked_at=st.integers(0, 20).map(lambda second: NOON + timedelta(seconds=second)),
    ),
    max_size=25,
)


@given(_ANSWERS)
def test_any_answers_in_any_order_leave_a_whole_history(answers: list[Seen]) -> None:
    known: Known | None = None
    told: list[OrderStatus] = []
    for answer in answers:
        change = statuses.move(known, answer)
        if known is not None and answer.asked_at < known.seen_at:
            assert change is None
            continue
        assert change is not None
        if known is None:
            assert change.step in (StatusStep.FIRST, StatusStep.UNCLEAR)
        elif change.status is not known.status:
            is_back = change.step is StatusStep.BACKWARD
            assert is_back or change.step is StatusStep.FORWARD
            if RANK.index(change.status) < RANK.index(known.status):
                assert is_back or known.status is OrderStatus.UNKNOWN
        else:
            assert change.step in (None, StatusStep.UNCLEAR)
        if change.is_news:
            told.append(change.status)
        known = after(known, answer, change)
        repeated = statuses.move(known, answer)
        assert repeated is not None
        assert (repeated.step, repeated.status) == (None, change.status)
    assert len(told) == len(set(told))


@given(_ANSWERS)
def test_a_shuffled_reading_ends_where_the_newest_answer_says(answers: list[Seen]) -> None:
    """Applied by the time they were asked for, and as they happened to arrive: the last word is one."""
    known: Known | None = None
    for answer in answers:
        change = statuses.move(known, answer)
        if change is not None:
            known = after(known, answer, change)
    if known is not None:
        assert known.seen_at == max(answer.asked_at for answer in answers)
