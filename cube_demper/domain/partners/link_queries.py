"""SQL of links and of what came by each."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, text
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.partners.schemas import LinkRow
from cube_demper.models.partner_program import PartnerLink

# Each table is gone through once for the whole partner: link by link it took ten times as long.
_LINKS: Final = text(
    """
    WITH clicks AS (
        SELECT link_id, sum(clicks)::bigint AS clicks FROM partner_click_days
        WHERE partner_id = :partner AND verdict = 'counted'
        GROUP BY link_id
    ), money AS (
        SELECT lead_id, bool_or(kind = 'commission') AS has_paid,
            sum(amount) FILTER (WHERE status <> 'denied') AS earned
        FROM partner_transactions
        WHERE partner_id = :partner AND lead_id IS NOT NULL
        GROUP BY lead_id
    ), people AS (
        SELECT d.link_id, count(*) AS leads, count(*) FILTER (WHERE m.has_paid) AS paying,
            sum(m.earned)::bigint AS earned
        FROM partner_leads d LEFT JOIN money m ON m.lead_id = d.id
        WHERE d.partner_id = :partner
        GROUP BY d.link_id
    )
    SELECT k.id, k.code, k.campaign, coalesce(c.clicks, 0) AS clicks, coalesce(p.leads, 0) AS leads,
        coalesce(p.paying, 0) AS paying, coalesce(p.earned, 0) AS earned,
        k.archived_at IS NOT NULL AS is_archived
    FROM partner_links k
    LEFT JOIN clicks c ON c.link_id = k.id
    LEFT JOIN people p ON p.link_id = k.id
    WHERE k.partner_id = :partner
    ORDER BY is_archived, k.created_at, k.id
    LIMIT :most
    """
).bindparams(bindparam("partner", type_=Uuid()))


async def list_links(tx: ReadTx, partner_id: UUID, most: int) -> list[LinkRow]:
    """List a partner's links, those in use first."""
    rows = await tx.execute(_LINKS, {"partner": partner_id, "most": most})
    return [LinkRow(**row) for row in rows.mappings().all()]


async def count_links(tx: ReadTx, partner_id: UUID) -> int:
    """Count a partner's links, archived ones too."""
    count: int | None = await tx.scalar(
        select(func.count()).where(col(PartnerLink.partner_id) == partner_id)
    )
    return count or 0


async def find_own(tx: ReadTx, partner_id: UUID, link_id: UUID) -> PartnerLink | None:
    """Find a link of this partner."""
    found: PartnerLink | None = await tx.scalar(
        select(PartnerLink).where(
            col(PartnerLink.id) == link_id, col(PartnerLink.partner_id) == partner_id
        )
    )
    return found
