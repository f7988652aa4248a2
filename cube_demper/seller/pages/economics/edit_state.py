"""A product's cost, edited where it stands."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError, InvalidInput
from cube_demper.core.money import NBSP, TIYN_IN_TENGE
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.costs import service as costs
from cube_demper.seller.pages.economics.state import EconomicsState
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.inline_editor import EditsMixin


class CostEditState(EditsMixin, rx.State):
    """Inline edits of costs."""

    @guarded(Role.USER)
    async def save(self, product_id: str, text: str) -> Any:
        """Keep a cost typed by hand; blank: not known."""
        services = bootstrap.web()
        try:
            cost = read_cost(text)
            async with services.db.write() as tx:
                now, actor = services.clock.now(), session.current_actor()
                await costs.set_cost(tx, actor, UUID(product_id), cost, now)
        except DomainError as error:
            self._refused(f"{product_id}:cost", error)
            return None
        self._saved(f"{product_id}:cost")
        return EconomicsState.refresh


def read_cost(text: str) -> int | None:
    """Read tenge, perhaps with tiyn («1 250,50»); blank is None. Raises InvalidInput."""
    clean = text.replace(NBSP, "").replace(" ", "").replace("₸", "").replace(",", ".")
    if not clean:
        return None
    try:
        tiyn = Decimal(clean) * TIYN_IN_TENGE
    except InvalidOperation:
        raise InvalidInput("Введите сумму цифрами, например 12 990.", field="cost") from None
    if not tiyn.is_finite() or tiyn != tiyn.to_integral_value():
        raise InvalidInput("Сумма не точнее тиына.", field="cost")
    return int(tiyn)
