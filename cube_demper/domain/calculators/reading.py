"""Reading a case from JSON or from a form: whatever is wrong is told in Russian, all of it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import ValidationError

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.calculators.schemas import Case

C = TypeVar("C", bound=Case)
MOST_BYTES = 1_000_000
_WORDS = {
    "missing": "поле обязательно",
    "enum": "допустимо: {expected}",
    "literal_error": "допустимо: {expected}",
    "greater_than": "должно быть больше {gt}",
    "greater_than_equal": "должно быть не меньше {ge}",
    "less_than": "должно быть меньше {lt}",
    "less_than_equal": "должно быть не больше {le}",
    "too_long": "слишком длинный список, не больше {max_length}",
    "string_too_long": "слишком длинный текст, не больше {max_length} знаков",
    "string_type": "нужен текст в кавычках",
    "bool_type": "нужно true или false",
    "int_type": "нужно целое число",
    "list_type": "нужен список в [ ]",
    "model_type": "нужен объект в {{ }}",
    "model_attributes_type": "нужен объект в {{ }}",
    "ours": "{text}",
}


class WrongCase(InvalidInput):
    """Условие заполнено неверно."""

    code = "wrong_case"

    def __init__(self, mistakes: Sequence[tuple[str, str]]) -> None:
        """`mistakes`: the field («payments.0.amount», "" for the whole case) and what is wrong with it."""
        lines = (f"{where}: {words}" if where else words for where, words in mistakes)
        super().__init__("\n".join(lines))
        self.mistakes = tuple(mistakes)


def read_case(kind: type[C], content: bytes) -> C:
    """Read a case. Raises InvalidInput, WrongCase with every mistake on a line of its own."""
    return check_case(kind, _parse(content))


def check_case(kind: type[C], values: Any) -> C:
    """Build a case of what JSON or a form gave. Raises WrongCase."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        mistakes = [_mistake(kind, dict(it)) for it in error.errors(include_url=False)]
        raise WrongCase(mistakes) from None


def _parse(content: bytes) -> Any:
    if len(content) > MOST_BYTES:
        raise InvalidInput("Слишком большой файл: не больше 1 МБ.")
    if not content.strip():
        raise InvalidInput("Пусто: нужен JSON, пример — в --help.")
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise InvalidInput("Файл не в UTF-8.") from None
    except json.JSONDecodeError as error:
        raise InvalidInput(f"Это не JSON: строка {error.lineno}, знак {error.colno}.") from None
    except (ValueError, RecursionError):
        raise InvalidInput("Это не JSON: слишком длинное число или слишком глубоко.") from None


def _refuse_constant(name: str) -> None:
    raise InvalidInput(f"{name} — не число.")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(f"{twice}: поле указано дважды.")
    return found


def _mistake(kind: type[Case], error: Mapping[str, Any]) -> tuple[str, str]:
    """Return the field and the words; a rule about several fields names its own in its text."""
    where = ".".join(str(it) for it in error["loc"])
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        known = sorted(kind.model_fields)
        near = get_close_matches(name, known, n=1) if len(error["loc"]) == 1 else []
        hint = f" Может быть, {near[0]}?" if near else ""
        return where, f"неизвестное поле.{hint}"
    words = _WORDS.get(error["type"], "неверное значение").format(**error.get("ctx", {}))
    words = words.replace(" or ", " или ") + "."
    field, colon, rest = words.partition(": ")
    if not where and colon and field in kind.model_fields:
        return field, rest
    return where, words
