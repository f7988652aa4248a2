"""SQL of clicks."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.partner_program import (
    ClickVerdict,
    PartnerClick,
    PartnerClickDay,
    PartnerLink,
)


async def count_of_visitor(tx: ReadTx, link_id: UUID, visitor: bytes, since: datetime) -> int:
    """Count the clicks of one visitor on one link since then."""
    count: int | None = await tx.scalar(
        select(func.count()).where(
            col(PartnerClick.link_id) == link_id,
            col(PartnerClick.visitor_hash) == visitor,
            col(PartnerClick.at) > since,
        )
    )
    return count or 0


async def count_up(
    tx: WriteTx, link: PartnerLink, day: date, verdict: ClickVerdict, clicks: int = 1
) -> None:
    """Add to the figures of an Almaty day. The row is shared by all visitors of it: call this last."""
    row = insert(PartnerClickDay).values(
        partner_id=link.partner_id, link_id=link.id, day=day, verdict=verdict, clicks=clicks
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=["link_id", "day", "verdict"],
            set_={"clicks": col(PartnerClickDay.clicks) + row.excluded.clicks},
        )
    )


async def find_click(tx: ReadTx, click_id: UUID, code: str) -> datetime | None:
    """Return when a click on the link with this code was made, unless it was no person's."""
    found: datetime | None = await tx.scalar(
        select(col(PartnerClick.at))
        .join(PartnerLink, col(PartnerLink.id) == col(PartnerClick.link_id))
        .where(
            col(PartnerClick.id) == click_id,
            col(PartnerLink.code) == code,
            col(PartnerClick.verdict).in_([ClickVerdict.COUNTED, ClickVerdict.REPEAT]),
        )
    )
    return found


async def delete_before(tx: WriteTx, before: datetime) -> None:
    """Delete old clicks."""
    await tx.execute(delete(PartnerClick).where(col(PartnerClick.at) < before))
