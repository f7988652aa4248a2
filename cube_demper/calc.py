"""`cube calc …`: the calculators from a terminal; a case is JSON on the input, the answer on the output."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, Protocol

import click
from sqlalchemy.exc import ProgrammingError

from cube_demper.core.errors import ConfigurationError, DomainError
from cube_demper.core.settings import load_settings
from cube_demper.domain.calculators.schemas import Case
from cube_demper.domain.calculators.service import CALCULATORS
from cube_demper.domain.economics.unit_calculator import UNIT
from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.errors import OutsideTables
from cube_demper.domain.rates.tables import Tables
from cube_demper.embedded.reachable import require_reachable
from cube_demper.embedded.run_state import find_run_state

DATABASE, SHIPPED = "database", "shipped"


@click.group()
def calc() -> None:
    """Калькуляторы: условие — JSON на входе, ответ — JSON на выходе.

    Ставки берутся из базы данных, если она есть (её правит администратор), иначе из таблиц самой
    программы; откуда взяты, говорит поле tables. Неверное условие — код 2.
    """


def tables_in_force(*, only_shipped: bool) -> tuple[str, Tables]:
    """Return where the tables come from and the tables: the database's, if there is one.

    Raises ConfigurationError when a database is configured and does not answer or is not migrated.
    """
    settings = load_settings()
    running = find_run_state(settings.data_dir)
    url = running.database_url if running else None
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
    if only_shipped or url is None:
        return SHIPPED, shipped.load()
    return DATABASE, asyncio.run(_read(url))


async def _read(url: str) -> Tables:
    from cube_demper.db.session import Database  # noqa: PLC0415 - not needed for the shipped tables
    from cube_demper.domain.rates import service  # noqa: PLC0415

    await require_reachable(url)
    database = Database(url, pool_size=1, name="cube-calc")
    try:
        async with database.read() as tx:
            return await service.current(tx)
    except ProgrammingError:
        raise ConfigurationError("Таблиц ставок в базе нет: выполните cube migrate") from None
    finally:
        await database.close()


class Calculator(Protocol):
    """What `cube calc` needs of a calculator."""

    @property
    def title(self) -> str:
        """What it counts, in a line."""

    @property
    def case(self) -> type[Case]:
        """What it takes."""

    @property
    def example(self) -> dict[str, Any]:
        """A case that it counts."""

    def count_json(self, content: bytes, tables: Tables) -> dict[str, Any]:
        """Count a case given as JSON. Raises DomainError for a wrong one."""


def register(name: str, calculator: Calculator) -> None:
    """Add a calculator to `cube calc`."""

    @calc.command(name, help=_help(name, calculator), short_help=calculator.title)
    @click.option("--schema", is_flag=True, help="Показать JSON Schema условия.")
    @click.option("--shipped", "only_shipped", is_flag=True, help="Таблицы программы, без базы.")
    def run(*, schema: bool, only_shipped: bool) -> None:
        if schema:
            _print(calculator.case.model_json_schema())
            return
        source, tables = tables_in_force(only_shipped=only_shipped)
        try:
            answer = calculator.count_json(sys.stdin.buffer.read(), tables)
        except DomainError as error:
            click.echo(error.message + _hint(error, calculator), err=True)
            sys.exit(2)
        _print({"calculator": name, "tables": source, **answer})


def _hint(error: DomainError, calculator: Calculator) -> str:
    """Say what can be done about a day that the tables do not reach."""
    is_late = isinstance(error, OutsideTables) and error.last is not None
    if not is_late or "assume_last" not in calculator.case.model_fields:
        return ""
    return " Взять последнюю известную, с пометкой: assume_last: true."


def _print(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _help(name: str, calculator: Calculator) -> str:
    example = json.dumps(calculator.example, ensure_ascii=False, indent=2)
    fields = "\n".join(_field_lines(calculator.case.model_json_schema()))
    return (
        f"{calculator.title}.\n\n\b\nПоля (* — обязательное; суммы в тенге, даты ГГГГ-ММ-ДД):\n{fields}\n\n"
        f"\b\nПример: cube calc {name} < case.json\n{example}"
    )


def _field_lines(schema: dict[str, Any], indent: str = "  ") -> list[str]:
    """Return a line a field, and those of the objects inside."""
    lines = []
    for name, field in schema["properties"].items():
        star = "*" if name in schema.get("required", []) else ""
        default = field.get("default")
        tail = f" [{json.dumps(default, ensure_ascii=False)}]" if default not in (None, []) else ""
        lines.append(f"{indent}{name}{star}: {field.get('description', '')}{tail}")
        inner = _definition(schema, field)
        if "enum" in inner:
            lines.append(f"{indent}  одно из: {', '.join(inner['enum'])}")
        elif "properties" in inner:
            lines += _field_lines({**inner, "$defs": schema["$defs"]}, f"{indent}  ")
    return lines


def _definition(schema: dict[str, Any], field: dict[str, Any]) -> dict[str, Any]:
    if "enum" in field:
        return field
    for it in (field, field.get("items", {}), *field.get("anyOf", [])):
        if "$ref" in it:
            found: dict[str, Any] = schema["$defs"][it["$ref"].rsplit("/", 1)[1]]
            return found
    return {}


_ALL: dict[str, Calculator] = {**CALCULATORS, "unit": UNIT}
for _name, _calculator in _ALL.items():
    register(_name, _calculator)
