"""Plans and the price that is about to be set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time
from typing import Any

import reflex as rx

from admin.asking import Question
from admin.pages.plans.rows import PlanCard, PriceRow, plan_card, price_row
from cube_demper import bootstrap
from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.core.money import format_tenge, parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import prices
from cube_demper.domain.billing import service as billing
from cube_demper.models.billing import Plan
from cube_demper.ui import session, toasts
from cube_demper.ui.dangerous import dangerous
from cube_demper.ui.format import day
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads


class PlansState(PageMixin, FormErrors, rx.State):
    """The plans, their dated prices, the form and the questions."""

    plans: list[PlanCard] = []
    rows: list[PriceRow] = []
    plan: str = ""
    """Of which a price is being set; empty: none."""
    today: str = ""
    question: Question = Question()
    _wish: tuple[int, str] = (0, "")

    @loads(Role.ADMIN)
    async def load(self) -> None:
        """Read everything."""
        await self._load()

    async def _load(self) -> None:
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.read() as tx:
            offers = await billing.plans(tx)
            holders = await prices.count_holders(tx, actor)
            history = await prices.history(tx, actor)
        self.plans = [plan_card(it, holders.get(it.plan, (0, 0))) for it in offers.values()]
        self.rows = [price_row(it, now) for it in history]
        self.today, self.phase = now.astimezone(ALMATY).date().isoformat(), "ready"

    @guarded(Role.ADMIN)
    async def begin(self, plan: str) -> None:
        """Open the form of a plan's price."""
        self.errors, self.is_busy, self.plan = {}, False, plan

    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Close the form and the question."""
        self.plan, self.question = "", Question()

    @guarded(Role.ADMIN)
    async def check(self, form: dict[str, str]) -> None:
        """Say what the price will change and what it will not."""
        self.errors = {}
        price = parse_tenge(form.get("price", ""), field="price")
        begins_at = _moment(form.get("begins", ""))
        card = next(it for it in self.plans if it.code == self.plan)
        self._wish = (price, form["begins"])
        self.question = Question(
            deed="set",
            id=self.plan,
            title=f"{card.title}: {format_tenge(price)} с {day(begins_at)}?",
            text="Купленное не меняется: кто платит сейчас, продлевает по своей прежней цене.",
            confirm="Задать цену",
            facts=[
                ("Сейчас", card.price),
                ("Станет", f"{format_tenge(price)} за 30 дней"),
                ("Платят и сохранят цену", card.people),
            ],
        )

    @guarded(Role.ADMIN)
    async def ask_cancel(self, price_id: str) -> None:
        """Ask before taking a planned price back."""
        row = next(it for it in self.rows if it.id == price_id)
        self.question = Question(
            deed="cancel",
            id=row.id,
            title=f"Отменить цену {row.plan} с {row.begins}?",
            text="Тариф останется по нынешней цене.",
            confirm="Отменить цену",
            facts=[("Была запланирована", row.price)],
        )

    @dangerous(Role.ADMIN)
    async def confirm(self) -> AsyncIterator[Any]:
        """Set the price, or take it back."""
        services, actor, it = bootstrap.web(), session.current_actor(), self.question
        async with services.db.write() as tx:
            if it.deed == "set":
                price, begins = self._wish
                await prices.plan(
                    tx, actor, Plan(it.id), price, _moment(begins), now=services.clock.now()
                )
                done = "Цена задана"
            else:
                await prices.cancel(tx, actor, read_id(it.id))
                done = "Цена отменена"
        self.plan, self.question = "", Question()
        await self._load()
        yield toasts.done(done)


def _moment(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), ALMATY)
    except ValueError:
        raise InvalidInput("Выберите день.", field="begins") from None
