"""Importing this module registers every table in `SQLModel.metadata`, as migrations and tests need."""

from importlib import import_module
from pkgutil import iter_modules

from cube_demper import models

for _area in iter_modules(models.__path__, f"{models.__name__}."):
    import_module(_area.name)
