"""The open chat's messages and head, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cube_demper.core.money import NBSP
from cube_demper.domain.support.schemas import (
    ChatCard,
    ChatRow,
    ChatStatus,
    FileHead,
    Message,
    MessageKind,
    RoundRow,
)
from cube_demper.ui import format as fmt
from cube_demper.ui.chat_rows import MediaView, day_heading, file_size, hue, initials
from support.desk.asked import PLANS
from support.desk.inbox_rows import LabelView, label_views
from support.desk.words import PLAN_TONES, STATUSES, breaches_of, due_of

_MOST_ROUNDS = 5


@dataclass
class SaidRow:
    """One message. `kind`: user, staff, note or event; `sent`: milliseconds, to compare with readings."""

    id: str = ""
    number: int = 0
    kind: str = ""
    day: str = ""
    who: str = ""
    is_own: bool = False
    text: str = ""
    time: str = ""
    sent: float = 0.0
    date: str = ""
    files: list[MediaView] = field(default_factory=list)


@dataclass
class RoundView:
    """A matter of the chat."""

    number: str = ""
    when: str = ""
    rating: str = ""
    words: str = ""


@dataclass
class ChatView:
    """The open chat's head."""

    id: str = ""
    user_id: str = ""
    person: str = ""
    email: str = ""
    initials: str = ""
    hue: str = "0"
    status: str = ""
    word: str = ""
    tone: str = "gray"
    assignee: str = ""
    is_mine: bool = False
    is_closed: bool = False
    can_take: bool = False
    plan: str = ""
    plan_tone: str = "gray"
    due: str = ""
    due_at: str = ""
    is_unread: bool = False
    read: float = 0.0
    """Up to when the person has seen what was said: milliseconds, as in SaidRow."""
    breaches: list[str] = field(default_factory=list)
    rounds: list[RoundView] = field(default_factory=list)
    labels: list[LabelView] = field(default_factory=list)


def chat_view(card: ChatCard, me: object) -> ChatView:
    """Put a chat's head into words; `me`: the reader's id."""
    row = card.row
    word, tone, _ = STATUSES[row.status]
    due, due_at = due_of(row.sla)
    plan = PLANS.get(str(row.priority), "FREE")
    is_mine = row.assigned_to == me
    return ChatView(
        id=str(row.id),
        user_id=str(row.user_id),
        person=row.person,
        email=row.email,
        initials=initials(row.person),
        hue=hue(str(row.id)),
        status=row.status,
        word=word,
        tone=tone,
        assignee=_answers(row, is_mine=is_mine),
        is_mine=is_mine,
        is_closed=row.status is ChatStatus.CLOSED,
        can_take=row.status in (ChatStatus.PENDING, ChatStatus.REOPENED),
        plan=plan,
        plan_tone=PLAN_TONES[plan],
        due=due,
        due_at=due_at,
        is_unread=row.unread > 0,
        read=milliseconds(card.user_read_at),
        breaches=breaches_of(row.sla),
        rounds=[round_view(it) for it in card.rounds[:_MOST_ROUNDS]],
        labels=label_views(row.labels),
    )


def said_rows(messages: Sequence[Message], now: datetime) -> list[SaidRow]:
    """Put messages into bubbles."""
    return [said_row(it, now) for it in messages]


def said_row(it: Message, now: datetime) -> SaidRow:
    """Put one message into its bubble."""
    return SaidRow(
        id=str(it.id),
        number=it.number,
        kind=it.kind,
        who=_who(it),
        is_own=it.kind in (MessageKind.STAFF, MessageKind.NOTE),
        text=it.text,
        time=fmt.clock_time(it.sent_at),
        sent=milliseconds(it.sent_at),
        date=day_heading(it.sent_at, now),
        files=[media_view(head) for head in it.files],
    )


def with_days(rows: Sequence[SaidRow]) -> list[SaidRow]:
    """Name the day over its first message."""
    before = ["", *(it.date for it in rows)]
    return [
        it if it.day == (day := "" if it.date == last else it.date) else replace(it, day=day)
        for it, last in zip(rows, before, strict=False)
    ]


def media_view(head: FileHead) -> MediaView:
    """Say what goes with a message."""
    return MediaView(
        kind="image" if head.is_image else "file",
        href=f"/api/support/files/{head.id}",
        name=head.name,
        note=file_size(head.size),
    )


def round_view(it: RoundRow) -> RoundView:
    """Put a matter into its line."""
    ended = f" — {fmt.moment(it.closed_at)}" if it.closed_at else ", идёт"
    return RoundView(
        number=f"Обращение{NBSP}{it.number}",
        when=f"{fmt.moment(it.opened_at)}{ended}",
        rating=f"{it.rating} из 5" if it.rating else "",
        words=it.rating_words,
    )


def milliseconds(at: datetime | None) -> float:
    """Return a moment that the browser can compare; 0 for none."""
    return 0.0 if at is None else at.timestamp() * 1000


def _answers(row: ChatRow, *, is_mine: bool) -> str:
    """Say whose chat it is, in words that bend no name; a closed one is nobody's work."""
    if row.status is ChatStatus.CLOSED:
        return ""
    if is_mine:
        return "отвечаете вы"
    return f"отвечает {row.assignee}" if row.assignee else "пока ничей"


def _who(it: Message) -> str:
    if it.kind is MessageKind.EVENT:
        return ""
    return "Вы" if it.is_own else it.author or "Сотрудник"
