"""When a notification goes out, and how many fit into one message. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from cube_demper.core.clock import ALMATY
from cube_demper.domain.notifications.schemas import Wishes

_EPOCH = datetime(2026, 1, 1, tzinfo=ALMATY)


def is_on(wishes: Wishes, kind: str, channel: str) -> bool:
    """Tell whether a person wants this kind on this channel: all that is not switched off."""
    return f"{kind}:{channel}" not in wishes.off


def due_at(wishes: Wishes, now: datetime, *, is_urgent: bool) -> datetime:
    """Return when a message may go: the end of this digest's window, never within quiet hours.

    An urgent one goes at once: a bot that stands still all night costs more than a night's rest.
    """
    if is_urgent:
        return now
    window = timedelta(minutes=wishes.digest_minutes)
    slot = _EPOCH + ((now - _EPOCH) // window + 1) * window
    return _after_quiet(slot, wishes.quiet_start, wishes.quiet_end)


def is_quiet(moment: datetime, start: time | None, end: time | None) -> bool:
    """Tell whether a moment is within quiet hours of Almaty; they may cross midnight."""
    if start is None or end is None:
        return False
    local = moment.astimezone(ALMATY).time()
    return start <= local < end if start < end else local >= start or local < end


def _after_quiet(moment: datetime, start: time | None, end: time | None) -> datetime:
    if end is None or not is_quiet(moment, start, end):
        return moment
    local = moment.astimezone(ALMATY)
    morning = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return morning if morning >= local else morning + timedelta(days=1)
