"""Payments, cards and goods in the words of the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from cube_demper.domain.billing.view_schemas import (
    CardView,
    GoodsView,
    LandingEffect,
    PaperView,
    PaymentView,
    PlanView,
    Standing,
)
from cube_demper.seller.pages.billing.card_rows import card_row, removal_of
from cube_demper.seller.pages.billing.goods_rows import effect_words, risk_row
from cube_demper.seller.pages.billing.payment_rows import payment_row, pending_of
from cube_demper.seller.plans.saying import day_of

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
INVOICE = PaperView(uuid4(), "invoice", "2026-000012", NOW)
PAYMENT = PaymentView(
    id=uuid4(),
    invoice_id="CD-12",
    plan_code="pro",
    plan="PRO",
    purpose="subscribe",
    method="card",
    status="created",
    amount=2_879_900,
    from_balance=120_000,
    refunded=0,
    created_at=NOW - timedelta(minutes=5),
    pay_url="https://pay.example.kz/d/1",
)
PAID = replace(PAYMENT, status="paid", paid_at=NOW - timedelta(minutes=1))
PRO = PlanView("pro", "PRO", 2_999_900, 5_000, frozenset({"repricing"}))
CARD = CardView(uuid4(), "mastercard", "4444", date(2026, 12, 31), is_default=True)
STANDING = Standing(PRO, ends_at=NOW + timedelta(days=40), renewal=2_999_900, card=CARD)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("status", "word", "tone"),
    [
        ("created", "Ждёт оплаты", "blue"),
        ("authorized", "Деньги удержаны", "blue"),
        ("paid", "Оплачен", "green"),
        ("failed", "Не прошёл", "red"),
        ("cancelled", "Отменён", "gray"),
        ("expired", "Истёк", "gray"),
        ("partly_refunded", "Возвращён частично", "amber"),
        ("refunded", "Возвращён", "gray"),
    ],
)
def test_every_state_has_a_word(status: str, word: str, tone: str) -> None:
    row = payment_row(replace(PAYMENT, status=status))
    assert (row.word, row.tone) == (word, tone)


def test_a_line_sums_money_and_balance_and_links_its_papers() -> None:
    row = payment_row(replace(PAYMENT, papers=(INVOICE,)))
    assert _plain(row.sum) == "29 999 ₸"
    assert _plain(row.sum_note) == "с баланса 1 200 ₸"
    assert row.papers[0].words == "Счёт № 2026-000012"
    assert row.papers[0].href == f"/api/billing/papers/{INVOICE.id}"


def test_a_refund_is_said_before_the_balance() -> None:
    row = payment_row(replace(PAYMENT, status="partly_refunded", refunded=500_000))
    assert _plain(row.sum_note) == "возвращено 5 000 ₸"


class TestUnderWay:
    def test_a_card_waits_at_its_page(self) -> None:
        shown = pending_of(PAYMENT, NOW)
        assert (shown.tone, shown.can_open) == ("blue", True)
        assert _plain(shown.title) == "Ждём оплату 28 799 ₸ за тариф PRO"
        assert shown.can_drop

    def test_a_bank_invoice_leads_to_its_paper(self) -> None:
        waiting = replace(PAYMENT, method="bank_invoice", papers=(INVOICE,), pay_url="")
        shown = pending_of(waiting, NOW)
        assert shown.paper.endswith(str(INVOICE.id))
        assert "CD-12" in shown.text

    def test_a_transfer_says_the_number_to_write(self) -> None:
        waiting = replace(PAYMENT, method="kaspi_transfer", pay_url="")
        shown = pending_of(waiting, NOW, kaspi_to="+7 701 000 00 00")
        assert "на +7 701 000 00 00 и укажите в сообщении CD-12" in shown.text

    def test_a_saved_card_waits_for_its_bank_alone(self) -> None:
        shown = pending_of(replace(PAYMENT, is_saved_card=True), NOW)
        assert (shown.can_open, shown.can_drop) == (False, False)

    def test_a_link_whose_time_is_over_has_expired_whoever_notes_it(self) -> None:
        shown = pending_of(replace(PAYMENT, expires_at=NOW), NOW)
        assert (shown.tone, shown.can_open) == ("amber", False)

    def test_money_that_bought_nothing_lies_on_the_balance(self) -> None:
        shown = pending_of(replace(PAYMENT, status="paid", paid_at=NOW, is_credited=True), NOW)
        assert (shown.tone, shown.title[:6]) == ("amber", "28\u00a0799")

    def test_an_earlier_payment_is_no_news_while_the_next_is_awaited(self) -> None:
        paid = replace(PAYMENT, status="paid", paid_at=NOW)
        assert pending_of(paid, NOW).tone == "green"
        assert not pending_of(paid, NOW, is_unpaid=True).tone
        kept = replace(paid, is_credited=True)
        assert pending_of(kept, NOW, is_unpaid=True).tone == "amber"

    def test_held_money_cannot_be_dropped(self) -> None:
        assert not pending_of(replace(PAYMENT, status="authorized"), NOW).can_drop

    def test_a_failure_repeats_the_bank_and_says_what_to_do(self) -> None:
        failed = replace(
            PAYMENT,
            status="failed",
            failure_code="5051",
            failure_words="Недостаточно средств на карте",
        )
        shown = pending_of(failed, NOW)
        assert shown.tone == "red"
        assert shown.text.startswith("Банк ответил: «Недостаточно средств на карте». Пополните")
        assert shown.again == "/billing?plan=pro"

    def test_an_unknown_failure_still_says_that_nothing_was_taken(self) -> None:
        shown = pending_of(replace(PAYMENT, status="failed", failure_code="9999"), NOW)
        assert shown.text.startswith("Деньги не списаны.")

    def test_an_expired_link_says_what_becomes_of_money_already_sent(self) -> None:
        shown = pending_of(replace(PAYMENT, status="expired"), NOW)
        assert "с номером CD-12" in shown.text

    def test_an_outcome_stands_for_a_day(self) -> None:
        paid = replace(PAYMENT, status="paid", paid_at=NOW - timedelta(hours=23))
        assert pending_of(paid, NOW).tone == "green"
        assert not pending_of(replace(paid, paid_at=NOW - timedelta(hours=25)), NOW).tone
        assert not pending_of(None, NOW).tone
        assert not pending_of(replace(PAYMENT, status="cancelled"), NOW).tone


class TestCards:
    def test_one_that_expires_before_it_is_charged_says_so(self) -> None:
        assert card_row(CARD, STANDING, NOW).trouble.startswith(
            "Истечёт раньше списания 6\u00a0янв"
        )
        soon = replace(STANDING, ends_at=NOW + timedelta(days=20))
        assert not card_row(CARD, soon, NOW).trouble

    def test_an_expired_one_is_refused_by_the_bank(self) -> None:
        old = replace(CARD, expires_on=date(2026, 10, 31))
        assert card_row(old, STANDING, NOW).trouble == "Срок карты истёк: банк откажет"

    def test_the_one_that_is_charged_is_said_to_renew(self) -> None:
        other = replace(CARD, id=uuid4(), is_default=False)
        charged = replace(STANDING, card=other)
        assert [card_row(it, charged, NOW).is_default for it in (CARD, other)] == [False, True]
        assert card_row(CARD, Standing(PRO), NOW).is_default

    def test_removing_the_last_one_says_that_nothing_renews(self) -> None:
        facts = dict(removal_of(CARD, STANDING, [CARD], NOW).facts)
        assert "не пройдёт: другой карты нет" in facts["Списание 6\u00a0янв 2027"]

    def test_removing_one_of_two_says_which_is_charged(self) -> None:
        other = CardView(uuid4(), "visa", "1111")
        facts = dict(removal_of(CARD, STANDING, [CARD, other], NOW).facts)
        assert facts["Списание 6\u00a0янв 2027"].endswith("с карты Visa ••\u00a01111")

    def test_removing_one_that_renews_nothing_stops_nothing(self) -> None:
        other = CardView(uuid4(), "visa", "1111")
        assert not removal_of(other, STANDING, [CARD, other], NOW).facts


def test_a_choice_says_how_many_prices_move_and_by_how_much() -> None:
    effect = LandingEffect("floor", 312, 410_000, 1, 1_000, 20, 5)
    assert _plain(effect_words(effect)) == (
        "У 312 товаров цена снизится, в сумме на 4 100 ₸, у 1 товара поднимется, в сумме на 10 ₸, "
        "у 20 товаров не изменится"
    )
    assert effect_words(replace(effect, lower=0, higher=0)) == "Ни одна цена не изменится"


def test_a_product_at_risk_says_why() -> None:
    product = GoodsView(uuid4(), "Чайник", "Тау", 899_000, 800_000, None, 850_000, 2, NOW)
    assert _plain(risk_row(product, 899_000, NOW).why) == "дороже конкурента на 490 ₸"
    assert risk_row(product, 850_000, NOW).why == "вровень с конкурентом"


def test_a_refusal_on_the_gateways_page_is_told_while_another_card_may_pay() -> None:
    refused = replace(PAYMENT, failure_code="5051", failure_words="Недостаточно средств на карте.")
    shown = pending_of(refused, NOW)
    assert shown.can_open
    assert "Банк ответил: «Недостаточно средств на карте». Деньги не списаны" in shown.text


def test_what_begins_later_is_not_called_connected() -> None:
    later = NOW + timedelta(days=12)
    works = pending_of(replace(PAID, service_from=NOW - timedelta(minutes=1)), NOW)
    assert works.text.startswith("Тариф PRO подключён.")
    trial = pending_of(replace(PAID, service_from=later), NOW)
    assert _plain(trial.text).startswith(
        f"Тариф PRO: оплаченные дни начнутся {_plain(day_of(later, NOW))}, до того всё как сейчас."
    )
    early = pending_of(replace(PAID, purpose="renew", service_from=later), NOW)
    assert "следующие дни начнутся" in early.text
