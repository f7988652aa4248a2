"""`cube calc` as a person runs it: with the database's tables, with the shipped ones, and wrongly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cube_demper.calc import calc
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.calculators.service import CALCULATORS
from cube_demper.domain.economics.unit_calculator import UNIT
from cube_demper.domain.rates import service

CASE = {"debt": "365000", "due": "2026-09-30", "until": "2026-10-10"}


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away every address of a database."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CUBE_DATA_DIR", str(tmp_path))


def _calc(*arguments: str, case: object = None) -> tuple[int, str, str]:
    ran = CliRunner().invoke(calc, arguments, input=json.dumps(case), prog_name="cube calc")
    return ran.exit_code, ran.stdout, ran.stderr


def _answer(*arguments: str, case: object) -> dict[str, Any]:
    code, said, complained = _calc(*arguments, case=case)
    assert code == 0, complained
    answer: dict[str, Any] = json.loads(said)
    return answer


@pytest.mark.parametrize("name", CALCULATORS)
def test_example_of_the_help_is_counted(name: str) -> None:
    code, said, _ = _calc(name, "--help")
    assert code == 0
    written = said.split("case.json\n", 1)[1].split("\n\n", 1)[0]
    case = json.loads(written)
    assert case == CALCULATORS[name].example
    answer = _answer(name, case=case)
    assert (answer["calculator"], answer["tables"]) == (name, "shipped")
    assert answer["steps"]
    assert answer["norms"]
    assert all(row["source"] and row["confidence"] for row in answer["rows"])


def test_every_field_of_a_case_is_explained() -> None:
    for name, calculator in CALCULATORS.items():
        said = _calc(name, "--help")[1]
        assert not [field for field in calculator.case.model_fields if f"{field}" not in said]
        assert json.loads(_calc(name, "--schema")[1])["properties"]


def test_answer_has_the_sum_in_tenge_its_steps_and_the_rows() -> None:
    answer = _answer("penalty", case=CASE)
    assert answer["total"] == "1625.00"
    assert (
        answer["steps"][0]["formula"].replace("\u00a0", " ") == "365 000 ₸ × 16,25 / 100 × 10 / 365"
    )
    row = answer["rows"][0]
    assert (row["valid_from"], row["confidence"]) == ("2026-09-07", "medium")
    assert answer["is_sure"] is False
    assert answer["warnings"]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({**CASE, "dbt": 1}, "dbt: неизвестное поле. Может быть, debt?"),
        ({**CASE, "debt": -5}, "debt: сумма не может быть отрицательной."),
        ({**CASE, "until": "2027-01-01"}, "таблица заканчивается 06.12.2026. Взять последнюю"),
        ([], "нужен объект"),
    ],
)
def test_wrong_case_is_exit_2_in_words(case: object, words: str) -> None:
    code, said, complained = _calc("penalty", case=case)
    assert (code, said) == (2, "")
    assert words in complained


async def test_database_has_the_last_word(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with db.write() as tx:
        await service.seed(tx, SYSTEM)
        await tx.execute(
            text(
                """UPDATE rates SET figures = '{"percent": "20"}', edited_at = now()"""
                " WHERE shipped_as = 'base_rate|2026-09-07'"
            )
        )
    environment = {**os.environ, "DATABASE_URL": database_url}

    def run(*arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "cube_demper.cli", "calc", "penalty", *arguments],
            input=json.dumps(CASE),
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    stored, own = run(), run("--shipped")
    assert (stored["tables"], stored["total"]) == ("database", "2000.00")
    assert (own["tables"], own["total"]) == ("shipped", "1625.00")


def test_unit_economics_stand_beside_them() -> None:
    assert "price*: цена" in _calc("unit", "--help")[1]
    answer = _answer("unit", case=UNIT.example)
    assert (answer["tables"], answer["profit"]) == ("shipped", "3246.08")
    code, said, complained = _calc("unit", case={**UNIT.example, "weight_kg": None})
    assert (code, said) == (2, "")
    assert "weight_kg: Укажите вес" in complained
