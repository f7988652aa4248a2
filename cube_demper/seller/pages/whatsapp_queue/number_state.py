"""What is done with one number: pause, go on with its queue or without, its limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging import queue
from cube_demper.domain.messaging.queue_schemas import Limits
from cube_demper.seller.pages.whatsapp_queue.state import QueueState
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import FormErrors, guarded


@dataclass
class LimitsForm:
    """The limits that are open, as text for the inputs."""

    id: str = ""
    label: str = ""
    daily_limit: str = "100"
    quiet_start: str = "21:00"
    quiet_end: str = "09:00"
    is_warm: bool = False
    in_use_since: str = ""


@dataclass
class Question:
    """A queue that is about to be thrown away."""

    id: str = ""
    title: str = ""


class NumberState(FormErrors, rx.State):
    """The dialogs of a number."""

    limits: LimitsForm = LimitsForm()
    question: Question = Question()

    @guarded(Role.USER)
    async def pause(self, number_id: str) -> Any:
        """Silence a number."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            now = services.clock.now()
            await queue.pause_number(tx, session.current_actor(), UUID(number_id), now)
        return [QueueState.load, toasts.done("Номер на паузе")]

    @guarded(Role.USER)
    async def resume(self, number_id: str) -> Any:
        """Go on with everything that waits and is not stale."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            now = services.clock.now()
            await queue.resume_number(tx, session.current_actor(), UUID(number_id), now)
        return [QueueState.load, toasts.done("Номер снова пишет")]

    @guarded(Role.USER)
    async def ask_to_drop(self, number_id: str, due: int) -> None:
        """Ask before the queue of a number is thrown away."""
        words = counted(due, "сообщение", "сообщения", "сообщений")
        self.question = Question(number_id, f"Убрать из очереди {words}?")

    @guarded(Role.USER)
    async def drop_queue(self) -> Any:
        """Go on without what has piled up."""
        services, number_id = bootstrap.web(), UUID(self.question.id)
        self.question = Question()
        async with services.db.write() as tx:
            dropped = await queue.resume_number(
                tx, session.current_actor(), number_id, services.clock.now(), with_queue=False
            )
        words = counted(dropped, "сообщение", "сообщения", "сообщений")
        return [QueueState.load, toasts.done(f"Убрали {words}, номер снова пишет")]

    @guarded(Role.USER)
    async def open_limits(self, number_id: str) -> None:
        """Show a number's limits."""
        self.errors = {}
        services = bootstrap.web()
        async with services.db.read() as tx:
            seen = await queue.overview(
                tx, session.current_actor(), services.clock.now(), secrets=services.secrets
            )
        view = next((it for it in seen.numbers if str(it.id) == number_id), None)
        if view is None:
            return
        self.limits = LimitsForm(
            id=number_id,
            label=view.label,
            daily_limit=str(view.daily_limit),
            quiet_start=f"{view.quiet_start:%H:%M}",
            quiet_end=f"{view.quiet_end:%H:%M}",
            is_warm=view.is_warm,
            in_use_since=view.in_use_since.isoformat() if view.in_use_since else "",
        )

    @guarded(Role.USER)
    async def save_limits(self, form: dict[str, Any]) -> Any:
        """Keep a number's limits."""
        self.errors = {}
        services, number_id = bootstrap.web(), UUID(self.limits.id)
        limits = _read_limits(form)
        async with services.db.write() as tx:
            now = services.clock.now()
            await queue.set_limits(tx, session.current_actor(), number_id, limits, now)
        self.limits = LimitsForm()
        return [QueueState.load, toasts.done("Ограничения сохранены")]

    @guarded(Role.USER)
    async def close(self) -> None:
        """Put the dialogs away."""
        self.limits, self.question = LimitsForm(), Question()


def _read_limits(form: dict[str, Any]) -> Limits:
    """Read the form. Raises InvalidInput naming the field."""
    limit = str(form.get("daily_limit", "")).strip()
    if not limit.isdecimal():
        raise InvalidInput("Введите число от 1 до 100.", field="daily_limit")
    since = str(form.get("in_use_since", "")).strip()
    try:
        in_use_since = date.fromisoformat(since) if since else None
    except ValueError:
        raise InvalidInput("Введите дату.", field="in_use_since") from None
    return Limits(
        daily_limit=int(limit),
        quiet_start=_time(form, "quiet_start"),
        quiet_end=_time(form, "quiet_end"),
        is_warm=bool(form.get("is_warm")),
        in_use_since=in_use_since,
    )


def _time(form: dict[str, Any], field: str) -> time:
    try:
        return time.fromisoformat(str(form.get(field, "")))
    except ValueError:
        raise InvalidInput("Введите время, например 21:00.", field=field) from None
