"""The one look of our letters: a few sentences and at most one button, as text and as plain HTML."""

from __future__ import annotations

from html import escape

from cube_demper.domain.notifications.schemas import Letter

_FONT = "font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:22px;color:#1c2024"
_BUTTON = (
    "display:inline-block;padding:11px 20px;border-radius:8px;background:#3e63dd;color:#ffffff;"
    "text-decoration:none;font-weight:bold"
)


def compose(subject: str, *paragraphs: str, button: tuple[str, str] | None = None) -> Letter:
    """Build a letter; the button follows the first paragraph, its address is readable in the text."""
    head, *rest = paragraphs
    lines, blocks = [head], [_paragraph(head)]
    if button:
        label, link = button
        lines.append(f"{label}: {link}")
        blocks.append(f'<p style="margin:24px 0"><a style="{_BUTTON}" href="{escape(link)}">')
        blocks.append(f"{escape(label)}</a></p>")
    lines += [*rest, "Cube Demper"]
    blocks += [_paragraph(text) for text in rest]
    html = (
        f'<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{escape(subject)}'
        f'</title></head><body style="margin:0;background:#f7f7f9;padding:24px;{_FONT}">'
        '<div style="max-width:520px;margin:0 auto;background:#ffffff;border-radius:10px;'
        f'padding:28px">{"".join(blocks)}<p style="margin:24px 0 0;color:#60646c">Cube Demper</p>'
        "</div></body></html>"
    )
    return Letter(subject=subject, text="\n\n".join(lines) + "\n", html=html)


def _paragraph(text: str) -> str:
    return f'<p style="margin:0 0 12px">{escape(text)}</p>'
