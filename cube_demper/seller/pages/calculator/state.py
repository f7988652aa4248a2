"""A calculator of law: what is asked, what came out."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.clock import ALMATY
from cube_demper.core.ids import find_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.calculations import service as calculations
from cube_demper.domain.calculations.schemas import Draft
from cube_demper.domain.calculations.words import KINDS
from cube_demper.domain.calculators.reading import WrongCase
from cube_demper.domain.rates.errors import NoRate
from cube_demper.models.calculations import CalculationKind
from cube_demper.seller.calculations.fields import mistakes, remembered
from cube_demper.seller.calculations.state import kind_of, put
from cube_demper.seller.pages.calculator.cases import Case, blank, case_of, form_of
from cube_demper.seller.pages.calculator.misses import field_of, names_of
from cube_demper.seller.pages.calculator.rows import (
    LawAnswer,
    Offer,
    PaymentRow,
    answer_of,
    offer_of,
)
from cube_demper.ui import session
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads

_MOST_PAYMENTS = 50


class LawState(FormErrors, PageMixin, rx.State):
    """The form and its answer; `which` is empty where there is no such calculator.

    `known`: until when the tables reach; `version` changes when the form must begin with other values.
    """

    which: str = ""
    title: str = ""
    values: dict[str, str] = {}
    payments: list[PaymentRow] = []
    answer: LawAnswer = LawAnswer()
    offer: Offer = Offer()
    known: str = ""
    version: int = 0
    _next: int = 0

    @loads(Role.USER)
    async def load(self) -> None:
        """Begin a form, or open the kept calculation that the address names."""
        url = self.router.url
        kind = kind_of(url.path.rstrip("/").rpartition("/")[2])
        self.errors, self.is_busy, self.answer = {"form": ""}, False, LawAnswer()
        self.offer, self.known = Offer(), ""
        self.which, self.title = (kind.value, KINDS[kind][0]) if kind else ("", "")
        self.values, self.payments = blank(kind, _today()) if kind else {}, []
        saved_id = find_id(url.query_parameters.get("saved", ""))
        await put(self, None, saved_id="")
        if kind is not None:
            async with bootstrap.web().db.read() as tx:
                self.known = await calculations.reach(tx, session.current_actor(), kind)
        if kind is not None and saved_id is not None:
            await self._open(kind, saved_id)
        self.phase = "ready"

    @guarded(Role.USER)
    async def count(self, form: dict[str, Any]) -> None:
        """Count what the form asks."""
        self.values = remembered(form)
        await self._count_form()

    @guarded(Role.USER)
    async def count_known(self) -> None:
        """Count on the last day that the tables know."""
        if self.offer.field:
            await self._count_with(self.offer.field, self.offer.last)

    @guarded(Role.USER)
    async def assume(self) -> None:
        """Count by what the tables know last, as an assumption."""
        await self._count_with("assume_last", "on")

    @guarded(Role.USER)
    async def choose(self, name: str, value: str) -> None:
        """Ask what fits the choice; the rest of the form stays as it is typed."""
        if name in {"way", "regime", "kind", "payer", "is_vat_payer"}:
            self.values = {**self.values, name: value[:40]}

    @guarded(Role.USER)
    async def add_payment(self) -> None:
        """Add a row for a partial payment."""
        if len(self.payments) < _MOST_PAYMENTS:
            self._next += 1
            self.payments = [*self.payments, PaymentRow(str(self._next))]

    @guarded(Role.USER)
    async def drop_payment(self, row_id: str) -> None:
        """Take a row of a partial payment away."""
        self.payments = [it for it in self.payments if it.id != row_id]

    async def _count_with(self, name: str, value: str) -> None:
        self.values = {**self.values, name: value}
        typed = self.values
        self.payments = [
            PaymentRow(it.id, typed.get(f"paid_on_{it.id}", ""), typed.get(f"paid_{it.id}", ""))
            for it in self.payments
        ]
        self.version += 1
        await self._count_form()

    async def _count_form(self) -> None:
        self.errors = {"form": ""}
        kind = CalculationKind(self.which)
        case = case_of(kind, self.values, [it.id for it in self.payments])
        await self._count(kind, case)
        if self.answer.total:
            await put(self, Draft(kind, _title(kind, self.answer), case))

    async def _count(self, kind: CalculationKind, case: Case) -> None:
        self.answer, self.offer = LawAnswer(), Offer()
        rows = [it.id for it in self.payments]
        try:
            async with bootstrap.web().db.read() as tx:
                result = await calculations.count_law(tx, session.current_actor(), kind, case)
        except WrongCase as refused:
            self.errors = mistakes(refused, names_of(kind, case, rows))
        except NoRate as missing:
            where = field_of(kind, case, missing)
            self.errors = {"form": "", where: missing.message}
            self.offer = offer_of(missing, where)
        else:
            self.answer = answer_of(result)

    async def _open(self, kind: CalculationKind, saved_id: Any) -> None:
        async with bootstrap.web().db.read() as tx:
            saved = await calculations.get_kept(tx, session.current_actor(), saved_id)
        self.values, paid = form_of(saved.input, _today())
        self._next = len(paid)
        rows = enumerate(paid, start=1)
        self.payments = [PaymentRow(str(at), it["on"], str(it["amount"])) for at, it in rows]
        await self._count(kind, dict(saved.input))
        draft = Draft(kind, saved.row.title, saved.input)
        await put(self, draft, saved_id=str(saved_id))


def _today() -> str:
    return bootstrap.web().clock.now().astimezone(ALMATY).date().isoformat()


def _title(kind: CalculationKind, answer: LawAnswer) -> str:
    return f"{KINDS[kind][0]}: {answer.total}"
