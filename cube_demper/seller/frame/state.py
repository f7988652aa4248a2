"""The frame's numbers, read when a page opens and again when something of the seller changes."""

from dataclasses import dataclass, field
from typing import ClassVar

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.core.moved import address_now
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts import staff
from cube_demper.domain.accounts.schemas import Role, SignedIn
from cube_demper.domain.announcements import service as announcements
from cube_demper.domain.messaging.inbox import threads
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.operations.service import ALIVE_WITHIN
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import BotStatus
from cube_demper.domain.support import reading as support
from cube_demper.models.staff import Area
from cube_demper.models.stores import BotMode
from cube_demper.seller.bots import read_status
from cube_demper.seller.frame.announcements import AnnouncementBar, Over, bar_of
from cube_demper.seller.frame.sign_ins import StoreOption, option_of
from cube_demper.seller.navigation import is_by_store
from cube_demper.seller.plans.line import PlanLine
from cube_demper.seller.plans.reading import read_plan_line
from cube_demper.ui import format as fmt
from cube_demper.ui import session
from cube_demper.ui.frame import ServerTime, initials, server_time
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin
from cube_demper.ui.support import with_mailbox

_LATEST = 12


@dataclass
class News:
    """A notification as the bell shows it."""

    id: str = ""
    title: str = ""
    body: str = ""
    link: str = ""
    at: str = ""
    is_read: bool = False


@dataclass
class Person:
    """Who is signed in. `lacks`: the rights that a manager has not got; an owner lacks none.

    `visit_until`: when an admin's look through this person's eyes ends, empty for the person.
    """

    name: str = ""
    initials: str = ""
    lacks: list[str] = field(default_factory=list)
    visit_until: str = ""


@dataclass
class Pulse:
    """How the bots are doing: `code` chooses the words, `tone` the colour."""

    code: str = ""
    tone: str = "gray"
    working: int = 0
    stores: int = 0
    looked_at: str = ""


@dataclass
class Waiting:
    """What nobody has read: buyers' talks (`letters`), support's answers to this person (`answers`)."""

    letters: int = 0
    answers: int = 0


class FrameState(LiveMixin, rx.State):
    """The shell of this tab."""

    _pace: ClassVar[float] = 3.0

    stores: list[StoreOption] = []  # noqa: RUF012 - a Reflex var, copied per state
    store_id: str = ""
    pulse: Pulse = Pulse()
    unread: int = 0
    news: list[News] = []  # noqa: RUF012 - a Reflex var, copied per state
    person: Person = Person()
    over: Over = Over()
    waiting: Waiting = Waiting()
    clock: ServerTime = ServerTime()
    plan: PlanLine = PlanLine()

    @rx.var
    def store_name(self) -> str:
        """Return the chosen store's name, empty for all."""
        return next((store.name for store in self.stores if store.id == self.store_id), "")

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read everything and what store the address asks for."""
        self._about_to_read()
        self._show(await _read())
        signed = await session.find_signed_in(self)
        self.over.invited_by = await _inviter()
        if signed is not None:
            self.person = _person(signed)
        asked = self.router.url.query_parameters
        if "store" in asked or is_by_store(self.router.url.path):
            self.store_id = asked.get("store", "")

    @guarded(Role.USER)
    async def read_news(self, news_id: str = "") -> None:
        """Mark one notification as read, or all of them."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await notifications.mark_read(
                tx,
                session.current_actor(),
                services.clock.now(),
                notification_id=read_id(news_id) if news_id else None,
            )

    async def _channels(self) -> list[str]:
        """Listen to the operator's announcements beside what is the person's."""
        return [*await super()._channels(), announcements.CHANNEL]

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        picture = await _read()
        async with self:
            self._show(picture)

    def _show(self, picture: "_Picture") -> None:
        self.stores, self.pulse = picture.stores, picture.pulse
        self.unread, self.news = picture.unread, picture.news
        self.waiting, self.clock = picture.waiting, picture.clock
        self.plan, self.over.bars = picture.plan, picture.bars


@dataclass
class _Picture:
    stores: list[StoreOption]
    pulse: Pulse
    unread: int
    news: list[News]
    waiting: Waiting
    clock: ServerTime
    plan: PlanLine
    bars: list[AnnouncementBar]


async def _read() -> _Picture:
    services, actor = bootstrap.web(), session.current_actor()
    now, speed = services.clock.now(), services.clock.speed
    mailbox = services.settings.mail.support_mail
    async with services.db.read() as tx:
        status = await read_status(tx, actor, now)
        renewing = await stores.refreshes(tx, actor, now, alive_within=ALIVE_WITHIN * speed)
        unread = await notifications.count_unread(tx, actor)
        latest = await notifications.list_latest(tx, actor, limit=_LATEST)
        letters = await threads.count_unread(tx, actor)
        answers = await support.unread(tx, actor)
        plan = await read_plan_line(tx, actor, now)
        bars = await announcements.bars(tx, actor, now)
    return _Picture(
        stores=[option_of(s.store, renewing.get(s.store.id)) for s in status.stores],
        pulse=_pulse(status),
        unread=unread,
        news=[
            News(
                id=str(n.id),
                title=n.title,
                body=with_mailbox(n.body, mailbox),
                link=address_now(n.link),
                at=fmt.iso(n.created_at),
                is_read=n.is_read,
            )
            for n in latest
        ],
        waiting=Waiting(letters, answers),
        clock=server_time(),
        plan=plan,
        bars=[bar_of(it) for it in bars],
    )


async def _inviter() -> str:
    services = bootstrap.web()
    async with services.db.read() as tx:
        found = await staff.open_invitation(tx, session.current_actor(), services.clock.now())
    return found.owner if found else ""


def _person(signed: SignedIn) -> Person:
    actor, name = signed.actor, signed.full_name or signed.actor.email
    whose = f" · кабинет {signed.owner_name}" if signed.owner_name else ""
    lacks = [] if actor.acts_for is None else [it for it in Area if it not in actor.rights]
    until = fmt.iso(signed.expires_at) if actor.impersonated_by else ""
    if until:  # the visit says itself what is closed
        lacks = []
    return Person(f"{name}{whose}", initials(name), [str(it) for it in lacks], until)


def _pulse(status: BotStatus) -> Pulse:
    count, working = len(status.stores), len(status.working)
    numbers = (working, count, fmt.iso(status.last_look_at))
    if not count:
        return Pulse("no_stores", "gray", *numbers)
    if not working:
        return Pulse("stopped", "gray", *numbers)
    if not status.workers_alive:
        return Pulse("silent", "red", *numbers)
    if working < count:
        return Pulse("part", "amber", *numbers)
    if all(store.effective_mode is BotMode.SUGGEST for store in status.working):
        return Pulse("suggests", "blue", *numbers)
    return Pulse("all", "green", *numbers)
