"""What a search found, for a terminal and for programs. Pure."""

from __future__ import annotations

import json
from textwrap import shorten
from typing import Any, Final

from cube_demper.domain.lawyer.schemas import Found, Hit

_EXCERPT: Final = 240


def found_json(found: Found) -> str:
    """Write one JSON object: `results` ranked with law_code, article and score; `refused` and why."""
    shown: dict[str, Any] = {
        "results": [_result(it) for it in found.hits],
        "refused": bool(found.refusal),
        "reason": found.refusal,
        "notes": list(found.notes),
    }
    return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"


def _result(hit: Hit) -> dict[str, Any]:
    return {
        "law_code": hit.law_code,
        "article": hit.number,
        "score": hit.score,
        "title": hit.title,
        "law": hit.act,
        "edition": hit.passage.edition.isoformat() if hit.passage else None,
        "text": hit.passage.body if hit.passage else None,
        "summary": hit.summary,
        "url": hit.url,
    }


def found_text(found: Found) -> str:
    """Write for a person: what was found, an excerpt, where to read the whole."""
    lines = [found.refusal, ""] if found.refusal else []
    if found.refusal and found.hits:
        lines += ["Ближе всего:"]
    for place, hit in enumerate(found.hits, start=1):
        lines += [f"{place}. {hit.act}, статья {hit.number}. {hit.title}", f"   {_about(hit)}"]
        if hit.summary and hit.passage:
            lines.append(f"   Коротко: {hit.summary}")
        lines += [f"   {_where(hit)}", ""]
    return "\n".join([*lines, *found.notes]).strip() + "\n"


def _about(hit: Hit) -> str:
    if hit.passage is None:
        return f"{hit.summary} (Текст не загружен, это наше изложение.)"
    if hit.passage.is_repealed:
        return "Статья исключена."
    return shorten(hit.passage.body, _EXCERPT, placeholder=" …")


def _where(hit: Hit) -> str:
    edition = f", редакция {hit.passage.edition:%d.%m.%Y}" if hit.passage else ""
    return f"{hit.url}{edition}"
