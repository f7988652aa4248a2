"""Orders that arrive while the page is open: how many, which, and words about them."""

from __future__ import annotations

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import NotFound
from cube_demper.core.ids import find_id
from cube_demper.core.money import format_tenge
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.orders import listing, taking
from cube_demper.seller.pages.orders.doing_state import DoingState, Question
from cube_demper.seller.pages.orders.rows import PanelView
from cube_demper.seller.pages.orders.selection_state import SelectionQuestion, SelectionState
from cube_demper.seller.pages.orders.state import OrdersState
from cube_demper.ui import session
from cube_demper.ui.format import counted
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin
from cube_demper.ui.toasts import told

_KEPT = 200


class ArrivalsState(LiveMixin, rx.State):
    """What has come since the page was opened. `count` only grows: each growth sounds once."""

    count: int = 0
    ids: list[str] = []

    @guarded(Role.USER)
    async def load(self) -> None:
        """Begin with nothing new and nothing open: a tab that comes back keeps its states."""
        self._about_to_read()
        (await self.get_state(OrdersState)).panel = PanelView()
        (await self.get_state(DoingState)).question = Question()
        (await self.get_state(SelectionState)).question = SelectionQuestion()
        self.count, self.ids = 0, []

    async def _changed(self, events: list[BrowserEvent]) -> rx.event.EventSpec | None:
        arrived = [it.id for it in events if it.kind == taking.ARRIVED]
        if not arrived:
            return None
        words = await _words(arrived)
        async with self:
            self.ids = [*arrived, *self.ids][:_KEPT]
            self.count += len(arrived)
        return told(words)


async def _words(arrived: list[str]) -> str:
    order_id = find_id(arrived[0]) if len(arrived) == 1 else None
    if order_id is not None:
        services = bootstrap.web()
        try:
            async with services.db.read() as tx:
                order = await listing.get_order(
                    tx, session.current_actor(), order_id, secrets=services.secrets
                )
        except NotFound:
            return "Новый заказ"
        return f"Новый заказ {order.row.kaspi_order_code} на {format_tenge(order.row.total_price)}"
    return counted(len(arrived), "новый заказ", "новых заказа", "новых заказов")
