"""Invoices and acts as PDF, in Russian, one page; what is not known is left out and never invented.

Roboto is inside the file: it has Kazakh letters and «₸», which no standard font of PDF has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from font_roboto import Roboto, RobotoBold
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from num2words import num2words

from cube_demper.core.money import TIYN_IN_TENGE, format_tenge, percent_of
from cube_demper.core.russian import day_words, plural

_LEFT: Final = 18.0
_WIDTH: Final = 210 - 2 * _LEFT
_LINE: Final = 5.2
_COLUMNS: Final = (10.0, 92.0, 18.0, 26.0, 28.0)


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a paper. `seller`, `buyer`: `papers.Side` as it was kept. `amount` in tiyn."""

    is_act: bool
    number: int
    issued_on: date
    title: str
    amount: int
    invoice_id: str
    seller: dict[str, str]
    buyer: dict[str, str]
    pay_by: date | None = None
    """The last day of an invoice."""


def sum_in_words(tiyn: int) -> str:
    """Say a sum as papers do: «Девять тысяч девятьсот девяносто девять тенге 00 тиын»."""
    tenge, rest = divmod(tiyn, TIYN_IN_TENGE)
    words = str(num2words(tenge, lang="ru"))
    tail = plural(rest, "тиын", "тиына", "тиынов") if rest else "тиын"
    return f"{words[0].upper()}{words[1:]} тенге {rest:02d} {tail}"


def vat_words(tiyn: int, percent: str) -> str:
    """Say the VAT inside a sum, to the tiyn: 16 % of 29 999 ₸ is 4 137,79 ₸."""
    rate = Decimal(percent.replace(",", "."))
    return format_tenge(percent_of(tiyn, 100 * rate / (100 + rate)))


def render(paper: Paper) -> bytes:
    """Draw the paper."""
    pdf = FPDF(format="A4")
    pdf.set_margins(_LEFT, 16, _LEFT)
    pdf.set_auto_page_break(True, 16)
    pdf.add_font("Roboto", "", Roboto)
    pdf.add_font("Roboto", "B", RobotoBold)
    name = "Акт оказанных услуг" if paper.is_act else "Счёт на оплату"
    on = f"{day_words(paper.issued_on)} {paper.issued_on.year}".replace("\u00a0", " ")
    heading = f"{name} № {paper.number} от {on} г."
    pdf.set_title(heading)
    pdf.add_page()
    _text(pdf, heading, size=15, bold=True, after=4)
    _side(pdf, "Исполнитель" if paper.is_act else "Получатель", paper.seller)
    _side(pdf, "Заказчик" if paper.is_act else "Плательщик", paper.buyer)
    _table(pdf, paper)
    _total(pdf, paper)
    _signatures(pdf, paper)
    return bytes(pdf.output())


def _side(pdf: FPDF, title: str, side: dict[str, str]) -> None:
    _text(pdf, title, size=9, after=0, grey=True)
    _text(pdf, side.get("company", ""), size=11, bold=True, after=0)
    lines = [
        ("БИН/ИИН", side.get("bin")),
        ("Адрес", side.get("address")),
        ("Счёт (ИИК)", side.get("iban")),
        ("Банк", side.get("bank")),
        ("БИК", side.get("bik")),
        ("Кбе", side.get("kbe")),
    ]
    for label, value in lines:
        if value:
            _text(pdf, f"{label}: {value}", size=9.5, after=0)
    pdf.ln(3)


def _table(pdf: FPDF, paper: Paper) -> None:
    pdf.set_font("Roboto", "B", 9)
    heads = ("№", "Услуга", "Кол-во", "Цена", "Сумма")
    for width, head in zip(_COLUMNS, heads, strict=True):
        pdf.cell(width, 7, head, border=1, align="C")
    pdf.ln()
    pdf.set_font("Roboto", "", 9.5)
    drawn = pdf.multi_cell(_COLUMNS[1], _LINE, paper.title, dry_run=True, output="HEIGHT")
    height = max(7.0, float(str(drawn)) + 1.8)
    top, money = pdf.get_y(), format_tenge(paper.amount)
    for width, value, align in zip(
        _COLUMNS, ("1", "", "1", money, money), ("C", "L", "C", "R", "R"), strict=True
    ):
        pdf.cell(width, height, value, border=1, align=align)
    pdf.set_xy(_LEFT + _COLUMNS[0], top + 0.9)
    pdf.multi_cell(_COLUMNS[1], _LINE, paper.title, align="L")
    pdf.set_xy(_LEFT, top + height + 2)


def _total(pdf: FPDF, paper: Paper) -> None:
    percent = paper.seller.get("vat_percent", "")
    _text(pdf, f"Итого: {format_tenge(paper.amount)}", size=11, bold=True, after=0, align="R")
    vat = (
        f"В том числе НДС {percent} %: {vat_words(paper.amount, percent)}" if percent else "Без НДС"
    )
    _text(pdf, vat, size=9.5, after=3, align="R")
    kind = "Всего оказано услуг на сумму" if paper.is_act else "Всего к оплате"
    _text(pdf, f"{kind}: {sum_in_words(paper.amount)}.", size=10, after=2)
    if paper.is_act:
        _text(
            pdf,
            "Услуги оказаны полностью и в срок. Заказчик претензий по объёму, качеству и срокам"
            " оказания услуг не имеет.",
            size=9.5,
            after=4,
        )
    else:
        _text(
            pdf, f"В назначении платежа укажите номер {paper.invoice_id}.", size=10, bold=True, after=1
        )  # fmt: skip
        if paper.pay_by is not None:
            until = f"{day_words(paper.pay_by)} {paper.pay_by.year}"
            _text(pdf, f"Счёт действителен до {until} г.", size=9.5, after=4)


def _signatures(pdf: FPDF, paper: Paper) -> None:
    pdf.ln(6)
    signer = paper.seller.get("signer", "")
    _text(pdf, f"Исполнитель ____________________ {signer}", size=10, after=6)
    if paper.is_act:
        _text(pdf, "Заказчик ____________________", size=10, after=0)


def _text(
    pdf: FPDF,
    text: str,
    *,
    size: float,
    after: float,
    bold: bool = False,
    grey: bool = False,
    align: str = "L",
) -> None:
    pdf.set_font("Roboto", "B" if bold else "", size)
    pdf.set_text_color(110 if grey else 20)
    pdf.multi_cell(_WIDTH, size * 0.5, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(after)
    pdf.set_text_color(20)
