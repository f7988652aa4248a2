"""SQL of leads: who came, how far they got, what they earned their partner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, Uuid, bindparam, func, select, text
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.partners.schemas import LeadFacts
from cube_demper.models.partner_program import PartnerLead

# What the partner sees is what the bond holds: an e-mail and a name are masked before they are shown.
# Only those of `page` are read: each costs four looks into other tables.
_FACTS: Final = """
SELECT l.id, u.email, u.full_name AS name, coalesce(k.campaign, '') AS campaign, l.way, l.clicked_at,
    l.signed_up_at, u.email_confirmed_at AS confirmed_at, s.store_at,
    CASE WHEN l.cleared_at IS NULL THEN l.doubts ELSE '{}' END AS doubts, u.is_blocked, b.trial_ends_at,
    t.payments, t.paid_first_at, t.paid, t.accrued, t.taken_back, t.held, t.hold_until, t.doubted,
    t.money_doubts, t.released, t.denied, t.denied_why
FROM page
JOIN partner_leads l ON l.id = page.id
JOIN users u ON u.id = l.user_id
LEFT JOIN partner_links k ON k.id = l.link_id
LEFT JOIN LATERAL (
    SELECT min(created_at) AS store_at FROM kaspi_stores WHERE user_id = u.id
) s ON true
LEFT JOIN LATERAL (
    SELECT max(current_period_end) AS trial_ends_at FROM subscriptions
    WHERE user_id = u.id AND is_trial
) b ON true
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'commission') AS payments,
        min(at) FILTER (WHERE kind = 'commission') AS paid_first_at,
        coalesce(sum(base) FILTER (WHERE kind = 'commission'), 0)::bigint AS paid,
        coalesce(sum(amount) FILTER (WHERE kind = 'commission'), 0)::bigint AS accrued,
        coalesce(-sum(amount) FILTER (WHERE kind = 'take_back'), 0)::bigint AS taken_back,
        coalesce(sum(amount) FILTER (WHERE status = 'held'), 0)::bigint AS held,
        min(hold_until) FILTER (WHERE status = 'held' AND kind = 'commission') AS hold_until,
        coalesce(sum(amount) FILTER (WHERE status = 'doubted'), 0)::bigint AS doubted,
        coalesce(
            (SELECT array_agg(DISTINCT d) FROM partner_transactions w, unnest(w.doubts) d
             WHERE w.lead_id = l.id AND w.status = 'doubted'), '{}'
        ) AS money_doubts,
        coalesce(sum(amount) FILTER (WHERE status = 'released'), 0)::bigint AS released,
        coalesce(sum(amount) FILTER (WHERE status = 'denied'), 0)::bigint AS denied,
        coalesce((array_agg(note ORDER BY at DESC)
            FILTER (WHERE kind = 'commission' AND status = 'denied'))[1], '') AS denied_why
    FROM partner_transactions WHERE lead_id = l.id
) t ON true
"""
# What a stage takes, of all leads at once: each table is gone through once for the whole partner.
_STANDINGS: Final = """
SELECT l.id, l.signed_up_at, u.is_blocked, u.email_confirmed_at AS confirmed_at,
    CASE WHEN EXISTS (SELECT FROM kaspi_stores WHERE user_id = l.user_id) THEN l.signed_up_at END
        AS store_at,
    CASE WHEN l.cleared_at IS NULL THEN l.doubts ELSE '{}' END AS doubts,
    coalesce(t.payments, 0) AS payments, coalesce(t.accrued, 0) AS accrued,
    coalesce(t.taken_back, 0) AS taken_back, coalesce(t.held, 0) AS held,
    coalesce(t.doubted, 0) AS doubted, coalesce(t.released, 0) AS released,
    coalesce(t.denied, 0) AS denied
FROM partner_leads l
JOIN users u ON u.id = l.user_id
LEFT JOIN (
    SELECT lead_id, count(*) FILTER (WHERE kind = 'commission') AS payments,
        sum(amount) FILTER (WHERE kind = 'commission') AS accrued,
        -sum(amount) FILTER (WHERE kind = 'take_back') AS taken_back,
        sum(amount) FILTER (WHERE status = 'held') AS held,
        sum(amount) FILTER (WHERE status = 'doubted') AS doubted,
        sum(amount) FILTER (WHERE status = 'released') AS released,
        sum(amount) FILTER (WHERE status = 'denied') AS denied
    FROM partner_transactions WHERE partner_id = :partner AND lead_id IS NOT NULL GROUP BY lead_id
) t ON t.lead_id = l.id
WHERE l.partner_id = :partner
"""
_STAGE: Final = """
SELECT f.*, CASE
    WHEN is_blocked OR 'self' = ANY(doubts) OR (denied > 0 AND doubted + held + released <= 0)
        THEN 'refused'
    WHEN doubted > 0 OR (payments > 0 AND doubts <> '{}' AND held = 0 AND released = 0) THEN 'doubted'
    WHEN held > 0 THEN 'held'
    WHEN accrued > 0 AND accrued <= taken_back THEN 'returned'
    WHEN payments > 0 THEN 'paying'
    WHEN store_at IS NOT NULL THEN 'store'
    WHEN confirmed_at IS NOT NULL THEN 'confirmed'
    ELSE 'signed_up' END AS stage
FROM (%s) f
"""
_STAGED: Final = _STAGE % _FACTS
_ALL_STAGED: Final = _STAGE % _STANDINGS
_NEWEST: Final = "ORDER BY signed_up_at DESC, id"
_LIST: Final = f"""
WITH page AS MATERIALIZED (
    SELECT id FROM %s {_NEWEST} LIMIT :most OFFSET :skipped
)
SELECT * FROM ({_STAGED}) g {_NEWEST}
"""  # noqa: S608 - constants, as below
_ANY_STAGE: Final = _LIST % "partner_leads WHERE partner_id = :partner"
_ONE_STAGE: Final = _LIST % f"({_ALL_STAGED}) g WHERE stage = :stage"
_COUNTS: Final = f"SELECT stage, count(*) FROM ({_ALL_STAGED}) g GROUP BY stage"  # noqa: S608
_ONE: Final = f"""
WITH page AS (SELECT id FROM partner_leads WHERE partner_id = :partner AND id = :lead)
SELECT * FROM ({_STAGED}) g
"""  # noqa: S608


async def count_from_address(tx: ReadTx, partner_id: UUID, address: bytes, since: datetime) -> int:
    """Count the sellers whom a partner brought from one address since then."""
    if not address:
        return 0
    count: int | None = await tx.scalar(
        select(func.count()).where(
            col(PartnerLead.partner_id) == partner_id,
            col(PartnerLead.address_hash) == address,
            col(PartnerLead.signed_up_at) > since,
        )
    )
    return count or 0


# Two ways to find a twin, each by its own index; joined by OR neither index would serve.
_SHARED_CARD: Final = text(
    """
    SELECT EXISTS (
        SELECT FROM (
            SELECT theirs.user_id FROM payment_cards mine
            JOIN payment_cards theirs ON theirs.token_hash = mine.token_hash
            WHERE mine.user_id = :user
            UNION ALL
            SELECT theirs.user_id FROM payment_cards mine
            JOIN payment_cards theirs ON (theirs.last_four, theirs.expires, theirs.first_six)
                = (mine.last_four, mine.expires, mine.first_six)
            WHERE mine.user_id = :user AND mine.last_four <> '' AND mine.expires <> ''
        ) twins
        JOIN users u ON u.id = twins.user_id
        LEFT JOIN partner_leads l ON l.user_id = u.id
        WHERE u.id <> :user AND (l.partner_id = :partner OR lower(u.email) = :email)
    )
    """
).bindparams(bindparam("user", type_=Uuid()), bindparam("partner", type_=Uuid()))


async def is_card_shared(tx: ReadTx, partner_id: UUID, email: str, user_id: UUID) -> bool:
    """Tell whether a seller saved a card that the partner, or another of their sellers, saved too.

    The gateway's token may differ from person to person: a card with the same digits and end counts.
    """
    given = {"partner": partner_id, "email": email.lower(), "user": user_id}
    return bool(await tx.scalar(_SHARED_CARD, given))


async def find_lead_of(tx: ReadTx, user_id: UUID) -> PartnerLead | None:
    """Find who brought a seller."""
    found: PartnerLead | None = await tx.scalar(
        select(PartnerLead).where(col(PartnerLead.user_id) == user_id)
    )
    return found


async def list_leads(
    tx: ReadTx, partner_id: UUID, stage: str, *, limit: int, offset: int
) -> Sequence[tuple[LeadFacts, str]]:
    """List a page of a partner's leads with their stage, newest first."""
    given: dict[str, Any] = {"partner": partner_id, "most": limit, "skipped": offset}
    given |= {"stage": stage} if stage else {}
    statement = _with_partner(_ONE_STAGE if stage else _ANY_STAGE)
    rows = (await tx.execute(statement, given)).mappings().all()
    return [(_facts(dict(row)), row["stage"]) for row in rows]


async def count_stages(tx: ReadTx, partner_id: UUID) -> dict[str, int]:
    """Count a partner's leads by stage."""
    rows = await tx.execute(_with_partner(_COUNTS), {"partner": partner_id})
    return dict(rows.tuples().all())


async def find_facts(tx: ReadTx, partner_id: UUID, lead_id: UUID) -> tuple[LeadFacts, str] | None:
    """Find one lead of a partner."""
    statement = _with_partner(_ONE).bindparams(bindparam("lead", type_=Uuid()))
    row = (await tx.execute(statement, {"partner": partner_id, "lead": lead_id})).mappings().first()
    return (_facts(dict(row)), row["stage"]) if row else None


def _with_partner(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("partner", type_=Uuid()))


def _facts(row: dict[str, Any]) -> LeadFacts:
    del row["stage"]
    doubts, money_doubts = tuple(row.pop("doubts")), tuple(row.pop("money_doubts"))
    return LeadFacts(doubts=doubts, money_doubts=money_doubts, **row)
