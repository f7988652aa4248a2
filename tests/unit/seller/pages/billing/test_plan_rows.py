"""What the seller has, in words: until when, what renews it, what is short."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from cube_demper.domain.billing.view_schemas import CardView, PlanView, Standing, Usage
from cube_demper.seller.pages.billing.ending_rows import ending_of
from cube_demper.seller.pages.billing.rows import plan_now, plan_offers, summary_of
from cube_demper.seller.pages.billing.usage_rows import usage_now
from cube_demper.seller.plans.line import banner_of, for_manager, plan_line

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
_WATCHES = frozenset({"monitoring"})
_SENDS = _WATCHES | {"repricing", "whatsapp", "priority_support"}
FREE = PlanView("free", "FREE", 0, 100, _WATCHES)
BASIC = PlanView("basic", "BASIC", 999_900, 500, _SENDS)
PRO = PlanView("pro", "PRO", 2_999_900, 5_000, _SENDS | {"analytics", "ai", "integrations"})
PLANS = [FREE, BASIC, PRO]
CARD = CardView(uuid4(), "visa", "1111", date(2028, 1, 31), is_default=True)
PAID = Standing(
    PRO,
    starts_at=NOW - timedelta(days=3),
    ends_at=NOW + timedelta(days=27),
    renewal=2_999_900,
    card=CARD,
)
TRIAL = replace(PAID, is_trial=True, card=None, ends_at=NOW + timedelta(days=2))


@pytest.mark.parametrize(
    ("standing", "line"),
    [
        (Standing(FREE), "FREE: бот советует цены, сам не меняет"),
        (PAID, "PRO до 24 дек, потом 29 999 ₸ с карты Visa •• 1111"),
        (replace(PAID, card=None), "PRO до 24 дек. Чтобы не прерваться, оплатите до этого дня"),
        (
            replace(PAID, from_balance=500_000),
            "PRO до 24 дек, потом 5 000 ₸ с баланса и 24 999 ₸ с карты Visa •• 1111",
        ),
        (
            replace(PAID, from_balance=2_999_900, card=None),
            "PRO до 24 дек, потом 29 999 ₸ с баланса",
        ),
        (replace(PAID, is_ending=True), "PRO до 24 дек, продления не будет"),
        (replace(PAID, next_plan=BASIC), "PRO до 24 дек, потом BASIC"),
        (TRIAL, "Пробный PRO до 29 ноя, осталось 2 дня. Деньги сами не спишутся"),
        (
            replace(PAID, grace_until=NOW + timedelta(days=3)),
            "Оплата не прошла, PRO работает до 30 ноя",
        ),
        (replace(PAID, landed_at=NOW), "PRO закончился: бот стоит с 27 ноя"),
        (
            replace(PAID, landed_at=NOW, is_landing=True),
            "PRO закончился: бот останавливается",
        ),
        (
            replace(PAID, charge_at=NOW + timedelta(days=26, hours=11)),
            "PRO до 24 дек, 23 дек спишем 29 999 ₸ с карты Visa •• 1111",
        ),
    ],
)
def test_one_line_says_whether_all_is_well(standing: Standing, line: str) -> None:
    assert summary_of(standing, NOW).replace("\u00a0", " ") == line


def test_the_last_day_of_a_trial_is_named_so() -> None:
    ends_today = replace(TRIAL, ends_at=NOW + timedelta(hours=3))
    assert "последний день" in summary_of(ends_today, NOW)


def test_a_year_is_said_when_it_is_another_one() -> None:
    assert "3\u00a0янв 2027" in summary_of(replace(PAID, ends_at=NOW + timedelta(days=37)), NOW)


@pytest.mark.parametrize(
    ("standing", "can"),
    [
        (PAID, "cancel"),
        (replace(PAID, is_ending=True), "resume"),
        (replace(PAID, next_plan=BASIC), "stay"),
        (replace(PAID, next_plan=BASIC, is_ending=True), "resume"),
        (TRIAL, ""),
        (Standing(FREE), ""),
        (replace(PAID, landed_at=NOW), ""),
    ],
)
def test_only_what_renews_can_be_cancelled(standing: Standing, can: str) -> None:
    assert plan_now(standing, NOW).can == can


def test_an_unpaid_plan_offers_to_pay_and_says_where_prices_stand() -> None:
    landed = plan_now(replace(PAID, landed_at=NOW, landing="floor"), NOW)
    assert landed.pays == "Оплатить 29\u00a0999\u00a0₸"
    assert ("Цены заморожены", "на мин. ценах") in landed.facts
    assert landed.tone == "red"


def test_the_card_says_the_year_of_the_end_and_the_minute_of_the_charge() -> None:
    ends_at = datetime(2027, 1, 10, 20, 0, tzinfo=UTC)  # 11 January, 01:00 in Almaty
    standing = replace(PAID, ends_at=ends_at, charge_at=ends_at - timedelta(hours=6))
    facts = {key: value.replace("\u00a0", " ") for key, value in plan_now(standing, NOW).facts}
    assert facts["Оплачен до"] == "11 янв 2027, 01:00"
    (charged,) = (it for it in facts if it.startswith("Спишем"))
    assert charged.replace("\u00a0", " ") == "Спишем 10 янв 2027, 19:00"


def test_while_the_bot_is_being_stopped_every_page_says_so() -> None:
    standing = replace(PAID, landed_at=NOW, is_landing=True, landing="floor")
    now = plan_now(standing, NOW)
    assert (now.word, now.lands, now.can_land) == ("Закончился", "Бот останавливается", False)
    assert ("Цены замирают", "на мин. ценах") in now.facts
    banner = banner_of(standing, Usage(812, 5_000), NOW)
    assert banner.title == "Тариф PRO закончился: бот останавливается"
    assert "замирают" in banner.text


def test_plans_stand_side_by_side_with_what_each_lacks() -> None:
    free, basic, pro = plan_offers([PRO, FREE, BASIC], replace(PAID, plan=BASIC), NOW)
    assert [it.title for it in (free, basic, pro)] == ["FREE", "BASIC", "PRO"]
    assert [line.has for line in free.features].count(True) == 1
    assert [line.words for line in basic.features if not line.has] == [
        "Аналитика заказов и прибыли",
        "ИИ-помощники: юрист, продавец, бухгалтер",
        "API и вебхуки для ваших программ",
    ]
    assert all(line.has for line in pro.features)
    assert (basic.act, pro.act, pro.verb) == ("yours", "choose", "Перейти на PRO")
    assert pro.is_better
    assert not free.is_better
    assert [line.words for line in pro.features if line.is_coming] == [
        "ИИ-помощники: юрист, продавец, бухгалтер",
        "API и вебхуки для ваших программ",
    ]


def test_one_button_is_first_and_the_plan_in_force_is_marked() -> None:
    _, basic, pro = plan_offers(PLANS, TRIAL, NOW)
    assert (pro.is_here, pro.is_better, pro.verb, basic.is_better) == (
        True,
        True,
        "Оставить PRO",
        False,
    )
    by_hand = replace(PAID, plan=BASIC, card=None, ends_at=NOW + timedelta(days=2))
    assert plan_now(by_hand, NOW).pays
    assert not any(it.is_better for it in plan_offers(PLANS, by_hand, NOW))
    landed = replace(PAID, landed_at=NOW)
    free, _, pro = plan_offers(PLANS, landed, NOW)
    assert (free.act, pro.is_here) == ("", False)  # it is FREE already, there is nothing to leave


def test_a_manager_reads_that_a_card_renews_the_plan_but_not_which() -> None:
    seen = replace(PAID, card=None, is_card_hidden=True)
    facts = dict(plan_now(seen, NOW).facts)
    assert facts["Продление"].endswith("с карты владельца")
    assert summary_of(seen, NOW).endswith("с карты владельца")
    near = replace(seen, ends_at=NOW + timedelta(days=2))
    assert not banner_of(near, Usage(bots=3, bot_limit=5), NOW).tone
    late = replace(seen, grace_until=NOW + timedelta(days=2))
    told = for_manager(banner_of(late, Usage(bots=3, bot_limit=5), NOW))
    assert (told.tone, told.verb, told.link) == ("amber", "", "")
    assert told.text.endswith("Скажите владельцу кабинета.")


@pytest.mark.parametrize(
    ("standing", "title", "said"),
    [
        (PAID, "Если оплата не пройдёт", "списать ещё раз"),
        (replace(PAID, card=None), "Если оплата не пройдёт", "Сначала предупредим вас"),
        (TRIAL, "Когда пробный период закончится", "Если тариф не выбран"),
        (replace(PAID, is_ending=True), "Когда тариф закончится", "Продление вы отменили"),
        (replace(PAID, landed_at=NOW), "Цены заморожены", "как только тариф будет оплачен"),
    ],
)
def test_what_freezes_prices_is_said_as_it_will_be(
    standing: Standing, title: str, said: str
) -> None:
    now = plan_now(standing, NOW)
    assert now.lands == title
    assert said in now.lands_how
    assert now.can_land is (standing.landed_at is None)


def test_usage_over_the_limit_is_red_and_counted() -> None:
    words = usage_now(Usage(bots=512, bot_limit=500, proxies=97, proxies_due=100))
    assert words.goods == "512 из 500"
    assert (words.goods_tone, words.goods_percent) == ("red", 100)
    assert words.over.startswith("12\u00a0товаров с ботом не помещаются")
    assert words.shortage.startswith("Не хватает 3:")
    assert usage_now(Usage(bots=450, bot_limit=500)).goods_tone == "amber"
    assert usage_now(Usage(bots=449, bot_limit=500)).goods_tone == "blue"


def test_cancelling_says_what_stops_when_and_what_is_not_charged() -> None:
    question = ending_of(PAID, Usage(bots=812, bot_limit=5_000), NOW)
    facts = {name: value.replace("\u00a0", " ") for name, value in question.facts}
    assert facts["Не спишем"] == "29 999 ₸ с карты Visa •• 1111"
    assert facts["С 24\u00a0дек бот"] == "перестанет менять цены у 812 товаров, цены замрут"


class TestEveryPage:
    def test_says_nothing_while_all_is_well(self) -> None:
        assert not banner_of(PAID, Usage(10, 500), NOW).tone
        assert not banner_of(Standing(FREE), Usage(0, 100), NOW).tone

    def test_counts_a_trial_down_from_three_days(self) -> None:
        assert not banner_of(
            replace(TRIAL, ends_at=NOW + timedelta(days=4)), Usage(1, 100), NOW
        ).tone
        banner = banner_of(TRIAL, Usage(21, 5_000), NOW)
        assert banner.title == "Пробный PRO закончится 29\u00a0ноя, осталось 2\u00a0дня"
        assert "перестанет менять цены у 21\u00a0товара" in banner.text

    def test_repeats_the_bank_and_when_it_is_tried_again(self) -> None:
        unpaid = replace(
            PAID,
            grace_until=NOW + timedelta(days=3),
            retry_at=NOW + timedelta(days=1),
            trouble="Недостаточно средств на карте",
        )
        banner = banner_of(unpaid, Usage(812, 5_000), NOW)
        assert banner.tone == "amber"
        assert "«Недостаточно средств на карте»" in banner.text
        assert "Повторим 28\u00a0ноя, 12:00" in banner.text
        assert (banner.verb, banner.link) == ("Оплатить 29\u00a0999\u00a0₸", "/billing?plan=pro")

    def test_leads_to_the_plan_whose_sum_it_names(self) -> None:
        unpaid = replace(
            PAID, grace_until=NOW + timedelta(days=3), next_plan=BASIC, renewal=999_900
        )
        banner = banner_of(unpaid, Usage(812, 5_000), NOW)
        assert (banner.verb, banner.link) == ("Оплатить 9\u00a0999\u00a0₸", "/billing?plan=basic")

    def test_is_red_after_the_landing(self) -> None:
        banner = banner_of(replace(PAID, landed_at=NOW), Usage(812, 5_000), NOW)
        assert banner.tone == "red"

    def test_tells_that_the_card_expires_before_it_is_charged(self) -> None:
        short = replace(CARD, expires_on=date(2026, 11, 27))
        soon = replace(PAID, ends_at=NOW + timedelta(days=2), card=short)
        assert banner_of(soon, Usage(1, 100), NOW).link == "/billing?tab=cards"
        lasting = replace(soon, card=CARD)
        assert not banner_of(lasting, Usage(1, 100), NOW).tone

    def test_names_the_cheapest_plan_that_has_what_is_lacked(self) -> None:
        line = plan_line(Standing(FREE), Usage(0, 100), PLANS, FREE.features, NOW)
        assert line.sold_with["whatsapp"]["code"] == "basic"
        assert line.sold_with["analytics"]["code"] == "pro"
        assert "monitoring" not in line.lacks


def test_a_banner_counts_goods_in_plain_words_and_none_where_there_are_none() -> None:
    some, none = Usage(bots=21, bot_limit=100), Usage(bots=0, bot_limit=100)
    assert "перестанет менять цены у 21\u00a0товара." in banner_of(TRIAL, some, NOW).text
    assert "перестанет менять цены." in banner_of(TRIAL, none, NOW).text
    late = replace(PAID, grace_until=NOW + timedelta(days=2))
    assert "Потом цены замрут." in banner_of(late, none, NOW).text
    assert banner_of(replace(PAID, landed_at=NOW), none, NOW).text.startswith("Цены замерли.")


def test_a_card_is_short_by_the_days_of_almaty() -> None:
    ends_at = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)  # the first of December there
    card = replace(CARD, expires_on=date(2026, 11, 30))
    near = NOW + timedelta(days=2)
    seen = banner_of(replace(PAID, card=card, ends_at=ends_at), Usage(3, 5), near)
    assert seen.verb == "Сменить карту"
