"""An import and its rows in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cube_demper.domain.catalog.importing.schemas import BUSY, ImportRow, ImportView
from cube_demper.models.imports import GoodsImportStatus, ImportKind, RowVerdict
from cube_demper.seller.pages.products_import.words import WORDS, will
from cube_demper.ui.format import moment, number

_HISTORY: Mapping[GoodsImportStatus, tuple[str, str]] = {
    GoodsImportStatus.READING: ("Читаем", "blue"),
    GoodsImportStatus.READY: ("Ждёт решения", "amber"),
    GoodsImportStatus.APPLYING: ("Применяем", "blue"),
    GoodsImportStatus.APPLIED: ("Применён", "green"),
    GoodsImportStatus.UNDOING: ("Возвращаем", "blue"),
    GoodsImportStatus.UNDONE: ("Отменён", "gray"),
    GoodsImportStatus.REFUSED: ("Не подошёл", "red"),
    GoodsImportStatus.CANCELLED: ("Не применён", "gray"),
}


@dataclass
class Current:
    """The import that the address names."""

    id: str = ""
    is_batches: bool = False
    file_name: str = ""
    title: str = ""
    text: str = ""
    tone: str = "blue"
    percent: int = 0
    is_busy: bool = False
    can_apply: bool = False
    can_cancel: bool = False
    can_undo: bool = False
    has_rows: bool = False
    apply_words: str = ""
    undo_words: str = ""
    changed: int = 0
    refused: int = 0
    same: int = 0


@dataclass
class Line:
    """One row of the file."""

    id: str
    number: str
    name: str
    sku: str
    what: str


@dataclass
class HistoryLine:
    """One import of the past."""

    id: str
    name: str
    when: str
    status: str
    tone: str
    result: str


def current_of(view: ImportView, now: datetime) -> Current:
    """Put an import into words."""
    title, text, tone = _telling(view)
    words = WORDS[view.kind]
    count = words.count(view.changed)
    steady = view.status not in BUSY
    return Current(
        id=str(view.id),
        is_batches=view.kind is ImportKind.BATCHES,
        file_name=view.file_name,
        title=title,
        text=text,
        tone=tone,
        percent=_percent(view),
        is_busy=not steady,
        can_apply=view.status is GoodsImportStatus.READY and view.changed > 0,
        can_cancel=view.status
        in (GoodsImportStatus.READING, GoodsImportStatus.READY, GoodsImportStatus.APPLYING),
        can_undo=view.can_undo(now),
        has_rows=steady and view.changed + view.same + view.refused > 0,
        apply_words=words.apply.format(count),
        undo_words=words.undo.format(count),
        changed=view.changed,
        refused=view.refused,
        same=view.same,
    )


def line_of(row: ImportRow, kind: ImportKind) -> Line:
    """Put one row into words: «Мин. цена 9 000 ₸ → 8 000 ₸»."""
    what = row.reason if row.verdict is RowVerdict.REFUSED else WORDS[kind].row(row)
    return Line(
        id=str(row.number),
        number=number(row.number),
        name=row.name or "—",
        sku=row.sku,
        what=what[:1].upper() + what[1:],
    )


def history_line(view: ImportView, now: datetime) -> HistoryLine:
    """Put one import of the past into words."""
    word, tone = _HISTORY[view.status]
    words = WORDS[view.kind]
    result = {
        GoodsImportStatus.APPLIED: words.applied.format(words.count(view.changed)),
        GoodsImportStatus.UNDONE: words.undone.format(words.count(view.done)),
        GoodsImportStatus.REFUSED: view.note,
    }.get(view.status, "")
    when = moment(view.created_at, now=now)
    return HistoryLine(str(view.id), view.file_name, when, word, tone, result)


def _telling(view: ImportView) -> tuple[str, str, str]:
    """Return a title, a sentence and a tone."""
    far = f"{number(view.done)} из {number(view.changed)}"
    words = WORDS[view.kind]
    kept = words.kept.format(words.count(view.kept)) if view.kept else ""
    telling = {
        GoodsImportStatus.READING: ("Читаем файл", _read_so_far(view), "blue"),
        GoodsImportStatus.READY: _preview(view),
        GoodsImportStatus.APPLYING: ("Применяем", far, "blue"),
        GoodsImportStatus.APPLIED: (
            words.applied.format(words.count(view.changed)),
            "Вернуть как было можно в течение суток.",
            "green",
        ),
        GoodsImportStatus.UNDOING: ("Возвращаем как было", far, "blue"),
        GoodsImportStatus.UNDONE: (words.undone.format(words.count(view.done)), kept, "green"),
        GoodsImportStatus.REFUSED: ("Файл не подошёл", view.note, "red"),
        GoodsImportStatus.CANCELLED: ("Загрузка отменена", "Товары остались как были.", "blue"),
    }
    return telling[view.status]


def _read_so_far(view: ImportView) -> str:
    if not view.total:
        return "Открываем файл…"
    return f"{number(view.done)} из {number(view.total)}"


def _preview(view: ImportView) -> tuple[str, str, str]:
    rest = WORDS[view.kind].left(view.refused)
    left = f"{rest}." if view.refused else ""
    if not view.changed:
        text = left or WORDS[view.kind].same
        return "Ничего не изменится", text, "blue"
    text = view.note or left or "Все строки подходят."
    return will(view.kind, view.changed), text, "amber" if view.note else "blue"


def _percent(view: ImportView) -> int:
    whole = view.total if view.status is GoodsImportStatus.READING else view.changed
    return min(100, 100 * view.done // whole) if whole else 0
