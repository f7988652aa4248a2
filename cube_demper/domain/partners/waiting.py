"""What waits for the operator: requests for money, and commissions that a person has to look at."""

from __future__ import annotations

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.partners import money_queries, payout_queries
from cube_demper.domain.partners.people import OPERATORS
from cube_demper.domain.partners.schemas import Queue, Waiting
from cube_demper.models.partner_program import PayoutStatus


async def count_waiting(tx: ReadTx, actor: Actor) -> Waiting:
    """Count what waits and since when, for the doctor and the operator's first page.

    Raises PermissionDenied.
    """
    if actor.role not in OPERATORS:
        raise PermissionDenied
    return Waiting(
        requested=Queue(*await payout_queries.count_in(tx, PayoutStatus.REQUESTED)),
        approved=Queue(*await payout_queries.count_in(tx, PayoutStatus.APPROVED)),
        doubted=Queue(*await money_queries.count_doubted(tx)),
    )
