from __future__ import annotations

from dataclasses import replace

import pytest
from unit.domain.pricing.pricing_cases import (
    T0,
    choose,
    market,
    minutes,
    on_its_way,
    ours,
    product,
    resting,
    rival,
    stood,
    store,
    taken_back,
    tenge,
)

from cube_demper.domain.pricing.explain import explain, headline
from cube_demper.domain.pricing.schemas import (
    Action,
    Decision,
    Memory,
    Reason,
    RivalSeen,
    Strategy,
)

LOOKED = Memory(to_max_since=T0 - minutes(2))
TOP_3 = product(Strategy.STAY_TOP_N)
WIDE = product(min_price=100)

TEXTS: list[tuple[Reason, Decision, str, str]] = [
    (
        Reason.UNDERCUT,
        choose([ours(15200), rival(14990)]),
        "Снижаем до 14 989 ₸",
        "Конкурент „Alser“ 14 990 ₸, шаг 1 ₸ → 14 989 ₸",
    ),
    (
        Reason.RAISED_BEHIND_RIVAL,
        choose([ours(12000), rival(14990)], product(step=10)),
        "Поднимаем до 14 980 ₸",
        "Конкурент „Alser“ 14 990 ₸, шаг 10 ₸ → 14 980 ₸",
    ),
    (
        Reason.UNDERCUT,
        choose([ours(12000), rival(8500, "1"), rival(9000, "2"), rival(11500, "3")], TOP_3),
        "Снижаем до 11 499 ₸",
        "Цель — 3-е место. Конкурент „Alser“ 11 500 ₸, шаг 1 ₸ → 11 499 ₸",
    ),
    (
        Reason.RAISED_TO_CAP,
        choose([ours(12000), rival(30000)]),
        "Поднимаем до 20 000 ₸",
        "Конкурент „Alser“ 30 000 ₸, но потолок ниже (макс. цена 20 000 ₸) → 20 000 ₸",
    ),
    (
        Reason.PRICE_IS_RIGHT,
        choose([ours(14989), rival(14990)]),
        "Вы первые",
        "Конкурент „Alser“ 14 990 ₸, шаг 1 ₸. Цена 14 989 ₸ уже верная, менять её не нужно.",
    ),
    (
        Reason.PRICE_IS_RIGHT,
        choose([ours(12000), rival(30000)], product(max_price=None)),
        "Вы первые",
        (
            "Конкурент „Alser“ 30 000 ₸. Цена 12 000 ₸ уже на потолке (12 000 ₸: макс. цена не задана, "
            "взята цена при включении бота), менять её не нужно."
        ),
    ),
    (
        Reason.RAISED_TO_FLOOR,
        choose([ours(7000), rival(6000)]),
        "Поднимаем до 8 000 ₸",
        "Цена 7 000 ₸ ниже пола 8 000 ₸ (ваша мин. цена) → 8 000 ₸",
    ),
    (
        Reason.RAISED_TO_FLOOR,
        choose([ours(7000), rival(6000)], floor=9100),
        "Поднимаем до 9 100 ₸",
        "Цена 7 000 ₸ ниже пола 9 100 ₸ (ниже не останется мин. прибыли) → 9 100 ₸",
    ),
    (
        Reason.LOWERED_TO_CAP,
        choose([ours(25000), rival(24000)]),
        "Снижаем до 20 000 ₸",
        "Цена 25 000 ₸ выше потолка (макс. цена 20 000 ₸) → 20 000 ₸",
    ),
    (
        Reason.FLOOR_OVER_CAP,
        choose([ours(12000), rival(11000)], floor=25000),
        "Пол выше макс. цены",
        (
            "Пол 25 000 ₸ (ниже не останется мин. прибыли) выше макс. цены 20 000 ₸. Цена не меняется: "
            "снизьте мин. прибыль или поднимите макс. цену."
        ),
    ),
    (
        Reason.BOUNDS_MISSING,
        choose([ours(12000)], product(min_price=None, base_price=None)),
        "Не заданы границы цены",
        (
            "Не задана мин. цена, и неизвестно, с какой цены бот начинал. "
            "Цена не меняется: задайте мин. цену."
        ),
    ),
    (
        Reason.NOT_ON_SALE,
        choose(market()),
        "Товара нет в продаже",
        "В этом городе товар никто не предлагает, вашего предложения тоже нет. Бот ждёт.",
    ),
    (
        Reason.NOT_ON_SALE,
        choose([rival(11000)]),
        "Товара нет в продаже",
        (
            "Прочитаны все предложения в этом городе (1), вашего среди них нет. "
            "Бот ждёт, пока товар снова появится в продаже."
        ),
    ),
    (
        Reason.PRICE_UNKNOWN,
        choose(market(rival(11000), total=240), product(cabinet_price=None)),
        "Наша цена пока неизвестна",
        (
            "Предложений слишком много (240): вашего среди прочитанных нет, а цена в кабинете "
            "неизвестна. Цена не меняется."
        ),
    ),
    (
        Reason.BELOW_FLOOR_HOLD,
        choose([ours(12000), rival(8000)]),
        "Ниже пола не идём",
        (
            "Конкурент „Alser“ 8 000 ₸: чтобы быть дешевле, пришлось бы опуститься ниже пола 8 000 ₸ "
            "(ваша мин. цена). Цена 12 000 ₸ не меняется, ждём, пока конкурент поднимет свою."
        ),
    ),
    (
        Reason.BELOW_FLOOR_TO_FLOOR,
        choose([ours(9000), rival(7500)], product(Strategy.ALWAYS_FIRST)),
        "Снижаем до 8 000 ₸",
        (
            "Конкурент „Alser“ 7 500 ₸: чтобы быть дешевле, пришлось бы опуститься ниже пола "
            "(ваша мин. цена). Стратегия «Всегда первый» идёт до пола → 8 000 ₸"
        ),
    ),
    (
        Reason.AT_FLOOR,
        choose([ours(8000), rival(7500)], product(Strategy.ALWAYS_FIRST)),
        "Цена на полу",
        (
            "Конкурент „Alser“ 7 500 ₸. Цена 8 000 ₸ уже на полу (ваша мин. цена), "
            "ниже бот её не опустит."
        ),
    ),
    (
        Reason.ALONE_TO_MAX,
        choose([ours(12000)], memory=LOOKED),
        "Поднимаем до 20 000 ₸",
        "Конкурентов нет, проверено дважды → макс. цена 20 000 ₸",
    ),
    (
        Reason.ALONE_HOLD,
        choose([ours(12000)], product(max_price=None)),
        "Конкурентов нет",
        "Конкурентов нет. Макс. цена не задана, поэтому цена 12 000 ₸ не меняется.",
    ),
    (
        Reason.ALONE_TO_MAX,
        choose(
            [ours(12000), rival(9000), rival(9500, "20000002")],
            shop=store(excluded_merchant_ids=frozenset({"20000001", "20000002"})),
            memory=LOOKED,
        ),
        "Поднимаем до 20 000 ₸",
        (
            "Других предложений: 2, но ни одно из них вы не считаете конкурентом, "
            "проверено дважды → макс. цена 20 000 ₸"
        ),
    ),
    (
        Reason.ALONE_HOLD,
        choose([ours(20000)]),
        "Конкурентов нет",
        "Конкурентов нет. Цена 20 000 ₸ уже максимальная.",
    ),
    (
        Reason.FEWER_THAN_N_TO_MAX,
        choose([ours(12000), rival(9000)], TOP_3, memory=LOOKED),
        "Поднимаем до 20 000 ₸",
        "Конкурентов всего 1: 3-е место обеспечено при любой цене → макс. цена 20 000 ₸",
    ),
    (
        Reason.FEWER_THAN_N_HOLD,
        choose([ours(20000), rival(9000), rival(9500, "2")], TOP_3),
        "3-е место обеспечено",
        "Конкурентов всего 2: 3-е место обеспечено при любой цене. Цена 20 000 ₸ уже максимальная.",
    ),
    (
        Reason.RIVALS_UNREAD,
        choose(market(ours(12000), total=240)),
        "Прочитаны не все предложения",
        (
            "Предложений слишком много (240), прочитаны не все, и среди прочитанных конкурентов "
            "не хватает. Цена 12 000 ₸ не меняется."
        ),
    ),
    (
        Reason.WAITING_SECOND_LOOK,
        choose([ours(12000)]),
        "Проверим ещё раз",
        (
            "Похоже, конкурентов нет. Прежде чем поднять цену до 20 000 ₸, бот проверит ещё раз, "
            "не раньше 22 ноя, 14:01."
        ),
    ),
    (
        Reason.SUSPICIOUS_FALL,
        choose([ours(10000), rival(6999)], WIDE),
        "Нужно ваше согласие",
        (
            "Конкурент „Alser“ 6 999 ₸: цена 10 000 ₸ упала бы до 6 998 ₸, на 30,1 %. Без вашего "
            "согласия можно не больше чем на 30 %: возможно, конкурент ошибся. "
            "Цена не меняется, пока вы не согласитесь."
        ),
    ),
    (
        Reason.SUSPICIOUS_FALL,
        choose([ours(9000), rival(6001)], WIDE, memory=stood((600, 10000), (60, 9000))),
        "Нужно ваше согласие",
        (
            "Конкурент „Alser“ 6 001 ₸: цена 9 000 ₸ (обычная за сутки 10 000 ₸) упала бы до 6 000 ₸, "
            "на 40 %. Без вашего согласия можно не больше чем на 30 %: возможно, конкурент ошибся. "
            "Цена не меняется, пока вы не согласитесь."
        ),
    ),
    (
        Reason.PRICE_WAR,
        choose([ours(12000), rival(11990)], memory=resting(12500, until=T0 + minutes(9))),
        "Поднимаем до 12 500 ₸",
        (
            "Ценовая война: 5 снижений за 30 минут вслед за одним и тем же конкурентом „Alser“. "
            "Возвращаем 12 500 ₸ и делаем паузу на 2 часа."
        ),
    ),
    (
        Reason.WAR_REST,
        choose([ours(12500), rival(11990)], memory=resting(12500, until=T0 + minutes(90))),
        "Пауза после ценовой войны",
        "Пауза после ценовой войны до 22 ноя, 15:30: цена 12 500 ₸ пока не меняется.",
    ),
    (
        Reason.RETURNED_BY_SELLER,
        choose([ours(12000)], memory=taken_back(12500)),
        "Поднимаем до 12 500 ₸",
        "Вы вернули цену, которая была час назад: 12 500 ₸. Час после отправки бот её не меняет.",
    ),
    (
        Reason.RETURN_REST,
        choose([ours(12500), rival(11990)], memory=taken_back(12500)),
        "Пауза: вы вернули прежнюю цену",
        "Вы вернули цену 12 500 ₸: до 22 ноя, 15:00 бот её не меняет.",
    ),
    (
        Reason.PLAN_ENDED,
        replace(choose([ours(12000)], memory=taken_back(12500)), reason=Reason.PLAN_ENDED),
        "Поднимаем до 12 500 ₸",
        (
            "Тариф закончился, бот останавливается на цене, которую вы выбрали: 12 500 ₸. "
            "После оплаты он продолжит сам."
        ),
    ),
    (
        Reason.WAITING_CONFIRMATION,
        choose(
            [ours(12000), rival(11500)],
            memory=on_its_way(11499, sent=T0 - minutes(1), until=T0 + minutes(9)),
        ),
        "Ждём новую цену в витрине",
        (
            "Цена 11 499 ₸ уже отправлена, ждём её в витрине. "
            "Если её не будет до 22 ноя, 14:09, отправим ещё раз."
        ),
    ),
]


@pytest.mark.parametrize(("reason", "decision", "head", "text"), TEXTS)
def test_a_rule_is_told_in_its_own_words(
    reason: Reason, decision: Decision, head: str, text: str
) -> None:
    assert decision.reason is reason
    assert headline(decision).replace("\u00a0", " ") == head
    assert explain(decision).replace("\u00a0", " ") == text


def test_every_reason_has_its_example_above() -> None:
    assert {reason for reason, *_ in TEXTS} == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_a_decision_with_nothing_but_a_reason_is_still_told(reason: Reason) -> None:
    bare = Decision(Action.HOLD, reason, Strategy.STANDARD, 100)
    assert "None" not in headline(bare) + explain(bare)


def test_a_rival_without_a_name_is_called_by_its_number() -> None:
    decision = choose([ours(12000), rival(11000, "30000007", name=" ")])
    assert "№\u00a030000007" in explain(decision)


def test_a_fall_a_hair_over_the_limit_does_not_read_as_the_limit() -> None:
    decision = replace(
        choose([ours(100_000), rival(60_000)], product(min_price=100, max_price=None)),
        reason=Reason.SUSPICIOUS_FALL,
        target=tenge(69_999),
        reference=tenge(100_000),
        max_fall_percent=30,
        rival=RivalSeen("1", "Alser", tenge(70_000)),
    )
    assert "30,1\u00a0%" in explain(decision)
