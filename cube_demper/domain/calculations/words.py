"""What fields and choices of the calculators are called: the same on forms, on paper and in files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.domain.calculators.schemas import DutyKind, Regime
from cube_demper.domain.economics.conditions import Delivery
from cube_demper.domain.rates.rows import Confidence, Payer
from cube_demper.models.calculations import CalculationKind

KINDS: Final[Mapping[CalculationKind, tuple[str, str]]] = {
    CalculationKind.UNIT: (
        "Юнит-экономика",
        "Что останется с одной продажи: комиссия, доставка, налог, прибыль.",
    ),
    CalculationKind.PENALTY: (
        "Неустойка по ст. 353 ГК РК",
        "Пеня за чужие деньги или по договору, с частичными оплатами.",
    ),
    CalculationKind.TAX_PENALTY: (
        "Пеня по налогам",
        "1,25 базовой ставки за каждый день просрочки налога.",
    ),
    CalculationKind.TAX: (
        "Налоги по режиму",
        "Упрощёнка, общий режим ИП и ТОО, НДС и соцплатежи за период.",
    ),
    CalculationKind.DUTY: (
        "Госпошлина и сборы",
        "Пошлина в суд с пределом в МРП, регистрация ИП и ТОО.",
    ),
}
"""Names and what each counts, in the order of the list."""

REGIMES: Final[Mapping[Regime, str]] = {
    Regime.IP_SIMPLIFIED: "ИП, упрощёнка",
    Regime.IP_GENERAL: "ИП, общий режим",
    Regime.TOO_SIMPLIFIED: "ТОО, упрощёнка",
    Regime.TOO_GENERAL: "ТОО, общий режим",
}
PAYERS: Final[Mapping[Payer, str]] = {
    Payer.PERSON: "Гражданин",
    Payer.IP: "ИП",
    Payer.TOO: "ТОО или другое юрлицо",
}
DUTIES: Final[Mapping[DutyKind, str]] = {
    DutyKind.PROPERTY: "Имущественный иск",
    DutyKind.NONPROPERTY: "Неимущественный иск",
    DutyKind.MIXED: "Иск имущественный и неимущественный",
    DutyKind.ORDER: "Судебный приказ",
    DutyKind.SPECIAL: "Особое производство или административный иск",
    DutyKind.AUTHORITY: "Жалоба на госорган",
    DutyKind.TAX_NOTICE: "Спор с уведомлением по налоговой проверке",
    DutyKind.LABOUR: "Иск о зарплате",
    DutyKind.DUPLICATE: "Дубликат исполнительного листа",
    DutyKind.COPY: "Повторная копия судебного акта",
    DutyKind.REGISTER_IP: "Регистрация ИП",
    DutyKind.REGISTER_TOO: "Регистрация ТОО",
    DutyKind.REGISTER_TOO_LARGE: "Регистрация крупного ТОО",
}
DELIVERIES: Final[Mapping[Delivery, str]] = {
    Delivery.CITY: "Kaspi по городу",
    Delivery.KAZAKHSTAN: "Kaspi по Казахстану",
    Delivery.EXPRESS: "Kaspi Express",
    Delivery.PICKUP: "Самовывоз",
    Delivery.OWN: "Своя доставка",
}
SURENESS: Final[Mapping[Confidence, str]] = {
    Confidence.HIGH: "точно",
    Confidence.MEDIUM_HIGH: "почти точно",
    Confidence.MEDIUM: "проверьте",
    Confidence.LOW: "ненадёжно",
}
LABELS: Final[Mapping[str, str]] = {
    "debt": "Долг",
    "due": "Последний день срока",
    "until": "Считать по день",
    "payments": "Частичные оплаты",
    "rate_on": "Ставка на день",
    "assume_last": "После конца таблицы — последняя известная ставка",
    "by_parts": "Ставка дня каждой оплаты",
    "rate_percent": "Своя годовая ставка, %",
    "contract": "По договору",
    "percent_per_day": "Пеня за день, %",
    "cap_percent": "Предел, % долга",
    "regime": "Режим",
    "on": "Ставки на день",
    "months": "Месяцев в периоде",
    "income": "Доход за период",
    "expenses": "Расходы за период",
    "region": "Город или район",
    "simplified_percent": "Своя ставка упрощёнки, %",
    "is_vat_payer": "На учёте по НДС",
    "purchase_vat": "НДС в закупках",
    "own_income": "Доход для соцплатежей в месяц",
    "has_opvr": "ОПВР (рождён после 01.01.1975)",
    "workers": "Работников",
    "wages": "Зарплаты без ОПВ и ВОСМС",
    "kind": "За что",
    "payer": "Кто платит",
    "amount": "Цена иска",
    "documents": "Документов",
    "pages": "Страниц",
    "is_cassation": "Кассационная жалоба",
    "is_consumer": "Иск потребителя",
    "price": "Цена",
    "cost": "Закупка",
    "category": "Категория Kaspi",
    "commission_percent": "Своя комиссия Kaspi с НДС, %",
    "is_kaspi_pay_on_top": "Kaspi Pay сверх комиссии",
    "surcharge_percent": "Доплата Kaspi, % цены",
    "delivery": "Доставка",
    "weight_kg": "Вес, кг",
    "own_delivery": "Цена своей доставки",
    "packaging": "Упаковка",
    "other": "Прочие расходы",
    "advertising": "Реклама на продажу",
    "advertising_percent": "Реклама, % цены",
    "bonus_percent": "Бонусы, % цены",
    "returns_percent": "Возвраты, % заказов",
    "return_loss_percent": "Теряется закупки на возврате, %",
    "tax_percent": "Своя ставка налога, %",
    "is_top_rate": "Доход ИП выше предела (15 %)",
    "cost_vat_percent": "НДС в счёте поставщика, %",
    "is_cost_deductible": "Закупка с документами",
    "wanted_margin_percent": "Желаемая маржа, %",
    "wanted_profit": "Желаемая прибыль",
}
MONEY: Final = frozenset(
    {
        "debt", "amount", "income", "expenses", "purchase_vat", "own_income", "wages", "price",
        "cost", "own_delivery", "packaging", "other", "advertising", "wanted_profit",
    }
)  # fmt: skip
"""Fields that are sums in tenge."""
