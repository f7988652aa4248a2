"""How one may pay here: what the operator has set up, and the saved cards."""

from __future__ import annotations

from cube_demper.core.settings import Settings
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import viewing
from cube_demper.domain.billing.papers import Side
from cube_demper.seller.pages.billing.choosing_rows import Means


def operator_of(settings: Settings) -> Side:
    """Return our own side of an invoice."""
    return Side(**settings.operator.model_dump())


async def means_of(tx: ReadTx, actor: Actor, settings: Settings) -> Means:
    """Return what works. Raises PermissionDenied for anybody but the seller."""
    return Means(
        has_card=settings.tiptoppay.is_on,
        has_bank=operator_of(settings).is_complete,
        has_kaspi=bool(settings.kaspi_transfer_to),
        cards=await viewing.list_cards(tx, actor),
    )
