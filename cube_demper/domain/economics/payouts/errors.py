"""What can go wrong with a payout report, in words for the seller."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, NotFound


class ReportNotFound(NotFound):
    """Такого отчёта нет. Возможно, его удалили."""

    code = "payouts.report_not_found"


class DifferenceNotFound(NotFound):
    """Такого различия уже нет: отчёт сверили заново."""

    code = "payouts.difference_not_found"


class ReportBusy(Conflict):
    """Отчёт ещё сверяется. Подождите или отмените сверку."""

    code = "payouts.report_busy"


class ReportMoved(Conflict):
    """Сверка уже закончилась. Обновите страницу."""

    code = "payouts.report_moved"


class Dropped(Conflict):
    """Отчёт удалили или взял другой процесс."""

    code = "payouts.dropped"
