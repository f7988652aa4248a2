"""One change for a selection, told in numbers before it is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import Conflict, InvalidInput
from cube_demper.core.money import format_tenge, parse_tenge
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import (
    Base,
    Bound,
    BoundChange,
    BulkChange,
    BulkReport,
    MarginChange,
    PriorityChange,
    StepChange,
    StrategyChange,
)
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.seller.pages.products.address import filter_of
from cube_demper.seller.pages.products.progress import Cancelled, LongWork, Progress
from cube_demper.seller.pages.products.switch_state import SwitchState, chosen
from cube_demper.seller.pages.products.words import goods, of_goods, refusal_lines
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.selection import unselect

_MOVES_SHOWN = 5
_BLANK_FORM = {"bulk_only_blank": "on"}
KINDS = ("min", "max", "step", "strategy", "priority")


@dataclass
class Preview:
    """What the change would do; `is_known` once the numbers are there."""

    is_known: bool = False
    can_apply: bool = False
    title: str = ""
    lines: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)


class BulkState(LongWork, FormErrors, rx.State):
    """The dialog of a bulk change: first the value, then the numbers, then it is done."""

    kind: str = ""
    typed: dict[str, str] = {}
    """What stands in the form, so that going back from the numbers to it loses nothing."""
    preview: Preview = Preview()
    _selection: Selection = Selection()
    _change: BulkChange | None = None
    _plan: str | None = None

    @guarded(Role.USER)
    async def open(self, kind: str, ids: list[str], everything: bool) -> None:
        """Ask for the new value for the selection; `kind` names what changes."""
        if kind not in KINDS:
            raise InvalidInput("Выберите, что изменить.")
        self._selection = chosen(ids, filter_of(self.router.url) if everything else None)
        self.errors, self.preview, self._change = {}, Preview(), None
        self.kind, self.typed = kind, dict(_BLANK_FORM)

    @guarded(Role.USER)
    async def count(self, form: dict[str, Any]) -> None:
        """Read the form and say what it would do."""
        self.errors = {}
        self.preview = Preview()
        self.typed = {name: str(value) for name, value in form.items() if value}
        self._change = _read_change(self.kind, form)
        services = bootstrap.web()
        async with services.db.read() as tx:
            report = await catalog.preview_bulk(
                tx, session.current_actor(), self._selection, self._change, services.clock.now()
            )
        # Only what depends on figures and prices of the moment must still be what was shown.
        self._plan = report.plan if isinstance(self._change, MarginChange) else None
        self.preview = _preview(report)

    @guarded(Role.USER, background=True)
    async def apply(self) -> Any:
        """Make the change that was counted; leaving the page does not stop it, cancelling does."""
        async with self:
            selection, change, plan = self._selection, self._change, self._plan
            if self.is_busy:
                return
            if change is None:
                self.preview = Preview()
            else:
                self.is_busy, self._is_cancelled = True, False
        if change is None:
            yield toasts.told("Расчёт устарел. Посчитайте ещё раз.")
            return
        services, actor = bootstrap.web(), session.current_actor()
        try:
            async with services.db.write() as tx:
                report = await catalog.bulk_change(
                    tx,
                    actor,
                    selection,
                    change,
                    services.clock.now(),
                    on_progress=self._tell,
                    plan=plan,
                )
        except (Cancelled, InvalidInput, Conflict) as why:
            yield toasts.told(str(why))
            return
        finally:
            async with self:
                self._shut()
        yield unselect()
        if report.undo_id is not None:
            words = f"Изменили у {of_goods(report.changed)}"
            yield toasts.undo(words, SwitchState.undo(str(report.undo_id)))

    @guarded(Role.USER)
    async def change_again(self) -> None:
        """Go back from the numbers to the form."""
        self.preview = Preview()

    @guarded(Role.USER)
    async def close(self) -> None:
        """Leave everything as it is; what is being made now is taken back."""
        if self.is_busy:
            self._is_cancelled = True
        else:
            self._shut()

    def _shut(self) -> None:
        self.kind, self.preview, self._change, self.is_busy = "", Preview(), None, False
        self.progress = Progress()


def _read_change(kind: str, form: dict[str, Any]) -> BulkChange:
    if kind == "strategy":
        strategy, _, place = str(form.get("bulk_strategy", "")).partition(":")
        return StrategyChange(strategy, int(place) if place.isdecimal() else None)
    if kind == "step":
        text = str(form.get("bulk_step", "")).strip()
        return StepChange(parse_tenge(text, field="step") if text else None)
    if kind == "priority":
        return PriorityChange(form.get("bulk_priority") == "on")
    return _read_bound(Bound.MAX if kind == "max" else Bound.MIN, form)


def _read_bound(bound: Bound, form: dict[str, Any]) -> BoundChange | MarginChange:
    only_blank = bool(form.get("bulk_only_blank"))
    price = str(form.get("bulk_price", "")).strip()
    percent = str(form.get("bulk_percent", "")).strip().removesuffix("%").strip()
    if bool(price) == bool(percent):
        raise InvalidInput("Заполните одно из двух: сумму или процент.", field="percent")
    if price:
        return BoundChange(bound, price=parse_tenge(price, field="price"), only_blank=only_blank)
    if not percent.isdecimal() or not int(percent) <= 900:
        raise InvalidInput("Введите целый процент, например 15.", field="percent")
    side, _, base = str(form.get("bulk_base", "")).partition(":")
    if side == "margin":
        return MarginChange(int(percent), only_blank=only_blank)
    share = 100 - int(percent) if side == "below" else 100 + int(percent)
    base = Base.COST if base == "cost" else Base.PRICE
    return BoundChange(bound, percent=share, base=base, only_blank=only_blank)


def _preview(report: BulkReport) -> Preview:
    lines = refusal_lines(report)
    if report.same:
        lines = [f"{goods(report.same)} уже с таким значением", *lines]
    if not report.changed:
        return Preview(True, False, "Ничего не изменится", lines)
    return Preview(True, True, f"Изменится у {of_goods(report.changed)}", lines, _moves(report))


def _moves(report: BulkReport) -> list[str]:
    """Show the first few: «Утюг: 12 990 ₸ → 13 400 ₸»."""
    shown = [
        f"{it.name}: {format_tenge(it.old)} → {format_tenge(it.new)}"
        for it in report.moves[:_MOVES_SHOWN]
    ]
    rest = report.changed - len(shown)
    return [*shown, f"и ещё {goods(rest)}"] if shown and rest > 0 else shown
