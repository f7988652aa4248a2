"""A little law of our own for the tests, in every form in which laws come."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

from font_roboto import Roboto
from fpdf import FPDF

from cube_demper.domain.lawyer.schemas import Act, ArticleText

CODE = "Z990000001_"
FIRST = date(2025, 1, 1)
SECOND = date(2026, 3, 1)
LINES = (
    "О продаже чайников",
    "Закон Республики Чайной от 1 мая 1999 года № 1-I (с изменениями по состоянию на 01.01.2025 г.)",
    "Глава 1. ПРОДАЖА",
    "Статья 1. Возврат чайника",
    "1. Покупатель возвращает чайник за двадцать дней, если крышка цела.",
    "2. Продавец отдаёт деньги за три дня.",
    "Сноска. Статья 1 с изменением от 01.01.2025.",
    "Статья 2-1. Гарантия на носик",
    "Носик чинят бесплатно один год.",
    "Глава 2. ШТРАФЫ",
    "Статья 3. Штраф за протечку",
    "Продажа чайника, который течёт, –",
    "влечет штраф в размере пяти чайных показателей.",
    "Статья 4. Исключена законом от 01.01.2025.",
)


def act(edition: date = FIRST, *, code: str = CODE, days: str = "двадцать") -> Act:
    """Return an edition; `days`: how many its first article gives, the only thing that changes."""
    chapter = "Глава 1. ПРОДАЖА"
    return Act(
        law_code=code,
        language="ru",
        title="О продаже чайников",
        number="№ 1-I",
        edition=edition,
        url=f"https://adilet.zan.kz/rus/docs/{code}",
        articles=(
            ArticleText(
                "1",
                "Возврат чайника",
                chapter,
                f"Покупатель возвращает чайник за {days} дней, если крышка цела.",
            ),
            ArticleText("2-1", "Гарантия на носик", chapter, "Носик чинят бесплатно один год."),
            ArticleText(
                "3",
                "Штраф за протечку",
                "Глава 2. ШТРАФЫ",
                "Продажа чайника, который течёт.\n" * 60,
            ),
            ArticleText("4", "Исключена", "Глава 2. ШТРАФЫ", "", "", is_repealed=True),
        ),
    )


def with_articles(*articles: ArticleText) -> Act:
    """Return the act with other articles."""
    return replace(act(), articles=articles)


def jsonl(path: Path, given: Act) -> Path:
    """Write an edition as JSONL."""
    rows = [
        {
            "law": given.title,
            "law_code": given.law_code,
            "edition": given.edition.isoformat(),
            "article": it.number,
            "title": it.title,
            "chapter": it.chapter,
            "text": it.body,
            "number": given.number,
            "status": "excluded" if it.is_repealed else "active",
        }
        for it in given.articles
    ]
    path.write_text("\n".join(json.dumps(it, ensure_ascii=False) for it in rows), "utf-8")
    return path


def docx(lines: tuple[str, ...] = LINES) -> bytes:
    """Return a DOCX with a paragraph a line."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{escape(it[:7])}</w:t></w:r><w:r><w:t>{escape(it[7:])}</w:t></w:r></w:p>"
        for it in lines
    )
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f"<w:document {space}><w:body>{paragraphs}</w:body></w:document>",
        )
    return file.getvalue()


def pdf(lines: tuple[str, ...] = LINES, *, password: str = "") -> bytes:
    """Return a narrow PDF, so that long lines are broken."""
    paper = FPDF(format=(90, 120))
    paper.add_font("Roboto", fname=Roboto)
    if password:
        paper.set_encryption(owner_password=password, user_password=password)
    paper.add_page()
    paper.set_font("Roboto", size=10)
    for line in lines:
        paper.multi_cell(0, 5, line, new_x="LMARGIN", new_y="NEXT", align="L")
    return bytes(paper.output())


def page(lines: tuple[str, ...] = LINES, *, encoding: str = "utf-8") -> bytes:
    """Return a saved page with a menu around the text."""
    paragraphs = "".join(f"<p><span>{escape(it)}</span></p>" for it in lines)
    return (
        f'<html><head><meta charset="{encoding}"><title>Ә</title><script>Статья 9. Нет</script>'.replace(
            "Ә", "Әділет" if encoding == "utf-8" else "Adilet"
        )
        + f'<link rel="canonical" href="https://adilet.zan.kz/rus/docs/{CODE}"></head>'
        "<body><nav>Статья 8. Меню</nav><div>Поиск</div>"
        f"<article>{paragraphs}</article><footer>Статья 7. Подвал</footer></body></html>"
    ).encode(encoding)
