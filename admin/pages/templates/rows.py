"""Versions of a default text, and the question before a new one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from admin.asking import Question
from cube_demper.domain.messaging.defaults import DefaultText, Reach, Version
from cube_demper.ui.format import counted, moment
from cube_demper.ui.template_editor import Editor

_SELLERS = ("продавец", "продавца", "продавцов")


@dataclass
class VersionRow:
    """One version; `number` is what brings it back."""

    number: int
    title: str
    who: str
    text: str
    is_now: bool


def version_rows(it: DefaultText, now: datetime) -> list[VersionRow]:
    """List the versions, the newest first."""
    return [_row(version, is_now=version is it.now, now=now) for version in it.versions]


def _row(it: Version, *, is_now: bool, now: datetime) -> VersionRow:
    shipped = "исходный текст сервиса" if it.is_shipped else ""
    return VersionRow(
        number=it.number,
        title=moment(it.at, now=now) if it.at else "Исходный текст сервиса",
        who=", ".join(part for part in (it.who, shipped) if part) if it.at else "",
        text=it.text,
        is_now=is_now,
    )


def reach_words(it: Reach) -> str:
    """Say whom a default reaches: «Так пишут 12 продавцов; свой текст у 3»."""
    if not it.sellers:
        return "WhatsApp ещё никто не подключил"
    return f"Так пишут {counted(it.sellers - it.own, *_SELLERS)}; свой текст у {it.own}"


def question(editor: Editor, reach: Reach) -> Question:
    """Ask before everybody's text changes."""
    language = "по-казахски" if editor.language == "kk" else "по-русски"
    wrong = [("Переменных нет, уйдут как есть", editor.unknown)] if editor.unknown else []
    return Question(
        deed="save",
        title=f"Сменить текст «{editor.title}» {language}?",
        text="Так уйдут и сообщения, которые уже ждут. Прежний текст останется в истории.",
        confirm="Сменить",
        facts=[
            ("Станут писать так", counted(reach.sellers - reach.own, *_SELLERS)),
            ("Останутся при своём тексте", counted(reach.own, *_SELLERS)),
            *wrong,
        ],
    )
