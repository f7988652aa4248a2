"""«Цены на витрине» as text: how soon sent prices are seen, and which never were."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.pricing.proof import NotShown
from cube_demper.domain.pricing.proofs import StoreProof
from cube_demper.ui.format import counted, moment, plural, wait_words


@dataclass
class NotShownRow:
    """A price that Kaspi never showed."""

    id: str = ""
    name: str = ""
    link: str = ""
    price: str = ""
    note: str = ""


@dataclass
class ProofView:
    """One store's sends of a day. `is_known`: there is anything to tell."""

    is_known: bool = False
    usual: str = ""
    note: str = ""
    count: str = ""
    rows: list[NotShownRow] = field(default_factory=list)


def proof_view(proof: StoreProof | None, now: datetime) -> ProofView:
    """Put a store's proof into words."""
    if proof is None:
        return ProofView()
    return ProofView(
        is_known=True,
        usual=_capital(usual_words(proof)),
        note=_note(proof),
        count=not_shown_words(len(proof.not_shown)) if proof.not_shown else "",
        rows=[_row(it, now) for it in proof.not_shown],
    )


def usual_words(proof: StoreProof) -> str:
    """Say how soon; a look only knows that the price was there by then."""
    if proof.usual is None:
        return "за сутки ни одна цена ещё не подтверждена"
    return f"обычно не позже чем через {wait_words(proof.usual)}"


def not_shown_words(count: int) -> str:
    """Say how many were not shown: «1 не показана», «3 не показаны»."""
    return f"{count} {plural(count, 'не показана', 'не показаны', 'не показаны')}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _note(proof: StoreProof) -> str:
    if not proof.seen:
        return ""
    return f"медиана за сутки по {counted(proof.seen, 'цене', 'ценам', 'ценам')}"


def _row(row: NotShown, now: datetime) -> NotShownRow:
    city = f"{row.city}, " if row.city else ""
    return NotShownRow(
        id=f"{row.product_id}:{row.city}",
        name=row.name,
        link=f"/products/{row.product_id}",
        price=format_tenge(row.price),
        note=f"{city}отправили дважды, последний раз {moment(row.sent_at, now=now)}",
    )
