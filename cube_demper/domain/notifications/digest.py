"""Several notifications as one message: a letter, or a text for Telegram. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from cube_demper.core.russian import counted
from cube_demper.domain.notifications.kinds import kind_of
from cube_demper.domain.notifications.letters import compose
from cube_demper.domain.notifications.schemas import Item, Letter

TELEGRAM_LIMIT = 4096
"""Characters of one message, Bot API `sendMessage`."""
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, or several of a kind. `link`: an address, or empty."""

    title: str
    body: str
    link: str


def lines_of(items: Sequence[Item], site: str) -> list[Line]:
    """Group what is of one kind; what cannot wait comes first, else the order of `items` stays."""
    by_kind: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_kind[item.kind].append(item)
    kinds = sorted(by_kind, key=lambda code: not kind_of(code).is_urgent)
    return [_line(code, by_kind[code], site) for code in kinds]


def letter(items: Sequence[Item], site: str) -> Letter:
    """Write the letter of a digest; its button leads to what happened, or to the list."""
    lines = lines_of(items, site)
    first = lines[0]
    if len(lines) == 1:
        address = first.link or f"{site}/notifications"
        rest = [first.body] if first.body else []
        return compose(
            first.title, first.title, *rest, _how_to_stop(site), button=("Открыть", address)
        )
    subject = f"{first.title} и ещё {counted(len(lines) - 1, 'событие', 'события', 'событий')}"
    paragraphs = [f"{line.title}. {line.body}".strip() for line in lines]
    return compose(
        subject,
        "Вот что произошло в ваших магазинах.",
        *paragraphs,
        _how_to_stop(site),
        button=("Открыть уведомления", f"{site}/notifications"),
    )


def telegram_text(items: Sequence[Item], site: str) -> str:
    """Write the same for Telegram, as its HTML; what does not fit is left to the list."""
    more = f'\n\n<a href="{escape(site)}/notifications">Все уведомления</a>'
    text = ""
    for line in lines_of(items, site):
        title = f"<b>{escape(line.title)}</b>"
        if line.link:
            title = f'<a href="{escape(line.link)}">{title}</a>'
        block = f"{title}\n{escape(line.body)}".strip()
        if len(text) + len(block) + 2 + len(more) > TELEGRAM_LIMIT:
            return text.strip() + more
        text += f"\n\n{block}"
    return text.strip()


def _line(code: str, items: Sequence[Item], site: str) -> Line:
    if len(items) == 1:
        (item,) = items
        return Line(item.title, item.body, f"{site}{item.link}" if item.link else "")
    titles = "; ".join(item.title for item in items[:_EXAMPLES])
    rest = len(items) - _EXAMPLES
    body = f"{titles} и ещё {rest}" if rest > 0 else titles
    return Line(kind_of(code).grouped(len(items)), body, f"{site}/notifications?tab={code}")


def _how_to_stop(site: str) -> str:
    return f"Что и когда присылать, выбирается в настройках: {site}/settings?tab=notifications"
