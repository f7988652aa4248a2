"""Switches: each has a gate in the code that asks it; one that nobody touched is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.models.steering import FeatureFlag, Switch

_DEFAULT_REASON: Final = "Ведутся работы, попробуйте позже."


class SwitchedOff(Conflict):
    """Сейчас это выключено для всех."""


@dataclass(frozen=True, slots=True)
class SwitchState:
    """A switch as it stands; `changed_at` None: nobody has touched it."""

    code: Switch
    is_on: bool = True
    reason: str = ""
    changed_at: datetime | None = None


async def list_switches(tx: ReadTx, actor: Actor) -> list[SwitchState]:
    """Return all switches. Raises PermissionDenied."""
    actor.require_operator()
    return list((await _states(tx)).values())


async def is_on(tx: ReadTx, code: Switch) -> bool:
    """Tell whether this may go on."""
    row = await tx.scalar(select(FeatureFlag.is_on).where(col(FeatureFlag.code) == code))
    return row is not False


async def require(tx: ReadTx, code: Switch, what: str) -> None:
    """Pass while a switch is on. Raises SwitchedOff: «`what` сейчас выключено: why»."""
    state = (await _states(tx))[code]
    if not state.is_on:
        raise SwitchedOff(f"{what} {state.reason or _DEFAULT_REASON}")


async def turn(
    tx: WriteTx, actor: Actor, code: Switch, *, is_on: bool, reason: str = ""
) -> SwitchState:
    """Switch something off for everybody, saying why, or on again.

    Raises InvalidInput without a reason, Conflict when it stands so already, PermissionDenied.
    """
    actor.require_operator()
    reason = " ".join(reason.split())[:200]
    before = (await _states(tx))[code]
    if before.is_on == is_on:
        raise Conflict("Кто-то уже переключил это: обновите страницу.")
    if not is_on and not reason:
        raise InvalidInput(
            "Напишите причину: её прочитают те, кому это понадобится.", field="reason"
        )
    values = {"is_on": is_on, "reason": "" if is_on else reason}
    statement = insert(FeatureFlag).values(code=code, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))
    action = "switched_on" if is_on else "switched_off"
    await audit.record(
        tx, actor, action, "switch", code.value,
        before={"is_on": before.is_on, "reason": before.reason}, after=values,
    )  # fmt: skip
    return (await _states(tx))[code]


async def _states(tx: ReadTx) -> Mapping[Switch, SwitchState]:
    rows = (await tx.scalars(select(FeatureFlag).execution_options(populate_existing=True))).all()
    known = {
        it.code: SwitchState(Switch(it.code), it.is_on, it.reason, it.updated_at) for it in rows
    }
    return {it: known.get(it, SwitchState(it)) for it in Switch}
