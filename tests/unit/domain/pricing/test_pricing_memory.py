from __future__ import annotations

import json
from datetime import timedelta

from unit.domain.pricing.pricing_cases import (
    T0,
    choose,
    market,
    minutes,
    on_its_way,
    ours,
    product,
    rival,
    stood,
    tenge,
)

from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing.rules import forget, forget_send, is_news, remember, remember_sent
from cube_demper.domain.pricing.schemas import (
    Action,
    Fall,
    LastDecision,
    Memory,
    PricePoint,
    Reason,
    Rest,
    UnconfirmedSend,
)


def look(memory: Memory, seen: Market) -> Memory:
    return remember(memory, seen, choose(seen, memory=memory), seen.seen_at)


class TestWindowPrices:
    def test_only_changes_are_kept(self) -> None:
        memory = Memory()
        for minute, price in enumerate([12000, 12000, 11000, 11000, 12000]):
            memory = look(memory, market(ours(price), rival(price + 1), at=T0 + minutes(minute)))
        assert [point.price for point in memory.window_prices] == [1200000, 1100000, 1200000]
        assert memory.window_prices[1].at == T0 + minutes(2)

    def test_a_day_is_kept_with_the_price_in_force_at_its_start(self) -> None:
        memory = stood((3000, 9000), (2000, 10000), (100, 11000))
        memory = look(memory, market(ours(11000), rival(11001)))
        assert [point.price for point in memory.window_prices] == [1000000, 1100000]

    def test_the_cabinets_price_is_not_a_window_price(self) -> None:
        memory = look(Memory(), market(rival(11000), total=99))
        assert memory.window_prices == ()

    def test_a_look_older_than_what_is_known_adds_nothing(self) -> None:
        memory = stood((0, 10000))
        assert look(memory, market(ours(9000), at=T0 - minutes(1))).window_prices == (
            PricePoint(T0, tenge(10000)),
        )


class TestConfirmation:
    def test_a_later_look_that_shows_the_price_confirms_the_send(self) -> None:
        memory = on_its_way(11499, sent=T0 - minutes(1), until=T0 + minutes(9))
        assert look(memory, market(ours(11499), rival(11500))).last_send is None

    def test_a_look_that_still_shows_the_old_price_does_not(self) -> None:
        memory = on_its_way(11499, sent=T0 - minutes(1), until=T0 + minutes(9))
        assert look(memory, market(ours(12000), rival(11500))).last_send == memory.last_send

    def test_a_look_from_before_the_send_confirms_nothing(self) -> None:
        memory = on_its_way(11499, sent=T0 + minutes(1), until=T0 + minutes(9))
        assert look(memory, market(ours(11499), rival(11500))).last_send is not None

    def test_the_cabinets_price_confirms_nothing(self) -> None:
        memory = on_its_way(12000, sent=T0 - minutes(1), until=T0 + minutes(9))
        assert look(memory, market(rival(11500), total=99)).last_send is not None

    def test_a_send_waits_ten_minutes_for_its_look(self) -> None:
        decision = choose([ours(12000), rival(11500)])
        sent = remember_sent(Memory(), decision, T0).last_send
        assert sent == UnconfirmedSend(tenge(11499), T0, T0 + minutes(10))

    def test_a_refused_send_leaves_no_wait(self) -> None:
        memory = on_its_way(11499, sent=T0, until=T0 + minutes(9))
        assert forget_send(memory).last_send is None

    def test_a_hold_is_not_a_send(self) -> None:
        assert remember_sent(Memory(), choose([ours(12000)]), T0) == Memory()


class TestNews:
    def test_the_same_answer_is_no_news(self) -> None:
        seen = market(ours(12000), rival(11500))
        decision = choose(seen)
        assert is_news(Memory(), decision)
        assert not is_news(remember(Memory(), seen, decision, T0), decision)

    def test_another_target_is_news(self) -> None:
        memory = look(Memory(), market(ours(12000), rival(11500)))
        assert is_news(memory, choose([ours(12000), rival(11400)]))


class TestForgetting:
    def test_the_median_begins_anew_when_the_seller_changes_the_terms(self) -> None:
        memory = forget(stood((600, 10000)))
        wide = product(min_price=100)
        assert choose([ours(9000), rival(6900)], wide, memory=memory).is_change

    def test_what_concerns_the_market_stays(self) -> None:
        memory = Memory(
            window_prices=(PricePoint(T0, 1),),
            falls=(Fall(T0, "1", 2, 1),),
            rest=Rest(5, T0, "1"),
            to_max_since=T0,
            last_send=UnconfirmedSend(1, T0, T0),
        )
        kept = forget(memory)
        assert (kept.falls, kept.rest, kept.last_send) == (
            memory.falls,
            memory.rest,
            memory.last_send,
        )
        assert (kept.window_prices, kept.to_max_since) == ((), None)

    def test_a_rest_that_is_over_is_forgotten(self) -> None:
        memory = Memory(rest=Rest(tenge(9000), T0, "1"))
        assert look(memory, market(ours(12000), rival(11500))).rest is None

    def test_falls_older_than_30_minutes_are_forgotten(self) -> None:
        old, new = T0 - minutes(31), T0 - minutes(30)
        memory = Memory(falls=(Fall(old, "1", 2, 1), Fall(new, "1", 2, 1)))
        assert look(memory, market(ours(12000), rival(11500))).falls == (Fall(new, "1", 2, 1),)


class TestJson:
    MEMORY = Memory(
        window_prices=(PricePoint(T0, 100), PricePoint(T0 + timedelta(microseconds=7), 200)),
        falls=(Fall(T0, "1", 2, 1),),
        rest=Rest(5, T0, "1", is_back=True),
        to_max_since=T0,
        last_decision=LastDecision(Action.CHANGE, Reason.UNDERCUT, 7),
        last_send=UnconfirmedSend(1, T0, T0),
    )

    def test_it_comes_back_from_an_object_and_from_its_text(self) -> None:
        raw = self.MEMORY.to_json()
        assert Memory.from_json(raw) == self.MEMORY
        assert Memory.from_json(json.dumps(raw)) == self.MEMORY

    def test_nothing_is_a_fresh_memory(self) -> None:
        for empty in (None, {}, "", "{}", "not json", [], 7):
            assert Memory.from_json(empty) == Memory()

    def test_keys_of_another_release_are_ignored(self) -> None:
        assert Memory.from_json({**self.MEMORY.to_json(), "weather": "snow"}) == self.MEMORY

    def test_one_bad_value_costs_one_part_and_stops_nobody(self) -> None:
        raw = {**self.MEMORY.to_json(), "to_max_since": "99:99", "falls": [{"at": 5}]}
        memory = Memory.from_json(raw)
        assert (memory.to_max_since, memory.falls) == (None, ())
        assert memory.rest == self.MEMORY.rest

    def test_an_instant_without_a_zone_is_not_believed(self) -> None:
        assert Memory.from_json({"to_max_since": "2026-11-22T09:00:00"}).to_max_since is None
