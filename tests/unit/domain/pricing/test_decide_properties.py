"""What must hold for any market, settings and memory."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import T0
from unit.domain.pricing.pricing_questions import Question, many, memories, questions

from cube_demper.domain.pricing.explain import explain, headline
from cube_demper.domain.pricing.memory import FORGOTTEN
from cube_demper.domain.pricing.rules import decide, forget, remember, remember_sent
from cube_demper.domain.pricing.schemas import (
    Action,
    Decision,
    Memory,
    Reason,
)


def ask(question: Question) -> Decision:
    return decide(*question, T0)


@many
@given(questions)
def test_a_sent_price_is_never_under_the_floor_never_over_the_cap(question: Question) -> None:
    _, product, store, _, floor = question
    decision = ask(question)
    if decision.action is Action.CHANGE:
        assert decision.target is not None
        low = product.min_price if (product.min_price or 0) > 0 else product.base_price
        assert low is not None
        assert decision.target >= max(low, floor or 0, store.min_price_allowed)
        if (product.max_price or 0) > 0:
            assert decision.target <= (product.max_price or 0)
        else:
            assert decision.floor is not None
            assert decision.target <= max(product.base_price or 0, decision.floor)


@many
@given(questions)
def test_a_sent_price_is_whole_tenge_and_at_least_ten(question: Question) -> None:
    decision = ask(question)
    if decision.target is not None:
        assert decision.target % 100 == 0
        assert decision.target >= 1000


@many
@given(questions)
def test_the_window_price_is_never_sent(question: Question) -> None:
    decision = ask(question)
    if decision.action is Action.CHANGE:
        assert decision.target != decision.window_price


@many
@given(questions)
def test_an_unconfirmed_price_is_never_sent_again(question: Question) -> None:
    market, _, _, memory, _ = question
    decision, sent = ask(question), memory.last_send
    if decision.action is Action.CHANGE and sent is not None and market.seen_at < sent.wait_until:
        assert decision.target != sent.target


@many
@given(questions)
def test_contradicting_bounds_hold_before_any_other_rule(question: Question) -> None:
    decision = ask(question)
    if decision.floor is not None and decision.cap is not None and decision.floor > decision.cap:
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.FLOOR_OVER_CAP)


@many
@given(questions, st.randoms(use_true_random=False))
def test_the_answer_depends_neither_on_the_order_of_offers_nor_on_anything_untold(
    question: Question, random: object
) -> None:
    market, *rest = question
    shuffled = list(market.offers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = ask(question)
    assert first == ask(question)
    assert first == ask((replace(market, offers=tuple(shuffled)), *rest))  # type: ignore[arg-type]


@many
@given(questions)
def test_no_fall_over_the_limit_without_consent_but_into_the_cap(question: Question) -> None:
    _, _, store, memory, _ = question
    decision = ask(question)
    consent = memory.allowed_fall
    if decision.action is not Action.CHANGE:
        return
    if consent is not None and consent.until > T0 and (decision.target or 0) >= consent.price:
        return
    if decision.is_fall and decision.reason is not Reason.LOWERED_TO_CAP:
        assert decision.target is not None
        assert decision.window_price is not None
        allowed = decision.window_price * (100 - store.max_fall_percent)
        assert decision.target * 100 >= allowed


@many
@given(questions)
def test_a_product_not_on_sale_sends_nothing(question: Question) -> None:
    market, _, store, _, _ = question
    is_there = any(offer.merchant_id == store.merchant_id for offer in market.offers)
    if market.is_complete and not is_there:
        assert ask(question).action is Action.HOLD


@many
@given(questions)
def test_any_decision_is_told_in_russian(question: Question) -> None:
    decision = ask(question)
    for text in (headline(decision), explain(decision)):
        assert text
        assert not re.search(r"[A-Za-z]", text), text


@many
@given(questions)
def test_decision_and_memory_survive_json(question: Question) -> None:
    market, memory, decision = question[0], question[3], ask(question)
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision
    later = remember_sent(remember(memory, market, decision, T0), decision, T0)
    for kept in (memory, later, forget(later)):
        assert Memory.from_json(json.loads(json.dumps(kept.to_json()))) == kept


@many
@given(questions)
def test_memory_stays_small(question: Question) -> None:
    market, _, _, memory, _ = question
    kept = remember(memory, market, ask(question), T0)
    assert len(kept.window_prices) <= len(memory.window_prices) + 1
    assert all(T0 - fall.at <= timedelta(minutes=30) for fall in kept.falls)
    ends = [point.at for point in kept.window_prices[1:]]
    assert all(end > T0 - timedelta(hours=24) for end in ends)


@many
@given(memories)
def test_the_column_without_the_forgotten_keys_is_a_memory_that_forgot(memory: Memory) -> None:
    """What `forget_memories` does in SQL."""
    kept = {name: value for name, value in memory.to_json().items() if name not in FORGOTTEN}
    assert Memory.from_json(kept) == forget(memory)
