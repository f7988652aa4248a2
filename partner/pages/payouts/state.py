"""A page of payouts, and the request with its numbers said before it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidFields, InvalidInput
from cube_demper.core.money import format_tenge, parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.partners import door, payouts, reading
from cube_demper.domain.partners import service as partners
from cube_demper.domain.partners.payee import Payee, read_payee
from cube_demper.domain.partners.reading import PAGE_SIZE, Page
from cube_demper.domain.partners.schemas import Balance
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.query import ListQuery
from partner.listing import PartnerList
from partner.pages.payouts.rows import PayoutView, Wallet, payout_view, wallet


@dataclass
class _Found:
    page: Page
    balance: Balance
    least: int
    payee: Payee | None


class PayoutsState(PartnerList, FormErrors, rx.State):
    """The list, the money and the request."""

    _concern: ClassVar[frozenset[str]] = frozenset({"money"})

    rows: list[PayoutView] = []
    wallet: Wallet = Wallet()
    is_asking: bool = False
    is_naming: bool = False
    """The form asks for an account, and not for the sum alone."""

    def _put_away(self) -> None:
        self.is_asking = False

    async def _read(self, asked: ListQuery) -> _Found:
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.read() as tx:
            rows, total = await payouts.listing(tx, actor, page=asked.page, size=PAGE_SIZE)
            return _Found(
                Page(rows, {"": total}, asked.page, total),
                await reading.balance(tx, actor),
                (await partners.terms(tx, now)).min_payout,
                await payouts.known_payee(tx, actor, services.secrets),
            )

    def _show(self, found: Any) -> None:
        now = bootstrap.web().clock.now()
        self.wallet = wallet(found.balance, found.least, found.payee)
        self._show_page(found.page, "", [payout_view(it, now) for it in found.page.rows])

    @guarded(Role.PARTNER)
    async def begin(self) -> None:
        """Open the form, with the whole sum and the last account."""
        self.errors, self.is_busy, self.is_asking = {}, False, True
        self.is_naming = not self.wallet.account

    @guarded(Role.PARTNER)
    async def name_account(self) -> None:
        """Ask for another account."""
        self.errors, self.is_naming = {}, True

    @guarded(Role.PARTNER)
    async def cancel(self) -> None:
        """Put the form away."""
        self.is_asking = False

    @guarded(Role.PARTNER)
    async def submit(self, form: dict[str, str]) -> AsyncIterator[Any]:
        """Ask for the money."""
        self.errors, self.is_busy = {}, True
        yield None
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.write() as tx:
            known = await payouts.known_payee(tx, actor, services.secrets)
            amount, payee = _checked(form, None if self.is_naming else known)
            is_other = known is not None and payee != known
            if is_other:
                await door.prove(
                    tx,
                    actor,
                    form.get("password", ""),
                    visitor=session.visitor(self),
                    attempts=session.attempts(),
                    now=now,
                )
            await payouts.request(
                tx, actor, amount, payee, secrets=services.secrets, now=now, is_proven=is_other
            )
        self.is_asking, self.is_busy = False, False
        self._show(await self._read(self._asked()))
        yield toasts.done(f"Заявка на {format_tenge(amount)} подана")


def _checked(form: dict[str, str], known: Payee | None) -> tuple[int, Payee]:
    """Read the form; `known`: the account, where it asks for none.

    Raises InvalidFields with everything that is wrong in it.
    """
    faults: dict[str, str] = {}
    amount, payee = 0, known or Payee("", "", "")
    try:
        amount = parse_tenge(form.get("amount", ""), field="amount")
    except InvalidInput as error:
        faults |= error.faults
    try:
        if known is None:
            payee = read_payee(form.get("name", ""), form.get("tax_id", ""), form.get("iban", ""))
    except InvalidInput as error:
        faults |= error.faults
    if faults:
        raise InvalidFields(faults)
    return amount, payee
