"""Sellers of the card that count, or do not, by name: each choice is taken back with one press."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.seller.pages.product.reading import write
from cube_demper.seller.pages.products.address import product_of
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded

_ACTS: dict[str, tuple[Any, str, str]] = {
    "exclude": (catalog.exclude_rival, "«{name}» больше не учитывается на этом товаре", "include"),
    "include": (catalog.include_rival, "«{name}» снова учитывается", "exclude"),
    "follow": (
        catalog.follow_only,
        "Бот смотрит только на выбранных: «{name}» среди них",
        "unfollow",
    ),
    "unfollow": (catalog.unfollow, "«{name}» больше не среди выбранных", "follow"),
}


class SellerState(rx.State):
    """Choices about one seller on the page's product."""

    @guarded(Role.USER)
    async def choose(self, act: str, merchant_id: str, name: str) -> Any:
        """Leave a seller out, follow them alone, or undo either."""
        if act not in _ACTS:
            raise InvalidInput
        call, words, back = _ACTS[act]
        product_id = UUID(str(product_of(self.router.url)))
        await write(call, session.current_actor(), product_id, merchant_id)
        undo = SellerState.choose(back, merchant_id, name)
        return toasts.undo(words.format(name=name), undo)
