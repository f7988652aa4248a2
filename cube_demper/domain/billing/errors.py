"""What may go wrong with money, each by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.core.errors import Conflict, LimitReached, NotFound, Refused
from cube_demper.domain.billing.schemas import Feature
from cube_demper.models.billing import Plan

WORDS: Final[Mapping[Feature, str]] = {
    Feature.MONITORING: "Наблюдение за ценами",
    Feature.REPRICING: "Бот, который меняет цены",
    Feature.WHATSAPP: "WhatsApp",
    Feature.PRIORITY_SUPPORT: "Приоритетная поддержка",
    Feature.ANALYTICS: "Аналитика",
    Feature.AI: "ИИ-помощники",
    Feature.INTEGRATIONS: "Интеграции",
}
"""What a seller reads for each feature."""


class PlanLacks(LimitReached):
    """Этого нет в вашем тарифе."""

    code = "plan_lacks"

    def __init__(self, feature: Feature, cheapest_plan: Plan) -> None:
        """`cheapest_plan`: the cheapest one sold that gives the feature."""
        self.feature = feature
        self.cheapest_plan = cheapest_plan
        super().__init__(f"{WORDS[feature]}: доступно с тарифа {cheapest_plan.upper()}.")


class NoSuchPayment(NotFound):
    """Такого платежа нет."""

    code = "no_such_payment"


class WrongSum(Conflict):
    """Сумма не та, что в счёте."""

    code = "wrong_sum"


class TestPayment(Conflict):
    """Платёж тестовый: тариф он не включает."""

    __test__ = False  # pytest takes any class of this name for tests
    code = "test_payment"


class PaymentClosed(Conflict):
    """Этот счёт закрыт: оплатите новый."""

    code = "payment_closed"


class BeingGivenBack(Conflict):
    """Деньги за нынешний тариф возвращаются. Когда возврат пройдёт, выберите тариф заново."""

    code = "being_given_back"


class AnothersTransaction(Conflict):
    """Эта операция уже записана за другим платежом."""

    code = "anothers_transaction"


class GatewayRefused(Refused):
    """Платёжный сервис отказал."""

    code = "gateway_refused"
