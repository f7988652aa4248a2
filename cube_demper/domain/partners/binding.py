"""Binding a new seller to the partner who brought them, in the transaction of their sign-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Visitor
from cube_demper.domain.partners import click_queries, lead_queries, queries, rules
from cube_demper.domain.partners.schemas import CameBy
from cube_demper.domain.partners.terms import terms
from cube_demper.models.accounts import User
from cube_demper.models.partner_program import Doubt, LeadWay, PartnerLead
from cube_demper.models.partners import Partner

_SEEN_WITHIN = timedelta(days=90)


async def is_partner_code(tx: ReadTx, typed: str) -> bool:
    """Tell whether a partner says this code."""
    partner = await queries.find_by_code(tx, rules.read_code(typed))
    return partner is not None and not partner.is_blocked


@dataclass(frozen=True, slots=True)
class _Sender:
    partner: Partner
    way: LeadWay
    link_id: UUID | None = None
    clicked_at: datetime | None = None


async def bind(tx: WriteTx, user: User, came: CameBy, visitor: Visitor, now: datetime) -> bool:
    """Bind a seller who has just signed up; False when no partner sent them.

    A typed code is stronger than a link: the seller named the person. The bond is for good.
    """
    sender = await _by_code(tx, came.code) or await _by_cookie(tx, came.cookie, now)
    if sender is None:
        return False
    partner = sender.partner
    doubts = await _doubts(tx, user, partner, came, visitor=visitor, now=now)
    tx.add(
        PartnerLead(
            partner_id=partner.id,
            user_id=user.id,
            link_id=sender.link_id,
            way=sender.way,
            clicked_at=sender.clicked_at,
            signed_up_at=now,
            address_hash=came.marks.address,
            doubts=[str(it) for it in doubts],
        )
    )
    if Doubt.SELF not in doubts:
        user.partner_id = partner.id
    await tx.flush()
    tx.emit(f"partner:{partner.id}", "leads")
    return True


async def _by_code(tx: ReadTx, typed: str) -> _Sender | None:
    code = rules.read_code(typed)
    partner = await queries.find_by_code(tx, code) if code else None
    if partner is None or partner.is_blocked:
        return None
    return _Sender(partner, LeadWay.CODE)


async def _by_cookie(tx: ReadTx, cookie: str, now: datetime) -> _Sender | None:
    code, click_id = rules.read_cookie(cookie)
    found = await queries.find_link(tx, code) if code else None
    if found is None:
        return None
    link, partner = found
    at = await click_queries.find_click(tx, click_id, code) if click_id else None
    # Without a row the click was one of a crowd that is not written down; the browser keeps its age.
    if at is not None and not rules.is_alive(at, await terms(tx, now), now):
        return None
    return _Sender(partner, LeadWay.LINK, link.id, at)


async def _doubts(
    tx: ReadTx, user: User, partner: Partner, came: CameBy, *, visitor: Visitor, now: datetime
) -> list[Doubt]:
    is_address, is_device = await queries.was_seen_at(
        tx, partner.id, visitor.ip, visitor.user_agent, now - _SEEN_WITHIN
    )
    since = now - rules.ADDRESS_WINDOW
    others = await lead_queries.count_from_address(tx, partner.id, came.marks.address, since)
    return rules.doubts_at_sign_up(
        rules.SignUp(
            email=user.email,
            partner_email=partner.email,
            is_partner_address=is_address,
            is_partner_device=is_device,
            from_address=others + 1,
        )
    )
