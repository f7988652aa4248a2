"""`/calculators/unit`: what a sale leaves, in one to three scenarios."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.calculator_unit.answer_parts import answer
from cube_demper.seller.pages.calculator_unit.find_parts import find_card
from cube_demper.seller.pages.calculator_unit.form import scenarios_form
from cube_demper.seller.pages.calculator_unit.state import UnitState
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import card, page, page_header, stack
from cube_demper.ui.placeholders import skeleton, when_ready


def unit_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(
            tr("Юнит-экономика"),
            tr("Что останется с одной продажи и от какой цены она в плюсе."),
            back=(tr("Калькуляторы"), "/calculators"),
        ),
        when_ready(
            UnitState.phase,
            stack(find_card(), scenarios_form(), answer()),
            waiting=card(skeleton(6)),
            on_retry=UnitState.load,
        ),
    )
