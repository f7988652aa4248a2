"""A store's conditions as the form shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from cube_demper.domain.economics.shop.schemas import Kind, StoreTermsView
from cube_demper.seller.calculations.figures import FigureRow, figure_rows
from cube_demper.ui.format import counted, number, percent


@dataclass
class Saved:
    """What is kept, as text for the inputs."""

    store_id: str = ""
    store_name: str = ""
    version: int = 0
    is_told: bool = False
    regime: str = "ip_simplified"
    region: str = ""
    tax_percent: str = ""
    is_top_rate: bool = False
    is_vat_payer: bool = False
    cost_vat_percent: str = ""
    no_papers: bool = False
    delivery: str = "city"
    own_delivery: str = ""
    weight: str = ""
    category: str = ""
    commission_percent: str = ""
    packaging: str = ""
    other: str = ""
    advertising: str = ""
    advertising_percent: str = ""
    bonus_percent: str = ""
    returns_percent: str = ""
    return_loss_percent: str = ""


@dataclass
class KindRow:
    """A category of the goods with that of the tariffs; `key`: its field on the page."""

    key: str
    name: str
    goods: str
    category: str
    rate: str


@dataclass
class Unsure:
    """Figures to agree to, and those agreed to."""

    title: str = ""
    open: list[FigureRow] = field(default_factory=list)
    agreed: list[FigureRow] = field(default_factory=list)


def saved_of(view: StoreTermsView, version: int) -> Saved:
    """Fill the inputs."""
    plain = Saved(str(view.store_id), view.store_name, version)
    terms = view.terms
    if terms is None:
        return plain
    plain.is_told = True
    plain.regime, plain.delivery = terms.regime.value, terms.delivery.value
    plain.region = terms.region or ""
    plain.is_top_rate, plain.is_vat_payer = terms.is_top_rate, terms.is_vat_payer
    plain.no_papers = not terms.is_cost_deductible
    plain.category = " > ".join(terms.category or ())
    if terms.weight_g:
        plain.weight = decimal_text(Decimal(terms.weight_g) / 1000)
    for name in ("tax_percent", "cost_vat_percent", "commission_percent"):
        value = getattr(terms, name)
        setattr(plain, name, "" if value is None else decimal_text(value))
    for name in ("advertising_percent", "bonus_percent", "returns_percent", "return_loss_percent"):
        value = getattr(terms, name)
        setattr(plain, name, decimal_text(value) if value else "")
    for name in ("own_delivery", "packaging", "other", "advertising"):
        value = getattr(terms, name)
        setattr(plain, name, number(value // 100) if value else "")
    return plain


def kind_row(kind: Kind, at: int) -> KindRow:
    """Put a category into words."""
    return KindRow(
        key=f"kind-{at}",
        name=kind.name,
        goods=counted(kind.goods, "товар", "товара", "товаров"),
        category=" > ".join(kind.path or ()),
        rate=percent(kind.percent, digits=2) if kind.percent is not None else "",
    )


def unsure_of(view: StoreTermsView) -> Unsure:
    """Put the figures below high confidence into words."""
    count = counted(len(view.unsure), "цифру", "цифры", "цифр")
    return Unsure(
        title=f"Проверьте {count}" if view.unsure else "",
        open=figure_rows(view.unsure),
        agreed=figure_rows(view.agreed, is_agreed=True),
    )


def decimal_text(value: Decimal) -> str:
    """Show a number as a person types it: «12,5»."""
    text = f"{value.normalize():f}"
    return text.replace(".", ",")
