"""Clicks on partners' links: recorded on the server, with the reason where one does not count."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role, Visitor
from cube_demper.domain.partners import click_queries, queries, rules
from cube_demper.domain.partners.click_rules import verdict_of
from cube_demper.domain.partners.schemas import Marks
from cube_demper.domain.partners.terms import terms
from cube_demper.models.partner_program import ClickVerdict, PartnerClick, PartnerLink
from cube_demper.models.partners import Partner

_SEEN_WITHIN = timedelta(days=30)
_V6_HOME = 64
"""Bits of an IPv6 address that are one subscriber's; the rest change by themselves."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A request for a link: `headers` by lower-case names, `cookie` of an earlier click."""

    code: str
    method: str
    headers: Mapping[str, str]
    visitor: Visitor
    marks: Marks
    cookie: str = ""
    seller_email: str = ""
    """Of who is signed in as a seller in this browser."""


def marks_of(secrets: SecretBox, visitor: Visitor) -> Marks:
    """Return the keyed hashes of a visitor; the address itself is kept nowhere."""
    home = _home(visitor.ip)
    return Marks(
        secrets.fingerprint(f"address {home}")[:16],
        secrets.fingerprint(f"visitor {home} {visitor.user_agent}")[:16],
    )


def _home(ip: str) -> str:
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, _V6_HOME), strict=False).network_address)


async def record(tx: WriteTx, actor: Actor, opened: Opened, now: datetime) -> str | None:
    """Write down a click; return what the browser has to keep, None to leave it as it is.

    A link that does not exist, is archived or whose partner is shut out leaves no trace.
    """
    found = await queries.find_link(tx, opened.code)
    if found is None:
        return None
    link, partner = found
    since = now - rules.SAME_VISITOR
    before = await click_queries.count_of_visitor(tx, link.id, opened.marks.visitor, since)
    verdict = await _verdict(tx, opened, partner, before, now)
    click_id = new_id()
    cookie = None
    if verdict in (ClickVerdict.COUNTED, ClickVerdict.REPEAT):
        cookie = await _cookie(tx, opened, rules.cookie_of(link.code, click_id), now)
    if before <= rules.MOST_REPEATS:
        visitor = opened.marks.visitor
        await keep(tx, actor, link, verdict, visitor=visitor, click_id=click_id, at=now)
        if verdict is ClickVerdict.COUNTED:
            tx.emit(f"partner:{partner.id}", "clicks")
    return cookie


async def keep(
    tx: WriteTx,
    actor: Actor,  # noqa: ARG001 - anybody clicks
    link: PartnerLink,
    verdict: ClickVerdict,
    *,
    visitor: bytes,
    click_id: UUID,
    at: datetime,
) -> None:
    """Keep a click and count it on its Almaty day."""
    tx.add(
        PartnerClick(
            id=click_id,
            partner_id=link.partner_id,
            link_id=link.id,
            at=at,
            verdict=verdict,
            visitor_hash=visitor,
        )
    )
    await tx.flush()
    await click_queries.count_up(tx, link, at.astimezone(ALMATY).date(), verdict)


async def _verdict(
    tx: ReadTx, opened: Opened, partner: Partner, before: int, now: datetime
) -> ClickVerdict:
    verdict = verdict_of(opened.method, opened.headers)
    if verdict is not ClickVerdict.COUNTED:
        return verdict
    _, is_own_device = await queries.was_seen_at(
        tx, partner.id, opened.visitor.ip, opened.visitor.user_agent, now - _SEEN_WITHIN
    )
    is_own_cabinet = bool(opened.seller_email) and rules.same_mailbox(
        opened.seller_email, partner.email
    )
    if is_own_device or is_own_cabinet:
        return ClickVerdict.OWN
    return ClickVerdict.REPEAT if before else ClickVerdict.COUNTED


async def _cookie(tx: ReadTx, opened: Opened, new: str, now: datetime) -> str | None:
    """Return the new cookie, or None where an earlier click keeps its right."""
    code, click_id = rules.read_cookie(opened.cookie)
    if not code or click_id is None or await queries.find_link(tx, code) is None:
        return new
    at = await click_queries.find_click(tx, click_id, code)
    earlier = [at] if at is not None else []
    return None if rules.keeps_first(await terms(tx, now), earlier, now) else new


async def forget_old(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Delete clicks that bind nobody any more; their figures stay. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    await click_queries.delete_before(tx, now - rules.CLICKS_KEPT)
