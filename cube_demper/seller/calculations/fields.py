"""Fields of a calculator's form: from what was typed to a case, and mistakes back to their fields. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cube_demper.domain.calculators.reading import WrongCase

Form = Mapping[str, Any]
TICKED = ("on", "true", True)
_ON_A_FORM = {
    "нужна дата вида 2026-01-31.": "Выберите дату.",
    "поле обязательно.": "Заполните поле.",
    "нужно число.": "Введите число.",
}
"""What a case says of JSON, said of a form."""
_IDLE = str.maketrans("", "", " \u00a0\u202f₸%")


def number(text: object) -> str:
    """Take spaces and units off a typed number; what is none of it the case itself refuses."""
    return str(text or "").translate(_IDLE)


def given(form: Form, names: Iterable[str]) -> dict[str, str]:
    """Return the numbers of these fields that are filled."""
    found = {name: number(form.get(name)) for name in names}
    return {name: text for name, text in found.items() if text}


def texts(form: Form, names: Iterable[str]) -> dict[str, str]:
    """Return the texts and days of these fields that are filled."""
    found = {name: str(form.get(name) or "").strip() for name in names}
    return {name: text for name, text in found.items() if text}


def counts(form: Form, names: Iterable[str]) -> dict[str, int | str]:
    """Return the whole numbers of these fields; what is none stays text, to be refused in words."""
    return {
        name: int(text) if text.isdecimal() and len(text) < 10 else text
        for name, text in given(form, names).items()
    }


def ticked(form: Form, name: str) -> bool:
    """Tell whether a box is ticked."""
    return form.get(name) in TICKED


def remembered(form: Form) -> dict[str, str]:
    """Return what was typed, as the form begins with it."""
    return {
        name: "on" if it is True else "" if it in (False, None) else str(it)
        for name, it in form.items()
    }


def mistakes(refused: WrongCase, renamed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what is wrong by field of the form; what belongs to no field is of the whole form.

    `renamed`: the form's names of fields that the case calls otherwise.
    """
    names = renamed or {}
    found: dict[str, str] = {"form": ""}
    for where, words in refused.mistakes:
        name = names.get(where) or names.get(where.split(".")[0]) or where
        found[name or "form"] = _ON_A_FORM.get(words, sentence(words))
    return found


def sentence(words: str) -> str:
    """Begin with a capital letter and end with a full stop."""
    text = words.strip()
    end = "" if text.endswith((".", "!", "?")) else "."
    return text[:1].upper() + text[1:] + end
