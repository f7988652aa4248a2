"""`cube doctor`: one readable report of whether everything works. Looks, never repairs."""

from cube_demper.doctor.examination import examine
from cube_demper.doctor.report import Report, render

__all__ = ["Report", "examine", "render"]
