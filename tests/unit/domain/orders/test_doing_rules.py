"""Where an order stands decides what may be done; an unanswered request is never repeated unseen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.orders.doing import rules
from cube_demper.domain.orders.doing.schemas import Next, Request, Standing, Verdict, Way
from cube_demper.domain.orders.seen_schemas import SeenOrder
from cube_demper.domain.orders.statuses import PAIRS, Facts
from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus
from cube_demper.models.orders import OrderSource, OrderStatus

NOON = datetime(2026, 11, 27, 7, tzinfo=UTC)
ACCEPTED = "ACCEPTED_BY_MERCHANT"
LIVE = OrderStatus.ACCEPTED_BY_MERCHANT
STATES = st.sampled_from(sorted({state for _, state, _ in PAIRS}))
STANDINGS = st.builds(
    Standing,
    status=st.sampled_from(OrderStatus),
    state=STATES,
    kaspi_status=st.sampled_from(sorted({status for *_, status in PAIRS})),
    is_assembled=st.booleans(),
    is_handed_over=st.booleans(),
    is_pre_order=st.booleans(),
    is_clear=st.booleans(),
    is_missing=st.booleans(),
)


@pytest.mark.parametrize(
    ("order", "kinds"),
    [
        (Standing(OrderStatus.APPROVED, "NEW", "APPROVED_BY_BANK"), {"accept", "cancel"}),
        (Standing(OrderStatus.APPROVED, "SIGN_REQUIRED", "APPROVED_BY_BANK"), set()),
        (Standing(LIVE, "KASPI_DELIVERY", ACCEPTED), {"assemble", "reduce", "cancel"}),
        (Standing(LIVE, "KASPI_DELIVERY", ACCEPTED, is_assembled=True), {"cancel"}),
        (
            Standing(LIVE, "KASPI_DELIVERY", ACCEPTED, is_pre_order=True),
            {"arrive", "reduce", "cancel"},
        ),
        (
            Standing(LIVE, "KASPI_DELIVERY", ACCEPTED, is_pre_order=True, has_come=True),
            {"assemble", "reduce", "cancel"},
        ),
        (
            Standing(OrderStatus.DELIVERED, "PICKUP", ACCEPTED),
            {"complete", "send_code", "reduce", "cancel"},
        ),
        (
            Standing(OrderStatus.DELIVERY, "DELIVERY", ACCEPTED),
            {"complete", "send_code", "reduce", "cancel"},
        ),
        (Standing(OrderStatus.DELIVERY, "KASPI_DELIVERY", ACCEPTED, is_handed_over=True), set()),
        (Standing(LIVE, "KASPI_DELIVERY", "CANCELLING"), {"take_back"}),
        (
            Standing(OrderStatus.COMPLETED, "ARCHIVE", "KASPI_DELIVERY_RETURN_REQUESTED"),
            {"take_back"},
        ),
        (Standing(OrderStatus.COMPLETED, "ARCHIVE", "COMPLETED"), set()),
        (
            Standing(LIVE, "KASPI_DELIVERY_CARGO_ASSEMBLY", "ACCEPTED"),
            {"assemble", "reduce", "cancel"},
        ),
    ],
)
def test_kaspis_conditions(order: Standing, kinds: set[str]) -> None:
    assert set(rules.possible(order)) == kinds
    assert not rules.possible(replace(order, is_missing=True))
    assert not rules.possible(replace(order, is_clear=False))


@given(STANDINGS, st.frozensets(st.sampled_from(Way)), st.sampled_from(ActionKind))
def test_nothing_is_offered_that_would_be_refused(
    order: Standing, ways: frozenset[Way], kind: ActionKind
) -> None:
    refusal = rules.why_not(kind, order, ways)
    is_over = order.status in (OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.RETURNED)
    if is_over or (order.is_handed_over and order.status is not OrderStatus.APPROVED):
        assert refusal is not None
    if refusal is None:
        assert rules.way_for(kind, ways) is not None
        assert kind in rules.possible(order)
    if refusal is ActionRefusal.NO_TOKEN:
        assert Way.TOKEN not in ways


SEEN = st.builds(
    lambda pair, assembled, handed: (
        pair[0],
        SeenOrder(
            code="1",
            state=pair[1],
            status=pair[2],
            ordered_at=NOON,
            total_price=0,
            is_assembled=assembled,
            facts=Facts(is_handed_over=handed),
        ),
    ),
    st.sampled_from(sorted(PAIRS)),
    st.booleans(),
    st.booleans(),
)


@given(
    SEEN,
    st.sampled_from(ActionKind),
    st.timedeltas(timedelta(0), timedelta(minutes=5)),
    st.integers(1, 5),
)
def test_after_any_look_the_story_goes_on_safely(
    answer: tuple[OrderSource, SeenOrder], kind: ActionKind, since: timedelta, attempts: int
) -> None:
    source, seen = answer
    verdict = rules.judge(Request(kind), seen, source)
    what = rules.after_look(kind, verdict, since, attempts)
    if what is Next.REPEAT:
        assert verdict is Verdict.NOT_DONE
        assert kind in (ActionKind.ACCEPT, ActionKind.ASSEMBLE)
        assert since >= rules.LOOKS[-1]
        assert attempts < rules.MOST_ATTEMPTS
    if what is Next.NOT_DONE:
        assert since >= rules.LOOKS[-1]
    assert (what is Next.CONFIRM) == (verdict is Verdict.DONE)


@given(st.timedeltas(timedelta(0), timedelta(hours=1)))
def test_the_next_look_is_always_ahead(since: timedelta) -> None:
    now = NOON + since
    assert now < rules.next_look(NOON, now) <= now + timedelta(seconds=70)


@dataclass
class _Past:
    kind: str
    status: str
    asked_at: datetime
    done_at: datetime | None = None
    refusal: str | None = None


def _wrong(minutes: int, refusal: str = "wrong_code") -> _Past:
    at = NOON + timedelta(minutes=minutes)
    return _Past(ActionKind.COMPLETE, ActionStatus.REFUSED, at, at, refusal)


def _sent(minutes: int) -> _Past:
    at = NOON + timedelta(minutes=minutes)
    return _Past(ActionKind.SEND_CODE, ActionStatus.CONFIRMED, at, at)


@pytest.mark.parametrize(
    ("past", "left"),
    [
        ([], None),
        ([_sent(1)], None),
        ([_wrong(2), _sent(1)], 2),
        ([_wrong(4), _wrong(3), _wrong(2), _sent(1)], 0),
        ([_sent(5), _wrong(4), _wrong(3), _wrong(2)], None),
        ([_wrong(6, "code_spent"), _sent(5)], 0),
        ([_wrong(2, "unreachable"), _sent(1)], None),
        ([_wrong(3), _wrong(2)], 1),
    ],
)
def test_tries_of_the_buyers_code(past: list[_Past], left: int | None) -> None:
    assert rules.tries_left(past, NOON + timedelta(minutes=10)) == left
