"""Chats and found messages as lines of the list. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cube_demper.domain.support.schemas import ChatRow, Found, Label, MessageKind
from cube_demper.ui.chat_rows import hue, initials, short_moment
from support.desk.asked import PLANS
from support.desk.words import PLAN_TONES, STATUSES, due_of

_LONGEST = 120


@dataclass
class LabelView:
    """A label. `is_on`: it is on the open chat."""

    id: str = ""
    title: str = ""
    tone: str = "gray"
    is_on: bool = False


@dataclass
class TalkRow:
    """One chat of the list. `is_gone`: it is no longer what the list was asked for."""

    id: str = ""
    person: str = ""
    initials: str = ""
    hue: str = "0"
    when: str = ""
    text: str = ""
    unread: int = 0
    status: str = ""
    word: str = ""
    tone: str = "gray"
    assignee: str = ""
    plan: str = ""
    plan_tone: str = "gray"
    due: str = ""
    due_at: str = ""
    is_gone: bool = False
    talked: float = 0.0
    labels: list[LabelView] = field(default_factory=list)


@dataclass
class FoundRow:
    """A message that a search found."""

    id: str = ""
    chat_id: str = ""
    number: str = ""
    person: str = ""
    when: str = ""
    text: str = ""


def talk_row(row: ChatRow, now: datetime) -> TalkRow:
    """Put a chat into its line."""
    word, tone, _ = STATUSES[row.status]
    due, due_at = due_of(row.sla)
    plan = PLANS.get(str(row.priority), "FREE")
    return TalkRow(
        id=str(row.id),
        person=row.person,
        initials=initials(row.person),
        hue=hue(str(row.id)),
        when=short_moment(row.talked_at, now),
        text=_text(row),
        talked=row.talked_at.timestamp(),
        unread=row.unread,
        status=row.status,
        word=word,
        tone=tone,
        assignee=row.assignee,
        plan=plan,
        plan_tone=PLAN_TONES[plan],
        due=due,
        due_at=due_at if row.waiting_since is not None or not row.sla.answered_at else "",
        labels=label_views(row.labels),
    )


def label_views(labels: Sequence[Label], on: Sequence[Label] = ()) -> list[LabelView]:
    """Put labels into views; those in `on` are marked."""
    chosen = {it.id for it in on}
    return [LabelView(str(it.id), it.title, it.tone, it.id in chosen) for it in labels]


def found_row(it: Found, now: datetime) -> FoundRow:
    """Put a found message into its line."""
    who = f"{it.person} · заметка" if it.kind is MessageKind.NOTE else it.person
    return FoundRow(
        id=str(it.message_id),
        chat_id=str(it.chat_id),
        number=str(it.number),
        person=who,
        when=short_moment(it.sent_at, now),
        text=it.snippet,
    )


def merged(
    shown: Sequence[TalkRow], read: Sequence[TalkRow], *, is_all: bool
) -> tuple[list[TalkRow], int]:
    """Bring the shown lines up to date where they stand; count the new ones, which wait aside.

    `is_all`: `read` is the whole list, so what is not in it has left. Else that is known only of lines
    that would stand among those read.
    """
    newest = {it.id: it for it in read}
    known = {it.id for it in shown}
    since = 0.0 if is_all else min((it.talked for it in read), default=0.0)
    rows = [
        newest.get(it.id) or (replace(it, is_gone=True, unread=0) if it.talked > since else it)
        for it in shown
    ]
    return rows, sum(it.id not in known for it in read)


def _text(row: ChatRow) -> str:
    words = row.text or ("Файл" if row.has_files else "")
    return " ".join((f"Мы: {words}" if row.is_ours else words).split())[:_LONGEST]
