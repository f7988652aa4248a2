"""Links as text, and the texts that go with one."""

from __future__ import annotations

from dataclasses import dataclass, field

import segno

from cube_demper.core.money import format_tenge
from cube_demper.domain.partners.schemas import LinkRow
from cube_demper.ui.format import counted, number
from partner.pages.links.texts import TEXTS


@dataclass
class LinkView:
    """One line of the list."""

    id: str
    campaign: str
    address: str
    clicks: str
    leads: str
    paying: str
    earned: str
    clicks_note: str = ""
    leads_note: str = ""
    paying_note: str = ""
    earned_note: str = ""
    is_archived: bool = False


@dataclass
class TextView:
    """A text to send."""

    title: str
    text: str


@dataclass
class KitView:
    """Everything to spread one link."""

    id: str = ""
    campaign: str = ""
    address: str = ""
    qr: str = ""
    is_archived: bool = False
    texts: list[TextView] = field(default_factory=list)


def link_view(it: LinkRow, site: str) -> LinkView:
    """Put a link into words."""
    return LinkView(
        id=str(it.id),
        campaign=it.campaign,
        address=address_of(it.code, site),
        clicks=number(it.clicks),
        leads=number(it.leads),
        paying=number(it.paying),
        earned=format_tenge(it.earned),
        is_archived=it.is_archived,
    )


def address_of(code: str, site: str) -> str:
    """Return the address to spread."""
    return f"{site}/p/{code}"


def kit_view(link: LinkView, code: str, trial_days: int) -> KitView:
    """Put together what it takes to spread a link."""
    given = {
        "link": link.address,
        "code": code,
        "days": counted(trial_days, "день", "дня", "дней"),
        "kk_days": f"{trial_days} күн",
    }
    return KitView(
        id=link.id,
        campaign=link.campaign,
        address=link.address,
        is_archived=link.is_archived,
        qr=segno.make_qr(link.address).svg_data_uri(scale=5, border=3, light="#fff"),
        texts=[TextView(title, text.format(**given)) for title, text in TEXTS],
    )
