"""Pure rules of the catalogue sync: what is believed, and when a run is given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cube_demper.domain.catalog.schemas import CabinetPage
from cube_demper.domain.catalog.syncs.schemas import PAGE_SIZE, SyncRun
from cube_demper.models.syncing import SyncState

RESUMABLE_FOR = timedelta(hours=1)
"""A stopped run older than this begins anew: what it read is no longer what the cabinet shows."""
QUIET = timedelta(minutes=1)
"""The product itself asks for a sync of one store at most this often."""
PATIENCE_WITH_ANSWERS = 3
"""Tries at an answer that makes no sense; more of them would not help."""
PATIENCE_WITH_SILENCE = 10
"""Tries while Kaspi is away or busy: about an hour by the outbox's back-off."""
_FEW = 3


def expected_rows(page: CabinetPage, number: int) -> int:
    """Return how many goods the page must hold by its own total."""
    return max(0, min(PAGE_SIZE, page.total - number * PAGE_SIZE))


def is_last(page: CabinetPage, number: int) -> bool:
    """Tell whether the list ends here; an empty page is the end of it, whatever its total says."""
    return not page.products or (number + 1) * PAGE_SIZE >= page.total


def is_patience_spent(run: SyncRun) -> bool:
    """Tell whether a page that contradicts its own total was asked for often enough.

    Then it is taken as it is: whatever it left out is asked about one by one at the end.
    """
    return run.tries >= PATIENCE_WITH_ANSWERS - 1


def is_hard_to_believe(missing: int, known: int, last: SyncRun | None) -> bool:
    """Tell whether so many goods cannot have gone: more than half at once, seen for the first time.

    `last`: the run before. When that one met about as many missing, they are gone.
    """
    if missing <= max(_FEW, known // 2):
        return False
    seen_before = last.suspected if last else None
    return seen_before is None or abs(seen_before - missing) > max(_FEW, missing // 10)


def can_resume(run: SyncRun | None, now: datetime) -> bool:
    """Tell whether a stopped run goes on from its page; what was not believed is read anew."""
    return (
        run is not None
        and run.state in (SyncState.CANCELLED, SyncState.FAILED)
        and run.suspected is None
        and run.started_at is not None
        and now - run.started_at < RESUMABLE_FOR
    )


def differs(known: Mapping[str, object], row: Mapping[str, object]) -> bool:
    """Tell whether the cabinet says something new; what it does not say (None) is no news."""
    return any(row[name] is not None and row[name] != value for name, value in known.items())
