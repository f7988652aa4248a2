"""`cube calc …`: the calculators from a terminal. A case comes as JSON, the answer goes as JSON."""

from __future__ import annotations

import click

from cube_demper.calc.unit import unit


@click.group()
def calc() -> None:
    """Калькуляторы: случай на входе и ответ в JSON."""


calc.add_command(unit)
