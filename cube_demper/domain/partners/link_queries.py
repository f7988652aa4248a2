"""SQL of links and of what came by each."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, text
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.partners.schemas import LinkRow
from cube_demper.models.partner_program import PartnerLink

_LINKS: Final = text(
    """
    SELECT k.id, k.code, k.campaign, coalesce(c.clicks, 0)::bigint AS clicks, coalesce(l.leads, 0) AS leads,
        coalesce(l.paying, 0) AS paying, coalesce(l.earned, 0)::bigint AS earned,
        k.archived_at IS NOT NULL AS is_archived
    FROM partner_links k
    LEFT JOIN LATERAL (
        SELECT sum(clicks) AS clicks FROM partner_click_days
        WHERE link_id = k.id AND verdict = 'counted'
    ) c ON true
    LEFT JOIN LATERAL (
        SELECT count(DISTINCT d.id) AS leads,
            count(DISTINCT d.id) FILTER (WHERE t.kind = 'commission') AS paying,
            sum(t.amount) FILTER (WHERE t.status <> 'denied') AS earned
        FROM partner_leads d LEFT JOIN partner_transactions t ON t.lead_id = d.id
        WHERE d.link_id = k.id
    ) l ON true
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
