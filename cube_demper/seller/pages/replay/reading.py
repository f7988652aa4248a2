"""Reading runs, and the rule of the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import parse_tenge
from cube_demper.domain.catalog.edit_schemas import KEEP, TermsChange
from cube_demper.domain.replay import service as replays
from cube_demper.domain.replay.schemas import Row, RunView, Sums
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import StoreBot
from cube_demper.ui import session


@dataclass(frozen=True)
class Picture:
    """The seller's stores and the run that the address asks for, else the newest."""

    stores: Sequence[StoreBot]
    run: RunView | None
    sums: Sums | None = None
    rows: Sequence[Row] = ()


async def read_picture(asked: str) -> Picture:
    """Read; nonsense in the address means the newest run."""
    actor = session.current_actor()
    async with bootstrap.web().db.read() as tx:
        own = await stores.list_stores(tx, actor)
        run = await replays.find_run(tx, actor, _uuid(asked))
        if run is None:
            return Picture(own, None)
        sums, rows = await replays.results_of(tx, actor, run.id)
        return Picture(own, run, sums, rows)


def read_rule(form: dict[str, Any]) -> TermsChange:
    """Read the rule for many goods: each keeps its own bounds. Raises InvalidInput."""
    strategy = str(form.get("strategy") or "")
    step = str(form.get("step") or "").strip()
    place = str(form.get("top_n") or "").strip()
    is_top = strategy == "stay_top_n"
    if is_top and (not place.isdecimal() or len(place) > 3):
        raise InvalidInput("Введите целое число.", field="top_n")
    if not strategy and not step:
        raise InvalidInput("Выберите стратегию или задайте шаг.", field="strategy")
    return TermsChange(
        strategy=strategy or KEEP,
        top_n=int(place) if is_top else KEEP,
        step=parse_tenge(step, field="step") if step else KEEP,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
