"""`cube calc unit`: unit economics of one sale."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TextIO

import click

from cube_demper.core.clock import ALMATY

EXAMPLE = """{
  "price": 20000,
  "cost": 12000,
  "category": ["Телефоны и гаджеты", "Смартфоны"],
  "regime": "ip_simplified",
  "on": "2026-11-27",
  "delivery": "city",
  "weight_kg": 0.5,
  "packaging": 150,
  "returns_percent": 2,
  "wanted_margin_percent": 10,
  "compare": ["kazakhstan", "express"],
  "cut": {"new_price": 19000, "pieces": 30, "stock": 60}
}"""
_INDENTED = EXAMPLE.replace("\n", "\n    ")
HELP = f"""Юнит-экономика одной продажи: cube calc unit < case.json

Деньги в тенге, проценты числом (12.5 — это 12,5 %). Ставки берутся из таблиц на день «on»;
в ответе: прибыль, шаги расчёта и строки таблиц с датой, источником и надёжностью.
Себестоимость можно не указывать: тогда прибыль не считается, а не считается нулевой.

\b
Обязательно:
  price                  цена, целые тенге
  category               категория Kaspi: название или путь списком;
                         вместо неё можно commission_percent
  regime                 ip_simplified | ip_general | too
  weight_kg              вес; не нужен для pickup и own

\b
Можно:
  on                     день расчёта ГГГГ-ММ-ДД (сегодня)
  cost                   закупка за штуку
  delivery               city | kazakhstan | express | pickup | own (city)
  own_delivery           сколько стоит своя доставка (для own)
  packaging, other, advertising           тенге на продажу
  advertising_percent, bonus_percent      % от цены
  surcharge_percent      доплата Kaspi сверх комиссии, % от цены
  returns_percent        доля возвратов, % выданных заказов
  return_loss_percent    сколько закупки теряется на возврате, %
  region                 район или город ставки упрощёнки
  tax_percent            своя ставка налога
  is_top_rate            доход ИП выше предела, ставка повышенная
  is_vat_payer           плательщик НДС (только общий режим)
  cost_vat_percent       НДС в счёте поставщика
  is_cost_deductible     закупка с документами (true)
  commission_percent     своя комиссия Kaspi с НДС
  is_kaspi_pay_on_top    прибавить Kaspi Pay сверху (false: уже внутри)
  wanted_margin_percent  найти цену для такой маржи
  wanted_profit          найти цену для такой прибыли
  compare                другие виды доставки рядом
  cut                    {{"new_price", "pieces", "stock"}}: окупится ли снижение цены

\b
Пример:
    {_INDENTED}
"""


@click.group()
def calc() -> None:
    """Калькуляторы: случай на входе и ответ в JSON."""


@calc.command(help=HELP, short_help="Юнит-экономика одной продажи.")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
def unit(*, file: TextIO) -> None:
    """Read a case, print the answer; a wrong case is told on standard error, with exit code 2."""
    from cube_demper.core.errors import DomainError  # noqa: PLC0415 - other commands start faster
    from cube_demper.domain.economics.answer_json import answer  # noqa: PLC0415
    from cube_demper.domain.economics.case_json import read_case  # noqa: PLC0415
    from cube_demper.domain.rates import shipped  # noqa: PLC0415

    try:
        today = datetime.now(ALMATY).date()
        text = answer(read_case(file.read(), today), shipped.load())
    except UnicodeDecodeError:
        click.echo("Файл не в UTF-8.", err=True)
        sys.exit(2)
    except DomainError as error:
        field = getattr(error, "field", None)
        click.echo(f"{field}: {error.message}" if field else error.message, err=True)
        sys.exit(2)
    click.echo(text)
