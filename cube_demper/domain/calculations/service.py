"""Counting for people, keeping what they counted, and links that show one calculation to anybody."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, LimitReached, NotFound
from cube_demper.core.ids import token_hash
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.calculations import queries
from cube_demper.domain.calculations.papers import law_paper
from cube_demper.domain.calculations.schemas import Draft, Paper, Saved, SavedRow
from cube_demper.domain.calculations.unit_papers import LETTERS, unit_paper
from cube_demper.domain.calculators.reading import check_case
from cube_demper.domain.calculators.result import Result
from cube_demper.domain.calculators.service import CALCULATORS
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.profit_floors import Book
from cube_demper.domain.economics.study import Study, study
from cube_demper.domain.economics.unit_case import UnitCase
from cube_demper.domain.rates.rows import Dated
from cube_demper.domain.rates.tables import Tables, last_day
from cube_demper.models.calculations import CalculationKind, SavedCalculation

MOST_KEPT = 200
MOST_SCENARIOS = len(LETTERS)
_TITLE = 120
_TAKEN_BACK_WITHIN = timedelta(days=1)
_SECRET_BYTES = 16
_BASE_RATE = ("Базовая ставка известна", lambda tables: tables.base_rates)
_INDEX = ("МРП известен", lambda tables: tables.indexes)
_ENDING: Mapping[CalculationKind, tuple[str, Callable[[Tables], Iterable[Dated]]]] = {
    CalculationKind.PENALTY: _BASE_RATE,
    CalculationKind.TAX_PENALTY: _BASE_RATE,
    CalculationKind.TAX: _INDEX,
    CalculationKind.DUTY: _INDEX,
}
"""The table of each calculator of law that has an end."""


async def count_law(
    tx: ReadTx, actor: Actor, kind: CalculationKind, asked: Mapping[str, Any]
) -> Result:
    """Count a case of law as `cube calc` does. Raises WrongCase, NoRate, PermissionDenied."""
    _ = actor.owner_id
    return _law(kind, asked, await economics.current_book(tx))


async def reach(tx: ReadTx, actor: Actor, kind: CalculationKind) -> str:
    """Say until which day the figures of a calculator are known; «» when they have no end."""
    _ = actor.owner_id
    tables = (await economics.current_book(tx)).tables
    name, rows = _ENDING.get(kind, ("", None))
    last = last_day(rows(tables)) if rows else None
    return f"{name} по {last:%d.%m.%Y}." if last else ""


async def study_unit(
    tx: ReadTx, actor: Actor, scenarios: Sequence[Mapping[str, Any]]
) -> tuple[Study, ...]:
    """Study each scenario of one sale. Raises WrongCase, InvalidInput, NoRate, PermissionDenied."""
    _ = actor.owner_id
    return _unit(scenarios, await economics.current_book(tx))


async def paper_of(tx: ReadTx, actor: Actor, draft: Draft) -> Paper:
    """Put a calculation on paper. Raises as counting does."""
    _ = actor.owner_id
    return _paper(draft, await economics.current_book(tx))


async def nearest_categories(tx: ReadTx, actor: Actor, text: str) -> list[str]:
    """Return names of Kaspi's categories like what is typed, the likest first."""
    _ = actor.owner_id
    return (await economics.current_book(tx)).categories.nearest(text[:100])


async def keep(
    tx: WriteTx, actor: Actor, draft: Draft, now: datetime, *, saved_id: UUID | None = None
) -> UUID:
    """Keep a calculation, anew or in the place of `saved_id`.

    Raises:
        InvalidInput: no title, a case that is not one (WrongCase).
        LimitReached: too many are kept.
        NotFound: nothing of the actor's has this id.
        PermissionDenied: not a seller, or a manager without the right.
    """
    values: dict[str, Any] = {
        "title": _title(draft.title),
        "input": dict(draft.input),
        "figures_on": _figures_on(draft),
    }
    if saved_id is not None:
        await _change(tx, actor, saved_id, values)
    else:
        if await queries.count_kept(tx, actor) >= MOST_KEPT:
            raise LimitReached(f"Сохранить можно {MOST_KEPT} расчётов. Удалите ненужные.")
        row = SavedCalculation(user_id=actor.owner_id, kind=draft.kind, created_at=now, **values)
        tx.add(row)
        await tx.flush()
        saved_id = row.id
    await audit.record(tx, actor, "calculation_saved", "calculation", saved_id)
    return saved_id


async def list_kept(tx: ReadTx, actor: Actor) -> list[SavedRow]:
    """Return the actor's calculations, newest first."""
    return [_row(it) for it in await queries.list_kept(tx, actor, MOST_KEPT)]


async def get_kept(tx: ReadTx, actor: Actor, saved_id: UUID) -> Saved:
    """Return one of the actor's calculations. Raises NotFound, for somebody else's too."""
    found = await queries.find_kept(tx, actor, saved_id)
    if found is None:
        raise NotFound("Расчёта нет: его удалили, или ссылка неверна.")
    return Saved(_row(found), found.input)


async def rename(tx: WriteTx, actor: Actor, saved_id: UUID, title: str) -> None:
    """Give a kept calculation another title. Raises InvalidInput, NotFound, PermissionDenied."""
    await _change(tx, actor, saved_id, {"title": _title(title)})
    await audit.record(tx, actor, "calculation_renamed", "calculation", saved_id)


async def remove(tx: WriteTx, actor: Actor, saved_id: UUID, now: datetime) -> None:
    """Remove a calculation; its link stops working. It can be restored for a day."""
    await queries.forget_removed(tx, actor, now - _TAKEN_BACK_WITHIN)
    await _change(tx, actor, saved_id, {"deleted_at": now})
    await audit.record(tx, actor, "calculation_removed", "calculation", saved_id)


async def restore(tx: WriteTx, actor: Actor, saved_id: UUID) -> None:
    """Take a removal back, the link too. Raises NotFound when it is too late."""
    if not await queries.change(tx, actor, saved_id, {"deleted_at": None}, deleted=True):
        raise NotFound("Расчёт уже не вернуть.")
    await audit.record(tx, actor, "calculation_restored", "calculation", saved_id)


async def share(tx: WriteTx, actor: Actor, saved_id: UUID, box: SecretBox, now: datetime) -> str:
    """Return the path of the link that shows this calculation to anybody, the same one each time.

    Raises NotFound, PermissionDenied.
    """
    found = await queries.find_kept(tx, actor, saved_id)
    if found is not None and found.share_token is not None:
        return path_of(box.decrypt(found.share_token))
    token = secrets.token_urlsafe(_SECRET_BYTES)
    values = {
        "share_hash": token_hash(token),
        "share_token": box.encrypt(token),
        "shared_at": now,
    }
    await _change(tx, actor, saved_id, values)
    await audit.record(tx, actor, "calculation_shared", "calculation", saved_id)
    return path_of(token)


async def unshare(tx: WriteTx, actor: Actor, saved_id: UUID) -> None:
    """Revoke the link for good: a later one is another. Raises NotFound, PermissionDenied."""
    nothing = {"share_hash": None, "share_token": None, "shared_at": None}
    await _change(tx, actor, saved_id, nothing)
    await audit.record(tx, actor, "calculation_unshared", "calculation", saved_id)


async def read_shared(tx: ReadTx, _actor: Actor, token: str) -> tuple[Paper, date]:
    """Return what a link shows to anybody, with the day of its figures. Raises NotFound."""
    found = await queries.find_shared(tx, token_hash(token))
    if found is None:
        raise NotFound("Ссылка не работает: её отозвали, или в ней опечатка.")
    draft = Draft(CalculationKind(found.kind), found.title, found.input)
    return _paper(draft, await economics.current_book(tx)), found.figures_on


def path_of(token: str) -> str:
    """Return the address of a shared calculation on our site."""
    return f"/c/{token}"


async def _change(tx: WriteTx, actor: Actor, saved_id: UUID, values: dict[str, Any]) -> None:
    if not await queries.change(tx, actor, saved_id, values):
        raise NotFound("Расчёта нет: его удалили, или ссылка неверна.")


def _law(kind: CalculationKind, asked: Mapping[str, Any], book: Book) -> Result:
    calculator = CALCULATORS[kind]
    return calculator.count(check_case(calculator.case, dict(asked)), book.tables)


def _unit(scenarios: Sequence[Mapping[str, Any]], book: Book) -> tuple[Study, ...]:
    if not 0 < len(scenarios) <= MOST_SCENARIOS:
        raise InvalidInput(f"Сценариев может быть от 1 до {MOST_SCENARIOS}.")
    return tuple(study(check_case(UnitCase, dict(it)), book.tariffs) for it in scenarios)


def _paper(draft: Draft, book: Book) -> Paper:
    if draft.kind is CalculationKind.UNIT:
        asked = draft.input["scenarios"]
        return unit_paper(draft.title, asked, _unit(asked, book))
    return law_paper(draft.title, draft.input, _law(draft.kind, draft.input, book))


def _figures_on(draft: Draft) -> date:
    """Return the day whose figures the case uses. Raises WrongCase, InvalidInput."""
    if draft.kind is CalculationKind.UNIT:
        scenarios = draft.input.get("scenarios") or []
        if not 0 < len(scenarios) <= MOST_SCENARIOS:
            raise InvalidInput(f"Сценариев может быть от 1 до {MOST_SCENARIOS}.")
        return max(check_case(UnitCase, dict(it)).on for it in scenarios)
    case = check_case(CALCULATORS[draft.kind].case, dict(draft.input))
    day: date = getattr(case, "rate_on", None) or getattr(case, "on", None) or case.until
    return day


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise InvalidInput("Дайте расчёту название.", field="title")
    if len(title) > _TITLE:
        raise InvalidInput(f"Название: не больше {_TITLE} знаков.", field="title")
    return title


def _row(saved: SavedCalculation) -> SavedRow:
    return SavedRow(
        id=saved.id,
        kind=CalculationKind(saved.kind),
        title=saved.title,
        figures_on=saved.figures_on,
        created_at=saved.created_at,
        shared_at=saved.shared_at,
    )
