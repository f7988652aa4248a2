"""Choosing a plan: `?plan=pro` opens the dialog, so a link buys in one click and «back» closes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import charging, papers, payments, subscribing
from cube_demper.domain.billing.charging import ChargeState
from cube_demper.domain.billing.errors import BeingGivenBack
from cube_demper.domain.billing.schemas import Quote
from cube_demper.models.billing import PaymentMethod, PaymentStatus, Plan
from cube_demper.models.invoices import PaperKind
from cube_demper.seller.pages.billing.choosing_reading import Choice, read_choice
from cube_demper.seller.pages.billing.choosing_rows import Offer, WayRow, first_way
from cube_demper.seller.pages.billing.goods_rows import GoodsRow
from cube_demper.seller.pages.billing.means import operator_of
from cube_demper.seller.pages.billing.requisites_rows import RequisitesRow, save_requisites
from cube_demper.seller.pages.billing.state import BillingState
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded

_SAVED = "saved:"


class ChoosingState(FormErrors, rx.State):
    """The dialog."""

    offer: Offer = Offer()
    ways: list[WayRow] = []
    way: str = ""
    use_balance: bool = True
    losing: list[GoodsRow] = []
    requisites: RequisitesRow = RequisitesRow()
    _shown: Quote | None = None
    _charged: UUID | None = None
    """A payment of one's own that a saved card is to pay; never named by the browser."""

    @guarded(Role.USER)
    async def follow(self) -> Any:
        """Open what the address asks for, or close."""
        code = self.router.url.query_parameters.get("plan", "")
        self.errors = {"form": ""}
        self.is_busy = False
        if code not in {it.value for it in Plan if it is not Plan.FREE}:
            self.offer = Offer()
            return None
        if session.current_actor().acts_for is not None:
            return toasts.failed("Тариф выбирает и оплачивает владелец кабинета.")
        self.use_balance = True
        try:
            self._show(await read_choice(Plan(code), use_balance=True))
        except (InvalidInput, BeingGivenBack) as error:  # paid for already, or not to be bought now
            self.offer = Offer()
            return toasts.failed(error.message)
        self.way = first_way(self.ways)
        return None

    @guarded(Role.USER)
    async def choose_way(self, code: str) -> None:
        """Choose how to pay."""
        self.way = code
        self.errors = {"form": ""}

    @guarded(Role.USER)
    async def switch_balance(self, is_on: bool) -> None:
        """Pay a part from the balance, or not."""
        self.use_balance = is_on
        self._show(await read_choice(Plan(self.offer.code), use_balance=is_on))

    @guarded(Role.USER)
    async def close(self) -> Any:
        """Leave everything as it is."""
        self.offer = Offer()
        tab = self.router.url.query_parameters.get("tab", "")
        return rx.redirect(f"/billing?tab={quote(tab)}" if tab else "/billing", replace=True)

    @guarded(Role.USER)
    async def agree(self, form: dict[str, Any]) -> Any:
        """Do what the dialog says: pay now, or change at the period's end."""
        if not self.offer.code:  # the second press of two
            return
        self.errors = {"form": ""}
        self.is_busy = True
        yield
        try:
            said = await (self._change_later() if self.offer.is_later else self._pay(form))
        except Conflict:
            self._show(await read_choice(Plan(self.offer.code), use_balance=self.use_balance))
            raise  # with the new sum in sight
        self.offer, self.is_busy = Offer(), False
        yield rx.redirect("/billing", replace=True)
        yield BillingState.refresh
        if said:
            yield toasts.done(said)
        elif self._charged is not None:
            yield ChoosingState.charge
        elif self.way == PaymentMethod.CARD:
            yield BillingState.open_link

    @guarded(Role.USER, background=True)
    async def charge(self) -> Any:
        """Charge the saved card that was chosen; how it ended, the page learns from the payment."""
        async with self:
            payment_id, self._charged = self._charged, None
        if payment_id is None:
            return
        async with bootstrap.open_till(bootstrap.web()) as till:
            how = await charging.charge(till, session.current_actor(), payment_id)
        if how is ChargeState.LATER:
            yield toasts.failed(
                "Платёжный сервис не отвечает. Деньги не списаны, попробуем ещё раз сами."
            )

    async def _change_later(self) -> str:
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            plan = Plan(self.offer.code)
            await subscribing.change_at_period_end(tx, actor, plan, services.clock.now())
        return f"{self.offer.verb.removeprefix('Перейти ').capitalize()} будет {plan.upper()}"

    async def _pay(self, form: dict[str, Any]) -> str:
        services, actor = bootstrap.web(), session.current_actor()
        method, card_id = _method_of(self.way, is_asked=self.offer.asks_way)
        async with services.db.write() as tx:
            if method is PaymentMethod.BANK_INVOICE:
                await save_requisites(tx, actor, form)
            payment = await payments.begin(
                tx,
                actor,
                Plan(self.offer.code),
                method,
                services.clock.now(),
                use_balance=self.use_balance,
                card_id=card_id,
                shown=self._shown,
            )
            if method is PaymentMethod.BANK_INVOICE and payment.status == PaymentStatus.CREATED:
                await _issue(tx, actor, payment.id)
        self._charged = payment.id if card_id is not None else None
        return "Оплачено с баланса" if payment.status == PaymentStatus.PAID else ""

    def _show(self, choice: Choice) -> None:
        self.offer, self.ways = choice.offer, choice.ways
        self.losing, self.requisites = choice.losing, choice.requisites
        self._shown = choice.quote


async def _issue(tx: WriteTx, actor: Actor, payment_id: UUID) -> None:
    services = bootstrap.web()
    operator, now = operator_of(services.settings), services.clock.now()
    await papers.issue(tx, actor, payment_id, now, kind=PaperKind.INVOICE, operator=operator)


def _method_of(way: str, *, is_asked: bool) -> tuple[PaymentMethod, UUID | None]:
    if not is_asked:
        return PaymentMethod.BALANCE, None
    if way.startswith(_SAVED):
        return PaymentMethod.CARD, read_id(way.removeprefix(_SAVED))
    if way not in {it.value for it in PaymentMethod} or way == PaymentMethod.BALANCE:
        raise InvalidInput("Выберите, как оплатить.", field="form")
    return PaymentMethod(way), None
