"""`tr("…")`: a text of ours that the browser shows in the person's language; Russian is the source."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper.ui.browser import js_function, js_hook

LANGUAGES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}


def tr(text: str, **values: Any) -> rx.Var[str]:
    """Return `text` in the person's language; `{name}` in it is filled from `values`.

    A text that the catalogue lacks is shown in Russian.
    """
    translate = js_hook("i18n", "useTranslate", "translate")
    function = translate.to(rx.vars.FunctionVar)
    return function.call(text, values).to(str) if values else function.call(text).to(str)


def tr_count(count: rx.Var[int] | int, one: str, few: str, many: str) -> rx.Var[str]:
    """Return a count with its word by the language's plural rule: «5 товаров»."""
    counted = js_hook("i18n", "useCounted", "countedWord").to(rx.vars.FunctionVar)
    return counted.call(count, one, few, many).to(str)


def tr_number(value: rx.Var[int] | int) -> rx.Var[str]:
    """Return a number with its thousands apart: «5 000»."""
    return js_function("i18n", "format").call(value).to(str)


def set_language(code: str) -> rx.event.EventSpec:
    """Change the language of this browser; it is remembered."""
    return rx.run_script(js_function("i18n", "setLanguage").call(code))


def language() -> rx.Var[str]:
    """Return the code of the language in use."""
    return js_hook("i18n", "useLanguage", "languageCode").to(str)


def marked(text: str) -> str:
    """Mark a text kept in a constant, so that it gets into the catalogues; `tr` shows it later."""
    return text
