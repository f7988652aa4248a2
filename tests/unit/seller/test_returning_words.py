"""What the seller reads before and after prices go back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from unit.domain.pricing.pricing_cases import choose, ours, taken_back

from cube_demper.domain.pricing.returning.schemas import Back, Return
from cube_demper.seller.returning.words import done_words, question_of

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def plan(**more: object) -> Return:
    decision = choose([ours(11000)], memory=taken_back(12000))
    back = Back(uuid4(), "750000000", "Чайник", 1_100_000, 1_200_000, False, decision)
    return Return((back,), until=NOON + HOUR, **more)  # type: ignore[arg-type]


def test_what_leaves_now_rests_until_a_known_hour() -> None:
    assert "До 13:00 бот их не меняет." in question_of(plan(), NOON).text
    assert done_words(plan(), NOON).endswith("До 13:00 бот их не меняет.")


def test_what_queues_for_hours_rests_from_its_send() -> None:
    long = plan(waits_until=NOON + 14 * HOUR)
    for text in (question_of(long, NOON).text, done_words(long, NOON)):
        assert "последние уйдут около 23\u00a0ноя, 02:00" in text
        assert "пока она ждёт отправки, и ещё час после неё" in text
        assert "13:00" not in text


def test_what_a_price_list_carries_leaves_with_it() -> None:
    text = question_of(plan(by_feed=1), NOON).text
    assert "Цены 1\u00a0товара уйдут с прайс-листом." in text
    assert "час после неё" in text
