"""The panel of one payment: confirming a transfer, giving money back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from typing import Any

import reflex as rx

from admin.pages.payments.rows import PaymentView, payment_view
from admin.pages.payments.state import PaymentsState
from cube_demper import bootstrap
from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import format_tenge, parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import administration, operating
from cube_demper.domain.billing.operating import Transfer
from cube_demper.models.billing import PaymentMethod
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.guards import FormErrors, guarded


class PaymentPanel(FormErrors, rx.State):
    """One payment; `?invoice=…` in the address opens it. `form`: «confirm», «refund» or none."""

    payment: PaymentView = PaymentView()
    form: str = ""

    @guarded(Role.ADMIN)
    async def follow(self) -> None:
        """Open the payment that the address names, or none."""
        asked = self.router.url.query_parameters.get("invoice", "")
        self.form = ""
        self.payment = await _read(asked) if asked else PaymentView()

    @guarded(Role.ADMIN)
    async def open_payment(self, invoice: str) -> None:
        """Show one payment."""
        self.payment = await _read(invoice)

    @guarded(Role.ADMIN)
    async def close_payment(self) -> None:
        """Put the panel away."""
        self.payment = PaymentView()

    @guarded(Role.ADMIN)
    async def begin(self, form: str) -> None:
        """Open a form with its numbers said."""
        self.errors, self.is_busy, self.form = {}, False, form

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the form."""
        self.form = ""

    @dangerous(Role.ADMIN)
    async def confirm(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Take in a transfer that stands on a statement."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        services = bootstrap.web()
        now = services.clock.now()
        transfer = _transfer(self.payment.id, form, now)
        async with services.db.write() as tx:
            line = await operating.confirm(tx, session.current_actor(), transfer, now)
        await self._after()
        yield PaymentsState.refresh
        yield toasts.done(f"{line.invoice_id}: {format_tenge(line.amount)} приняты, {line.words}")

    @dangerous(Role.ADMIN)
    async def refund(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Give money back, all or a part."""
        self.errors, self.is_busy = {"form": ""}, True
        yield None
        reason = form.get("reason", "").strip()[:300]
        if not reason:
            raise InvalidInput("Напишите причину: она останется в журнале.", field="reason")
        services = bootstrap.web()
        async with services.db.write() as tx:
            words = await operating.give_back(
                tx,
                session.current_actor(),
                self.payment.id,
                services.clock.now(),
                amount=parse_tenge(form.get("amount", ""), field="amount"),
                reason=reason,
            )
        await self._after()
        yield PaymentsState.refresh
        yield toasts.done(words)

    async def _after(self) -> None:
        self.form, self.is_busy = "", False
        self.payment = await _read(self.payment.id)


def _transfer(invoice: str, form: dict[str, str], now: datetime) -> Transfer:
    """Read the form. Raises InvalidInput for the field at fault."""
    amount = parse_tenge(form.get("amount", ""), field="amount")
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        raise InvalidInput("Выберите день, которым перевод стоит в выписке.", field="day") from None
    if day > now.astimezone(ALMATY).date():
        raise InvalidInput("Этот день ещё не наступил.", field="day")
    is_kaspi = form.get("method") == PaymentMethod.KASPI_TRANSFER
    return Transfer(
        invoice_id=invoice,
        amount=amount,
        method=PaymentMethod.KASPI_TRANSFER if is_kaspi else PaymentMethod.BANK_INVOICE,
        at=min(datetime.combine(day, time(12), ALMATY).astimezone(UTC), now),
        reference=form.get("reference", "").strip()[:80],
    )


async def _read(invoice: str) -> PaymentView:
    services = bootstrap.web()
    async with services.db.read() as tx:
        card = await administration.get_card(tx, session.current_actor(), invoice)
    return payment_view(card, services.clock.now())
