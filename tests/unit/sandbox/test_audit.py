from __future__ import annotations

from itertools import count
from typing import Any

from cube_demper.sandbox.audit import audit

ALMATY, ASTANA = "750000000", "710000000"


class Log:
    """Builds log entries the way the sandbox writes them."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._numbers = count(1)

    def add(self, kind: str, **fields: Any) -> Log:
        self.entries.append({"n": next(self._numbers), "kind": kind, **fields})
        return self

    def send(self, *, changed: tuple[str, ...] = (ALMATY,), sku: str = "1_1", **prices: int) -> Log:
        cities = {ALMATY: prices.get("almaty", 900), ASTANA: prices.get("astana", 950)}
        number = len(self.entries) + 1
        return self.add(
            "accepted",
            id=f"op{number}",
            store="s",
            sku=sku,
            card=sku.partition("_")[0],
            city_prices=cities,
            price=None,
            changed_cities=list(changed),
        )

    def look(self, city: str = ALMATY, *, card: str = "1", status: int = 200, **more: Any) -> Log:
        return self.add("request", route="offers", card=card, city=city, status=status, **more)


def twice(log: Log) -> int:
    return len(audit(log.entries).sent_twice)


def test_the_same_prices_without_a_look_are_sent_twice() -> None:
    assert twice(Log().send().send()) == 1


def test_a_look_at_a_city_that_was_to_change_makes_it_a_new_attempt() -> None:
    assert twice(Log().send().look().send()) == 0


def test_a_look_at_another_city_or_card_or_one_that_failed_does_not() -> None:
    assert twice(Log().send().look(ASTANA).send()) == 1
    assert twice(Log().send().look(card="2").send()) == 1
    assert twice(Log().send().look(status=403).send()) == 1
    assert twice(Log().send().look(fault="html").send()) == 1
    assert twice(Log().look().send().send()) == 1


def test_a_slow_look_and_one_without_our_row_are_looks() -> None:
    assert twice(Log().send().look(fault="slow").send()) == 0
    assert twice(Log().send().look(fault="own_missing").send()) == 0


def test_other_prices_or_another_product_are_another_send() -> None:
    assert twice(Log().send().send(almaty=899)) == 0
    assert twice(Log().send().send(sku="2_1")) == 0


def test_the_same_prices_again_after_others_still_need_a_look() -> None:
    assert twice(Log().send().send(almaty=899).send()) == 1
    assert twice(Log().send().send(almaty=899).look().send()) == 0


def test_a_send_that_was_to_change_nothing_counts_a_look_at_any_city_it_names() -> None:
    assert twice(Log().send(changed=()).look(ASTANA).send(changed=())) == 0
    assert twice(Log().send(changed=()).send(changed=())) == 1


def test_each_repetition_is_found() -> None:
    report = audit(Log().send().send().send().entries)
    assert [(pair.first, pair.second) for pair in report.sent_twice] == [
        ("op1", "op2"),
        ("op2", "op3"),
    ]


def test_prices_out_of_bounds_are_found_by_city() -> None:
    log = Log().send(almaty=800, astana=1200)
    found = audit(log.entries, {("s", "1_1"): (850, 1100)}).out_of_bounds
    assert [(row.city_id, row.price) for row in found] == [(ALMATY, 800), (ASTANA, 1200)]
    assert audit(log.entries, {("s", "1_1"): (800, 1200)}).out_of_bounds == []
    assert audit(log.entries, {("s", "1_1"): (None, None)}).out_of_bounds == []


def test_what_became_of_changes_is_counted() -> None:
    log = Log().send().send(almaty=899).send(almaty=898).look()
    log.add("settled", id="op1", result="applied").add("settled", id="op2", result="ignored_model")
    log.add("ban", of="ip", key="127.0.0.2")
    report = audit(log.entries)
    assert (report.accepted, report.applied, report.looks) == (3, 1, 1)
    assert report.ignored == {"ignored_model": 1}
    assert report.waiting == ["op3"]
    assert report.bans == [("ip", "127.0.0.2")]
