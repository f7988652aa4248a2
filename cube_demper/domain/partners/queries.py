"""SQL of partners themselves, their sessions, terms and links."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from cube_demper.core.settings import CubeApp
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import UserSession
from cube_demper.models.partner_program import PartnerLink, PartnerTerms
from cube_demper.models.partners import Partner, PartnerToken, PartnerTokenKind


async def find_by_email(tx: ReadTx, email: str) -> Partner | None:
    """Find a partner by e-mail, whatever the case of its letters."""
    found: Partner | None = await tx.scalar(
        select(Partner).where(func.lower(col(Partner.email)) == email.strip().lower())
    )
    return found


async def lock(tx: WriteTx, partner_id: UUID) -> Partner | None:
    """Take a partner for this transaction: their money changes one at a time."""
    found: Partner | None = await tx.scalar(
        select(Partner)
        .where(col(Partner.id) == partner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def find_by_code(tx: ReadTx, code: str) -> Partner | None:
    """Find the partner of a spoken code."""
    found: Partner | None = await tx.scalar(select(Partner).where(col(Partner.code) == code))
    return found


async def find_link(tx: ReadTx, code: str) -> tuple[PartnerLink, Partner] | None:
    """Find a link that works, with its partner: neither may be out of use."""
    found = (
        await tx.execute(
            select(PartnerLink, Partner)
            .join(Partner, col(Partner.id) == col(PartnerLink.partner_id))
            .where(
                col(PartnerLink.code) == code,
                col(PartnerLink.archived_at).is_(None),
                col(Partner.is_blocked).is_(False),
            )
        )
    ).one_or_none()
    return found.tuple() if found else None


async def is_code_taken(tx: ReadTx, code: str) -> bool:
    """Tell whether a partner or a link has this code."""
    return (
        await find_by_code(tx, code) is not None
        or await tx.scalar(select(col(PartnerLink.id)).where(col(PartnerLink.code) == code))
        is not None
    )


async def terms_at(tx: ReadTx, now: datetime) -> PartnerTerms | None:
    """Return the newest rules that have begun, None while nobody set any."""
    found: PartnerTerms | None = await tx.scalar(
        select(PartnerTerms)
        .where(col(PartnerTerms.begins_at) <= now)
        .order_by(col(PartnerTerms.begins_at).desc())
        .limit(1)
    )
    return found


async def find_live_session(
    tx: ReadTx, token_hash: bytes, now: datetime
) -> tuple[UserSession, Partner] | None:
    """Find a session of the partner app that is neither expired nor revoked."""
    found = (
        await tx.execute(
            select(UserSession, Partner)
            .join(Partner, col(Partner.id) == col(UserSession.partner_id))
            .where(
                col(UserSession.token_hash) == token_hash,
                col(UserSession.app) == CubeApp.PARTNER,
                col(UserSession.revoked_at).is_(None),
                col(UserSession.expires_at) > now,
            )
        )
    ).one_or_none()
    return found.tuple() if found else None


async def revoke_session(tx: WriteTx, token_hash: bytes, now: datetime) -> UUID | None:
    """Revoke one session of the partner app; return whose it was, if it was live."""
    partner_id: UUID | None = await tx.scalar(
        update(UserSession)
        .where(
            col(UserSession.token_hash) == token_hash,
            col(UserSession.app) == CubeApp.PARTNER,
            col(UserSession.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .returning(col(UserSession.partner_id))
    )
    return partner_id


async def revoke_sessions(
    tx: WriteTx, partner_id: UUID, now: datetime, *, kept: UUID | None = None
) -> None:
    """Revoke every session of a partner, but for the one that is kept."""
    await tx.execute(
        update(UserSession)
        .where(
            col(UserSession.partner_id) == partner_id,
            col(UserSession.revoked_at).is_(None),
            col(UserSession.id).is_distinct_from(kept),
        )
        .values(revoked_at=now)
    )


async def was_seen_at(
    tx: ReadTx, partner_id: UUID, ip: str, user_agent: str, since: datetime
) -> tuple[bool, bool]:
    """Tell whether the partner signed in from this address of late, and with this very browser."""
    agents = await tx.scalars(
        select(col(UserSession.user_agent))
        .where(
            col(UserSession.partner_id) == partner_id,
            col(UserSession.ip) == ip,
            col(UserSession.created_at) >= since,
        )
        .limit(50)
    )
    found = agents.all()
    return bool(found) and bool(ip), user_agent[:300] in found


async def use_token(
    tx: WriteTx, token_hash: bytes, kind: PartnerTokenKind, now: datetime
) -> UUID | None:
    """Use up a live token; return whose it was. Of two at the same time one wins."""
    partner_id: UUID | None = await tx.scalar(
        update(PartnerToken)
        .where(
            col(PartnerToken.token_hash) == token_hash,
            col(PartnerToken.kind) == kind,
            col(PartnerToken.used_at).is_(None),
            col(PartnerToken.expires_at) > now,
        )
        .values(used_at=now)
        .returning(col(PartnerToken.partner_id))
    )
    return partner_id


async def is_token_alive(
    tx: ReadTx, token_hash: bytes, kind: PartnerTokenKind, now: datetime
) -> bool:
    """Tell whether a token still works."""
    found = await tx.scalar(
        select(col(PartnerToken.id)).where(
            col(PartnerToken.token_hash) == token_hash,
            col(PartnerToken.kind) == kind,
            col(PartnerToken.used_at).is_(None),
            col(PartnerToken.expires_at) > now,
        )
    )
    return found is not None


async def discard_tokens(tx: WriteTx, partner_id: UUID, now: datetime) -> None:
    """Make every unused token of a partner useless."""
    await tx.execute(
        update(PartnerToken)
        .where(col(PartnerToken.partner_id) == partner_id, col(PartnerToken.used_at).is_(None))
        .values(used_at=now)
    )


async def delete_dead_tokens(tx: WriteTx, before: datetime) -> None:
    """Delete tokens that ended before `before`."""
    await tx.execute(delete(PartnerToken).where(col(PartnerToken.expires_at) < before))
