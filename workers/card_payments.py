"""What the billing worker does over TipTopPay: charges, refunds, lost answers, early webhooks."""

from __future__ import annotations

from uuid import UUID

from structlog import get_logger

from cube_demper.bootstrap import Services, build_till
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import charging, refunding

_log = get_logger()


class CardPayments:
    """See `workers.billing.Cards`."""

    def __init__(self, services: Services) -> None:
        """Take cards at the terminal of these settings. Raises ConfigurationError without its keys."""
        self._till = build_till(services)

    async def charge(self, payment_id: UUID) -> None:
        """Charge an open payment, or find out what became of it."""
        state = await charging.charge_or_learn(self._till, SYSTEM, payment_id)
        _log.info("card_charged", payment_id=str(payment_id), state=state)

    async def send_refund(self, refund_id: UUID) -> None:
        """Send a refund, or the same once more while that is the same refund."""
        state = await refunding.send_refund(self._till, SYSTEM, refund_id)
        _log.info("refund_sent", refund_id=str(refund_id), state=state)

    async def sweep(self) -> None:
        """Look lost charges of closed payments up, apply webhooks that waited."""
        found = await charging.reconcile_all(self._till, SYSTEM)
        found += await charging.apply_waiting(self._till, SYSTEM)
        if found:
            _log.info("card_payments_swept", found=found)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._till.gateway.aclose()
