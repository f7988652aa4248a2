"""What the payer reads on the gateway's page and in their bank. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cube_demper.models.billing import Payment, PaymentPurpose

_VERBS: Mapping[str, str] = MappingProxyType(
    {
        PaymentPurpose.SUBSCRIBE: "Тариф {plan} на 30 дней",
        PaymentPurpose.RENEW: "Продление тарифа {plan} на 30 дней",
        PaymentPurpose.UPGRADE: "Переход на тариф {plan}",
    }
)


def description(payment: Payment) -> str:
    """Say what is paid for: «Cube Demper. Тариф PRO на 30 дней»."""
    return f"Cube Demper. {_VERBS[payment.purpose].format(plan=payment.plan.upper())}"
