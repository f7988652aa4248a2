"""The dialog of a plan: what is paid now, for which days, and how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from cube_demper.domain.billing.schemas import Quote
from cube_demper.domain.billing.view_schemas import CardView, PlanView, Standing, Usage
from cube_demper.models.billing import PaymentPurpose, Plan
from cube_demper.seller.pages.billing.choosing_rows import (
    Means,
    first_way,
    offer_later,
    offer_now,
    ways_of,
)

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
BASIC = PlanView("basic", "BASIC", 999_900, 500, frozenset({"repricing"}))
PRO = PlanView("pro", "PRO", 2_999_900, 5_000, frozenset({"repricing"}))
USED = Usage(bots=562, bot_limit=5_000)


def _quote(amount: int, from_balance: int = 0, days: int = 30, **given: object) -> Quote:
    fields = {
        "plan": Plan.PRO,
        "purpose": PaymentPurpose.UPGRADE,
        "service_from": NOW,
        "service_to": NOW + timedelta(days=days),
        "base_id": None,
        "words": "До 12.12.2026 осталось дней: 15",
    }
    return Quote(amount=amount, from_balance=from_balance, **(fields | given))  # type: ignore[arg-type]


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_days_the_price_and_the_balance_come_to_what_is_paid() -> None:
    offer = offer_now(PRO, _quote(1_000_000, 120_000, 15), 120_000, USED, NOW)
    assert [(_plain(name), _plain(value)) for name, value in offer.facts] == [
        ("За какие дни", "27 ноя — 12 дек, 15 дней"),
        ("Доплата", "10 000 ₸"),
        ("С баланса", "−1 200 ₸"),
    ]
    assert (offer.title, _plain(offer.total)) == ("Перейти на PRO", "8 800 ₸")
    assert _plain(offer.verb) == "Оплатить 8 800 ₸"
    assert offer.asks_way


def test_what_the_balance_pays_whole_asks_for_no_other_way() -> None:
    offer = offer_now(PRO, _quote(100_000, 100_000), 500_000, USED, NOW)
    assert (offer.asks_way, offer.verb) == (False, "Оплатить с баланса")


def test_a_smaller_plan_says_how_many_goods_lose_their_bot() -> None:
    held = Standing(PRO, ends_at=NOW + timedelta(days=20))
    offer = offer_later(BASIC, held, USED, NOW)
    assert _plain(offer.title) == "Перейти на BASIC с 17 дек?"
    assert _plain(offer.total) == "0 ₸"
    assert _plain(offer.losing_words) == "Бот остановится у 62 товаров, включённых позже"
    assert _plain(offer.losing_more) == "и ещё 12 товаров"
    assert not offer_later(BASIC, held, Usage(bots=500, bot_limit=5_000), NOW).losing_words


class TestWays:
    CARD = CardView(uuid4(), "visa", "1111", date(2028, 1, 31))

    def test_a_saved_card_stands_first_and_is_chosen(self) -> None:
        ways = ways_of(Means(has_card=True, has_bank=True, has_kaspi=True, cards=[self.CARD]))
        assert [it.title for it in ways] == [
            "Visa ••\u00a01111",
            "Новая карта",
            "Счёт для ТОО или ИП",
            "Перевод Kaspi",
        ]
        assert first_way(ways) == f"saved:{self.CARD.id}"

    def test_what_does_not_work_here_stands_last_and_says_so(self) -> None:
        ways = ways_of(Means(has_card=False, has_bank=True, has_kaspi=False, cards=[self.CARD]))
        assert [it.code for it in ways] == ["bank_invoice", "card", "kaspi_transfer"]
        assert ways[1].text == "Оплата картой пока не подключена"
        assert first_way(ways) == "bank_invoice"

    def test_where_nothing_works_nothing_is_chosen(self) -> None:
        assert not first_way(ways_of(Means(has_card=False, has_bank=False, has_kaspi=False)))
