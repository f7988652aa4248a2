"""Bridges to the kit's own JavaScript in `assets/shared`: functions and small React components."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import FunctionStringVar, FunctionVar, VarData
from reflex_base.utils.imports import ImportVar


def library(module: str) -> str:
    """Return the import path of `assets/shared/<module>.js` as the bundler knows it."""
    return f"$/public/shared/{module}.js"


def js_function(module: str, name: str) -> FunctionVar:
    """Return a function exported by one of our modules, to be called in the browser."""
    imports = {library(module): [ImportVar(tag=name)]}
    return FunctionStringVar.create(name, _var_data=VarData(imports=imports))


def js_hook(module: str, name: str, variable: str, *given: rx.Var[Any]) -> rx.Var[Any]:
    """Return the value of a React hook of ours, bound to `variable` in the component that uses it."""
    data = VarData.merge(
        *(it._get_all_var_data() for it in given),  # what they need stands before the hook  # noqa: SLF001
        VarData(
            imports={library(module): [ImportVar(tag=name)]},
            hooks={f"const {variable} = {name}({', '.join(map(str, given))});": None},
        ),
    )
    return rx.Var(variable, _var_data=data)


def run(function: FunctionVar, *arguments: object) -> rx.event.EventSpec:
    """Return an event that calls a function in the browser; the server is not asked."""
    return rx.run_script(function.call(*arguments))
