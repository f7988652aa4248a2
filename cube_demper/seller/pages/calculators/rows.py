"""Kept calculations as the list shows them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.calculations.schemas import SavedRow
from cube_demper.domain.calculations.words import KINDS
from cube_demper.ui import format as fmt


@dataclass
class KeptRow:
    """One kept calculation."""

    id: str = ""
    title: str = ""
    kind: str = ""
    link: str = ""
    figures_on: str = ""
    saved_at: str = ""
    is_shared: bool = False


def kept_row(row: SavedRow, now: datetime) -> KeptRow:
    """Turn a kept calculation into its line."""
    return KeptRow(
        id=str(row.id),
        title=row.title,
        kind=KINDS[row.kind][0],
        link=f"/calculators/{row.kind}?saved={row.id}",
        figures_on=f"{row.figures_on:%d.%m.%Y}",
        saved_at=fmt.moment(row.created_at, now=now),
        is_shared=row.shared_at is not None,
    )
