"""The picker of a category of Kaspi's tariffs, the same wherever one is asked for."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.i18n import tr
from cube_demper.ui.picker import tree_picker


def category_picker(name: str | rx.Var[str], **props: Any) -> rx.Component:
    """Ask for a category; `props` are those of `tree_picker`."""
    texts = {
        "list": tr("Категории тарифов Kaspi"),
        "near": tr("Такой категории в тарифах нет. Похожие:"),
        "nothing": tr("Такой категории в тарифах нет. Попробуйте другое слово."),
    }
    return tree_picker(name, "/api/categories", texts=texts, **props)
