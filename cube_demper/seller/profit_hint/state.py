"""The profit at the min. price that is being typed, in the list and on a product's page."""

from __future__ import annotations

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError
from cube_demper.core.ids import find_id
from cube_demper.core.money import parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.profit_floors import GAP_WORDS, Gap
from cube_demper.domain.economics.shop import service as shop
from cube_demper.seller.pages.products.address import product_of
from cube_demper.seller.profit_hint.words import whole
from cube_demper.ui import session
from cube_demper.ui.format import percent
from cube_demper.ui.guards import guarded


class ProfitHintState(rx.State):
    """The hint of the one price that is being typed."""

    product_id: str = ""
    words: str = ""

    @guarded(Role.USER)
    async def of_row(self, product_id: str, text: str) -> None:
        """Say what a price typed in a row of the list would leave."""
        self.product_id, self.words = product_id, await _words(product_id, text)

    @guarded(Role.USER)
    async def of_page(self, text: str) -> None:
        """Say what a price typed on a product's page would leave."""
        product_id = str(product_of(self.router.url) or "")
        self.product_id, self.words = product_id, await _words(product_id, text)


async def _words(product_id: str, text: str) -> str:
    """Put the profit into words; a price that is not finished says nothing."""
    key = find_id(product_id)
    services = bootstrap.web()
    try:
        price = parse_tenge(text)
        if key is None or not price:
            return ""
        async with services.db.read() as tx:
            now, actor = services.clock.now(), session.current_actor()
            left = await shop.left_at(tx, actor, key, price, now)
    except DomainError:
        return ""  # half-typed, absurd or gone: what matters is told when it is saved
    if isinstance(left, Gap):
        return f"прибыль не посчитать: {GAP_WORDS[left]}"
    told = f"прибыль {whole(left.profit)} · {percent(left.margin)}"
    return told if left.is_sure else f"{told}, оценка"
