"""Which outbox topics there are and who handles each; lanes keep slow work from delaying letters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from cube_demper.bootstrap import Services
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.erasing import TOPIC as ERASE_TOPIC
from cube_demper.domain.accounts.mailing import TOPICS as MAIL_TOPICS
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.accounts.staff import INVITE_TOPIC
from cube_demper.domain.accounts.visits import END_TOPIC
from cube_demper.domain.announcements import service as announcements
from cube_demper.domain.billing import announcing as billing_announcing
from cube_demper.domain.billing.refunds import REFUNDED_TOPIC
from cube_demper.domain.billing.settling import PAID_TOPIC
from cube_demper.domain.catalog.importing.schemas import TOPIC as IMPORT_TOPIC
from cube_demper.domain.economics.payouts import work as payouts
from cube_demper.domain.economics.payouts.schemas import TOPIC as PAYOUT_TOPIC
from cube_demper.domain.exports import service as exports
from cube_demper.domain.messaging import scheduling
from cube_demper.domain.messaging.hearing.service import ANSWERED_TOPIC
from cube_demper.domain.messaging.hearing.work import TOPIC as HEARD_TOPIC
from cube_demper.domain.messaging.sessions.service import TOPIC as WISH_TOPIC
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.delivering import LEASE as DIGEST_LEASE
from cube_demper.domain.notifications.delivering import Carrier, mail_digest, telegram_digest
from cube_demper.domain.notifications.planning import DIGEST_TOPICS
from cube_demper.domain.orders import announcing
from cube_demper.domain.orders.service import TOKEN_TOPIC
from cube_demper.domain.orders.taking import TOPIC as MOVED_TOPIC
from cube_demper.domain.orders.waybills import TOPIC as WAYBILL_TOPIC
from cube_demper.domain.partners import work as partners
from cube_demper.domain.referrals import service as referrals
from cube_demper.domain.salesman import planning
from cube_demper.integrations.mail.client import SmtpMailer
from cube_demper.integrations.spreadsheets.reader import payout_lines
from cube_demper.integrations.telegram.client import TelegramBot
from cube_demper.models.telling import TellChannel
from workers import (
    card_search,
    catalog,
    earnings,
    feeds,
    imports,
    order_tokens,
    people,
    replay,
    salesman,
    support_desk,
    trial,
    waybills,
    whatsapp,
)
from workers.catalog import CatalogSync
from workers.lanes import Inside, Lane, Outside, Payload

Follow = Callable[[WriteTx, Actor, Payload, datetime], Awaitable[None]]
FOLLOWERS: Mapping[str, tuple[Follow, ...]] = {
    PAID_TOPIC: (billing_announcing.paid, partners.accrue, referrals.accrue),
    REFUNDED_TOPIC: (billing_announcing.refunded, partners.take_back, referrals.take_back),
}
"""What follows money, in order: all of it is done with the message, or none."""
LaneOf = Callable[[Services], Lane | None]


def notification_lane(services: Services) -> Lane:
    """Notifications in the app."""

    async def tell(tx: WriteTx, payload: Payload) -> None:
        await notifications.notify_later(tx, SYSTEM, payload)

    told = Inside(lambda tx, it: announcements.tell(tx, SYSTEM, it, services.clock.now()))
    return Lane("notification", {notifications.TELL_TOPIC: Inside(tell), announcements.TOPIC: told})


def mail_lane(services: Services) -> Lane | None:
    """Letters; without SMTP_URL they wait in the outbox and the screens say so."""
    if services.settings.mail.smtp_url is None:
        return None
    url = services.settings.app_url
    staff: dict[str, str] = {Role.ADMIN: url(CubeApp.ADMIN), Role.SUPPORT: url(CubeApp.SUPPORT)}
    mail = services.settings.mail
    room = accounts.MailRoom(
        services.db, SmtpMailer(mail), url(CubeApp.SELLER), mail.support_mail, staff
    )

    async def deliver(topic: str, payload: Payload) -> None:
        await accounts.deliver(room, topic, payload, services.clock.now())

    async def invite(payload: Payload) -> None:
        await accounts.deliver_invitation(room, payload, services.clock.now())

    within = timedelta(minutes=2)
    letters = {t: Outside(partial(deliver, t), within) for t in MAIL_TOPICS}
    partner = earnings.Earnings(services).deliver
    letters |= {t: Outside(partial(partner, t), earnings.WITHIN) for t in earnings.LETTERS}
    answers = support_desk.Answers(services.db, room.mailer, room.site)
    letters[support_desk.ANSWER] = Outside(answers.deliver, within)
    letters[support_desk.WAITS] = Outside(support_desk.Waits(services, room.mailer).deliver, within)
    return Lane("mail", {**letters, INVITE_TOPIC: Outside(invite, within)}, width=2)


def catalog_lane(services: Services) -> Lane:
    """Catalogue syncs that somebody asked for."""
    sync = CatalogSync(services)
    return Lane("catalog", {catalog.TOPIC: Outside(sync.handle, catalog.WITHIN)}, width=2)


def digest_lane(services: Services) -> Lane | None:
    """Digests of notifications by letter: a lane of their own, so that no sign-up waits for them."""
    if services.settings.mail.smtp_url is None:
        return None
    carrier = Carrier(
        services.db,
        services.settings.app_url(CubeApp.SELLER),
        mailer=SmtpMailer(services.settings.mail),
    )

    async def carry(payload: Payload) -> None:
        await mail_digest(carrier, UUID(payload["user_id"]), services.clock.now())

    return Lane(
        "digest", {DIGEST_TOPICS[TellChannel.MAIL]: Outside(carry, DIGEST_LEASE * 0.9)}, width=2
    )


def telegram_lane(services: Services) -> Lane | None:
    """The same over Telegram; without TELEGRAM_BOT_TOKEN nothing is planned for it."""
    if services.settings.telegram.bot_token is None:
        return None
    carrier = Carrier(
        services.db,
        services.settings.app_url(CubeApp.SELLER),
        messenger=TelegramBot(services.settings.telegram),
    )

    async def carry(payload: Payload) -> None:
        await telegram_digest(carrier, UUID(payload["user_id"]), services.clock.now())

    topic = DIGEST_TOPICS[TellChannel.TELEGRAM]
    return Lane("telegram", {topic: Outside(carry, DIGEST_LEASE * 0.9)}, width=2)


def export_lane(services: Services) -> Lane:
    """Archives of sellers' own data: slow and rare, one at a time."""

    async def make(payload: Payload) -> None:
        export_id, now = UUID(payload["export_id"]), services.clock.now()
        await exports.make(services.db, services.secrets, export_id, now)

    return Lane("export", {exports.TOPIC: Outside(make, timedelta(minutes=15))})


def replay_lane(services: Services) -> Lane:
    """Rules tried over the recorded market of many goods."""
    topic = Outside(replay.Replays(services).handle, replay.WITHIN)
    return Lane("replay", {replay.TOPIC: topic})


def trial_lane(services: Services) -> Lane:
    """Looks at what a new store could begin with."""
    topic = Outside(trial.Scout(services).handle, trial.WITHIN)
    return Lane("trial", {trial.TOPIC: topic})


def feed_lane(services: Services) -> Lane:
    """Price lists that sellers have uploaded and agreed to."""
    return Lane("feed", {feeds.TOPIC: Inside(feeds.ListImport(services).handle)})


def order_lane(services: Services) -> Lane:
    """Orders that have moved: the seller hears of them, and what buyers are told is queued."""
    seller = salesman.SalesmanWork(services)

    async def announce(tx: WriteTx, payload: Payload) -> None:
        await announcing.announce(tx, SYSTEM, payload)
        await scheduling.follow_order(
            tx,
            SYSTEM,
            payload,
            services.clock.now(),
            secrets=services.secrets,
            is_bonus_allowed=services.settings.is_review_bonus_allowed,
        )
        await seller.follow_order(tx, payload)

    return Lane("orders", {MOVED_TOPIC: Inside(announce)})


def salesman_lane(services: Services) -> Lane:
    """The AI salesman: a model takes its time, so it has a lane of its own."""
    work = salesman.SalesmanWork(services)
    topics: dict[str, Inside | Outside] = {
        planning.TOPIC: Outside(work.write, salesman.WITHIN),
        ANSWERED_TOPIC: Inside(work.follow_answer),
    }
    return Lane("salesman", topics, width=2)


def token_lane(services: Services) -> Lane:
    """Orders tokens to try: a seller waits for each."""
    work = order_tokens.OrderTokens(services)
    return Lane("tokens", {TOKEN_TOPIC: Outside(work.handle, order_tokens.WITHIN)}, width=2)


def waybill_lane(services: Services) -> Lane:
    """Waybills to print: a seller waits for each file."""
    topic = Outside(waybills.Waybills(services).handle, waybills.WITHIN)
    return Lane("waybills", {WAYBILL_TOPIC: topic}, width=2)


def card_lane(services: Services) -> Lane:
    """Cards of goods that came from a price list."""
    search = card_search.CardSearch(services)
    return Lane("cards", {card_search.TOPIC: Outside(search.handle, card_search.WITHIN)})


def import_lane(services: Services) -> Lane:
    """Files of goods that sellers sent."""
    handle = imports.GoodsImports(services).handle
    return Lane("import", {IMPORT_TOPIC: Outside(handle, timedelta(minutes=15))}, width=2)


def payout_lane(services: Services) -> Lane:
    """Payout reports: a big one takes a minute, so each waits for the one before."""

    async def handle(payload: Payload) -> None:
        actor = Actor(Role.USER, UUID(payload["user_id"]))
        now = services.clock.now()
        await payouts.run(services.db, actor, UUID(payload["report_id"]), payout_lines, now)

    return Lane("payout", {PAYOUT_TOPIC: Outside(handle, timedelta(minutes=15))})


def whatsapp_lane(services: Services) -> Lane | None:
    """Numbers of WhatsApp; without WAHA_URL nothing is asked for and nothing is told."""
    if not services.settings.waha.is_on:
        return None
    numbers = whatsapp.Numbers(services)
    topics = {
        WISH_TOPIC: Outside(numbers.carry_out, whatsapp.WITHIN),
        HEARD_TOPIC: Outside(numbers.take_in, whatsapp.WITHIN),
    }
    return Lane("whatsapp", topics, width=4)


def billing_lane(services: Services) -> Lane:
    """Money that came or went back: whoever must follow it does so in the one transaction."""

    async def follow(topic: str, tx: WriteTx, payload: Payload) -> None:
        for each in FOLLOWERS[topic]:
            await each(tx, SYSTEM, payload, services.clock.now())

    return Lane("billing", {topic: Inside(partial(follow, topic)) for topic in FOLLOWERS})


def people_lane(services: Services) -> Lane:
    """Visits of admins that end by themselves, and data that is erased."""
    work = people.PeopleWork(services)
    return Lane("people", {END_TOPIC: Inside(work.end_visit), ERASE_TOPIC: Inside(work.erase)})


LANES: tuple[LaneOf, ...] = (
    people_lane,
    notification_lane,
    mail_lane,
    catalog_lane,
    digest_lane,
    telegram_lane,
    export_lane,
    replay_lane,
    trial_lane,
    feed_lane,
    card_lane,
    import_lane,
    payout_lane,
    token_lane,
    waybill_lane,
    order_lane,
    salesman_lane,
    billing_lane,
    whatsapp_lane,
)
