"""The payer's requisites between the form and the domain."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import payer
from cube_demper.domain.billing.payer import Payer


@dataclass
class RequisitesRow:
    """What the form shows."""

    company: str = ""
    bin: str = ""
    address: str = ""
    iban: str = ""
    bank: str = ""
    bik: str = ""


async def read_requisites(tx: ReadTx, actor: Actor) -> RequisitesRow:
    """Read what was saved. Raises PermissionDenied."""
    return RequisitesRow(**asdict(await payer.get_payer(tx, actor)))


async def save_requisites(tx: WriteTx, actor: Actor, form: dict[str, Any]) -> RequisitesRow:
    """Save what a form says. Raises InvalidFields, PermissionDenied."""
    names = RequisitesRow.__dataclass_fields__
    given = Payer(**{name: str(form.get(name) or "") for name in names})
    return RequisitesRow(**asdict(await payer.save_payer(tx, actor, given)))
