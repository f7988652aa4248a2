"""Broadcasts of the list in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.messaging.broadcasts.schemas import BroadcastStatus, BroadcastView
from cube_demper.seller.pages.whatsapp_broadcast.rows import OF_PEOPLE, ended_words
from cube_demper.ui import format as fmt


@dataclass
class BroadcastRow:
    """One line."""

    id: str = ""
    link: str = ""
    name: str = ""
    text: str = ""
    status: str = ""
    when: str = ""
    done: str = ""
    read: str = ""
    answered: str = ""


def broadcast_row(view: BroadcastView, now: datetime) -> BroadcastRow:
    """Turn a broadcast into its line."""
    it, is_draft = view.progress, view.status is BroadcastStatus.DRAFT
    row = BroadcastRow(
        id=str(view.id),
        link=f"/messages/broadcasts/{view.id}",
        name=view.name,
        text=_start_of(view.text_ru or view.text_kk),
        status=view.status,
        when=_when(view, now),
    )
    if is_draft:
        row.done = row.read = row.answered = fmt.NOTHING
        return row
    past = it.people - it.waiting
    row.done = f"{fmt.number(past)} из {fmt.counted(it.people, *OF_PEOPLE)}"
    row.read, row.answered = fmt.number(it.read), fmt.number(it.answered)
    return row


def _start_of(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 70 else f"{line[:70].rstrip()}…"


def _when(view: BroadcastView, now: datetime) -> str:
    if view.ended_at is not None:
        return ended_words(view.status, view.ended_at, now)
    if view.started_at is not None:
        return f"Начата {fmt.moment(view.started_at, now=now)}"
    return f"Создана {fmt.moment(view.written_at, now=now)}"
