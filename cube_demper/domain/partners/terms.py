"""The programme's rules as they are in force: dated rows, those of this file until there is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import queries
from cube_demper.domain.partners.rules import Terms
from cube_demper.models.partner_program import PartnerTerms, Touch

_DAYS = {"cookie_days": (1, 365), "hold_days": (0, 180), "referral_percent": (0, 100)}


async def terms(tx: ReadTx, now: datetime) -> Terms:
    """Return the rules in force."""
    row = await queries.terms_at(tx, now)
    if row is None:
        return Terms()
    return Terms(
        Touch(row.touch), row.cookie_days, row.hold_days, row.min_payout, row.referral_percent
    )


async def change_terms(tx: WriteTx, actor: Actor, now: datetime, **changes: Any) -> Terms:
    """Set rules from now on; what is not named stays. What was accrued keeps its own.

    Raises InvalidInput, PermissionDenied.
    """
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied
    known = await terms(tx, now)
    wished = replace(known, **changes)
    for name, (least, most) in _DAYS.items():
        if not least <= getattr(wished, name) <= most:
            raise InvalidInput(f"{name}: от {least} до {most}.", field=name)
    if wished.min_payout < 0:
        raise InvalidInput("Сумма не может быть отрицательной.", field="min_payout")
    tx.add(
        PartnerTerms(
            begins_at=now,
            touch=wished.touch,
            cookie_days=wished.cookie_days,
            hold_days=wished.hold_days,
            min_payout=wished.min_payout,
            referral_percent=wished.referral_percent,
        )
    )
    await tx.flush()
    before, after = ({name: str(getattr(it, name)) for name in changes} for it in (known, wished))
    await audit.record(
        tx, actor, "partner_terms_changed", "partner_terms", before=before, after=after
    )
    return wished
