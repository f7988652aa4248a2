"""`/c/{token}`: one shared calculation for whoever has its link, and nothing else of the seller."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from cube_demper import bootstrap
from cube_demper.api import front_pages
from cube_demper.core.errors import DomainError, NotFound
from cube_demper.core.money import format_tenge
from cube_demper.domain.accounts.schemas import NOBODY
from cube_demper.domain.calculations import service as calculations
from cube_demper.domain.calculations.schemas import Cell, Paper, Section

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
"""A revoked link must stop at once, and no search engine may keep what it showed."""


def calculation_routes() -> APIRouter:
    """Return the route of shared calculations."""
    router = APIRouter()

    @router.get("/c/{token}", response_class=HTMLResponse)
    async def shared(token: str) -> HTMLResponse:
        try:
            async with bootstrap.web().db.read() as tx:
                paper, on = await calculations.read_shared(tx, NOBODY, token[:100])
        except DomainError as error:
            is_lost = isinstance(error, NotFound)
            status = HTTPStatus.NOT_FOUND if is_lost else HTTPStatus.CONFLICT
            title = "Расчёта нет" if is_lost else "Расчёт не открылся"
            return HTMLResponse(_refusal(title, error.message), status, headers=_HEADERS)
        return HTMLResponse(_page(paper, f"Ставки на {on:%d.%m.%Y}"), headers=_HEADERS)

    return router


def _refusal(title: str, text: str) -> str:
    body = f'<div class="text"><h1>{title}</h1><p>{escape(text)}</p></div>'
    return front_pages.page(f"{title} · Cube Demper", body)


def _page(paper: Paper, subtitle: str) -> str:
    title = escape(paper.title)
    notes = "".join(f"<li>{escape(note)}</li>" for note in paper.notes)
    sections = "".join(_section(it) for it in paper.sections)
    body = (
        f'<div class="paper"><h1>{title}</h1><p class="lead">{subtitle}</p>'
        f"{sections}<ul class='note'>{notes}</ul>"
        '<p class="note">Этим расчётом с вами поделились. Проверьте ставки, прежде чем решать.</p></div>'
    )
    return front_pages.page(f"{title} · Cube Demper", body)


def _section(section: Section) -> str:
    head = "".join(f'<th scope="col">{escape(it)}</th>' for it in section.head)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in section.rows)
    top = f"<thead><tr>{head}</tr></thead>" if head else ""
    name = escape(section.title)
    return (
        f'<h2>{name}</h2><div class="table" role="region" aria-label="{name}" tabindex="0">'
        f"<table>{top}<tbody>{rows}</tbody></table></div>"
    )


def _cell(value: Cell) -> str:
    if isinstance(value, int):
        return f'<td class="sum">{format_tenge(value)}</td>'
    return f"<td>{escape(value or '')}</td>"
