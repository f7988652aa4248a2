"""A partner's links: one a campaign, so that each place shows what it brings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import InvalidInput, LimitReached, NotFound, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import link_queries, queries
from cube_demper.domain.partners.people import free_code
from cube_demper.domain.partners.schemas import LinkRow
from cube_demper.models.partner_program import PartnerLink

MOST_LINKS = 100
_CAMPAIGN = 60


async def listing(tx: ReadTx, actor: Actor) -> list[LinkRow]:
    """List the actor's links with what came by each."""
    return await link_queries.list_links(tx, actor.own_partner_id, MOST_LINKS)


async def create(tx: WriteTx, actor: Actor, campaign: str) -> UUID:
    """Make a link for a campaign. Raises InvalidInput, LimitReached at 100 links."""
    name = _checked(campaign)
    partner = await queries.lock(tx, actor.own_partner_id)
    if partner is None:
        raise PermissionDenied
    if await link_queries.count_links(tx, partner.id) >= MOST_LINKS:
        raise LimitReached(f"Ссылок может быть не больше {MOST_LINKS}: верните одну из архива.")
    link = PartnerLink(partner_id=partner.id, code=await free_code(tx), campaign=name)
    tx.add(link)
    await tx.flush()
    await audit.record(tx, actor, "partner_link_created", "partner_link", link.id)
    tx.emit(f"partner:{partner.id}", "links")
    return link.id


async def rename(tx: WriteTx, actor: Actor, link_id: UUID, campaign: str) -> None:
    """Give a link another campaign. Raises InvalidInput, NotFound for anybody else's."""
    name = _checked(campaign)
    link = await _own(tx, actor, link_id)
    before, link.campaign = link.campaign, name
    await tx.flush()
    await audit.record(
        tx, actor, "partner_link_renamed", "partner_link", link.id,
        before={"campaign": before}, after={"campaign": name},
    )  # fmt: skip
    tx.emit(f"partner:{link.partner_id}", "links")


async def set_archived(
    tx: WriteTx, actor: Actor, link_id: UUID, *, is_archived: bool, now: datetime
) -> None:
    """Put a link out of use, or back into it; sellers who came by it stay. Raises NotFound."""
    link = await _own(tx, actor, link_id)
    link.archived_at = now if is_archived else None
    await tx.flush()
    await audit.record(
        tx, actor, "partner_link_archived", "partner_link", link.id, is_archived=is_archived
    )
    tx.emit(f"partner:{link.partner_id}", "links")


async def _own(tx: WriteTx, actor: Actor, link_id: UUID) -> PartnerLink:
    link = await link_queries.find_own(tx, actor.own_partner_id, link_id)
    if link is None:
        raise NotFound("Такой ссылки нет.")
    return link


def _checked(campaign: str) -> str:
    name = " ".join(campaign.split())
    if not name:
        raise InvalidInput(
            "Назовите место, где будет ссылка: «Instagram», «блог».", field="campaign"
        )
    if len(name) > _CAMPAIGN:
        raise InvalidInput(f"Не длиннее {_CAMPAIGN} знаков.", field="campaign")
    return name
