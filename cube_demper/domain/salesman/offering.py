"""From the model's answer to an offer, or to the words in which it is told what is wrong."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cube_demper.domain.ai.errors import Unfit
from cube_demper.domain.ai.model import Reply
from cube_demper.domain.salesman import rules
from cube_demper.domain.salesman.schemas import Case, Language, Offer, Proposal


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    text: str = Field(max_length=4000)
    language: str
    skus: list[str] = Field(max_length=20)
    discount_percent: int
    wants_seller: bool = False


def read(reply: Reply) -> Proposal:
    """Read a structured answer. Raises Unfit."""
    given: Any = reply.data
    try:
        said = _Said.model_validate(given)
        language = Language(said.language)
    except (ValidationError, ValueError):
        raise Unfit("нужны поля text, language, skus, discount_percent, wants_seller.") from None
    return Proposal(said.text, language, tuple(said.skus), said.discount_percent, said.wants_seller)


def check(case: Case, proposal: Proposal, instructions: str) -> Offer:
    """Return the message that a proposal becomes. Raises Unfit."""
    if (fault := rules.fault_of(case, proposal, instructions)) is not None:
        raise Unfit(fault)
    text, prices = rules.fill(case, proposal)
    if (fault := rules.rendered_length_fault(text)) is not None:
        raise Unfit(fault)
    return Offer(
        text=text,
        language=proposal.language,
        skus=proposal.skus,
        prices=prices,
        discount_percent=proposal.discount_percent,
        wants_seller=proposal.wants_seller,
        template=proposal.text,
    )
