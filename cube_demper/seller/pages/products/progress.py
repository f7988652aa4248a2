"""Long work over a selection: its numbers while it runs, and giving it up in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper.ui.actions import Text, button
from cube_demper.ui.dialogs import dialog_actions
from cube_demper.ui.format import number
from cube_demper.ui.i18n import tr
from cube_demper.ui.tiles import progress_bar

_AT_ONCE = 1_000
"""So many goods are changed within a blink."""


@dataclass
class Progress:
    """How far long work is: «1 200 из 5 000»; no words for what is over in a moment."""

    words: str = ""
    percent: int = 0


class Cancelled(Exception):
    """What is said to a person who gave long work up."""


def progress_of(done: int, total: int) -> Progress:
    """Put the progress into words."""
    if total <= _AT_ONCE:
        return Progress()
    return Progress(f"{number(done)} из {number(total)}", done * 100 // total)


class LongWork(rx.State, mixin=True):
    """Work in one transaction: given up before it is committed, it leaves nothing behind."""

    progress: Progress = Progress()
    _is_cancelled: bool = False

    async def _tell(self, done: int, total: int) -> None:
        """Show how far the work is. Raises Cancelled once the person has pressed «Отменить»."""
        async with self:
            if self._is_cancelled:
                raise Cancelled(_taken_back(done, total))
            self.progress = progress_of(done, total)


def _taken_back(done: int, total: int) -> str:
    if not done:
        return "Отменили: ни один товар не изменился"
    return f"Отменили на {number(done)} из {number(total)}: вернули всё как было"


def progress_panel(progress: rx.Var[Progress], title: Text, on_cancel: Any) -> rx.Component:
    """Stand in a dialog in place of its question while the work runs."""
    return rx.fragment(
        rx.el.p(title, " ", progress.words, class_name="k-strong", role="status"),
        progress_bar(progress.percent, title),
        rx.el.p(
            tr("Страницу можно закрыть: работа дойдёт до конца. Отмена вернёт всё как было."),
            class_name="k-second",
        ),
        dialog_actions(button(tr("Отменить"), on_click=on_cancel)),
    )
