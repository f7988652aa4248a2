"""Which outbox topics there are and who handles each; lanes keep slow work from delaying letters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from cube_demper.bootstrap import Services
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.mailing import TOPICS as MAIL_TOPICS
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.notifications import service as notifications
from cube_demper.integrations.mail.client import SmtpMailer
from workers import card_search, catalog, feeds
from workers.catalog import CatalogSync

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inside:
    """Work in our database alone: done in the transaction that marks the message, so exactly once."""

    handle: Callable[[WriteTx, Payload], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outside:
    """Work that reaches outside: the message is leased meanwhile, so at least once.

    `lease` must be longer than `handle` can take; after a crash another process waits it out.
    """

    handle: Callable[[Payload], Awaitable[None]]
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Lane:
    """Topics that share `width` messages at a time."""

    name: str
    topics: Mapping[str, Inside | Outside]
    width: int = 1


LaneOf = Callable[[Services], Lane | None]


def notification_lane(_services: Services) -> Lane:
    """Notifications in the app."""

    async def tell(tx: WriteTx, payload: Payload) -> None:
        await notifications.notify_later(tx, SYSTEM, payload)

    return Lane("notification", {notifications.TELL_TOPIC: Inside(tell)})


def mail_lane(services: Services) -> Lane | None:
    """Letters; without SMTP_URL they wait in the outbox and the screens say so."""
    if services.settings.mail.smtp_url is None:
        return None
    room = accounts.MailRoom(
        db=services.db,
        mailer=SmtpMailer(services.settings.mail),
        site=services.settings.app_url(CubeApp.SELLER),
    )

    async def deliver(topic: str, payload: Payload) -> None:
        await accounts.deliver(room, topic, payload, services.clock.now())

    lease = timedelta(minutes=2)
    return Lane("mail", {t: Outside(partial(deliver, t), lease) for t in MAIL_TOPICS}, width=2)


def catalog_lane(services: Services) -> Lane:
    """Catalogue syncs that somebody asked for."""
    sync = CatalogSync(services)
    return Lane("catalog", {catalog.TOPIC: Outside(sync.handle, catalog.LEASE)}, width=2)


def feed_lane(services: Services) -> Lane:
    """Price lists that sellers have uploaded and agreed to."""
    return Lane("feed", {feeds.TOPIC: Inside(feeds.ListImport(services).handle)})


def card_lane(services: Services) -> Lane:
    """Cards of goods that came from a price list."""
    search = card_search.CardSearch(services)
    return Lane("cards", {card_search.TOPIC: Outside(search.handle, card_search.LEASE)})


LANES: tuple[LaneOf, ...] = (notification_lane, mail_lane, catalog_lane, feed_lane, card_lane)
