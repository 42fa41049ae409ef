"""The report of a benchmark, in a notebook."""

from __future__ import annotations

import html
import os
import re
from typing import TYPE_CHECKING, Optional, Union

from ._benchmark import BenchmarkResult
from ._errors import TandemError
from ._java import Path

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class Report:
    """The report.html of a run; a notebook shows it as the value of a cell.

    ``html`` is its text.
    """

    def __init__(self, text: str, height: int = 800) -> None:
        self.html = text
        self._height = height

    def _repr_html_(self) -> str:
        # The file may be of somebody else's run: its scripts get a page of their own, not the notebook's.
        return (
            f'<div><iframe srcdoc="{html.escape(self.html)}" sandbox="allow-scripts allow-popups" '
            f'title="Report of a benchmark" style="width: 100%; height: {self._height}px; border: 0"></iframe></div>'
        )


def report(
    run: Union[Path, BenchmarkResult], *, spark: Optional[SparkSession] = None, height: int = 800
) -> Report:
    """Returns the report of a benchmark, which a notebook shows as the value of a cell.

    ``run`` is what ``benchmark`` returned, or a run folder: of this machine, or with ``spark`` of any file system
    that the session reads. ``height`` is in pixels.

    Raises TandemError if the folder has no report.html.
    """
    folder = run.folder if isinstance(run, BenchmarkResult) else os.fspath(run)
    name = folder.rstrip("/") + "/report.html"
    return Report(_local(name, folder) if spark is None else _stored(name, folder, spark), height)


def _local(name: str, folder: str) -> str:
    if name.startswith("file:"):
        name = re.sub("^file:/+", "/", name)
    elif _SCHEME.match(name):
        raise TandemError(f"{folder} is no folder of this machine; read it by report(run, spark=spark)")
    try:
        with open(name, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        raise _missing(folder) from None


def _stored(name: str, folder: str, spark: SparkSession) -> str:
    from pyspark.errors import AnalysisException

    try:
        # Spark would take brackets in the name for a pattern.
        reader = spark.read.option("__globPaths__", "false")
        row = reader.text(name, wholetext=True).first()
    except AnalysisException as error:
        if "PATH_NOT_FOUND" in str(error):
            raise _missing(folder) from None
        raise
    if row is None:
        raise _missing(folder)
    return str(row[0])


def _missing(folder: str) -> TandemError:
    return TandemError(
        f"{folder} has no report.html; ./submit.sh summarize {folder} writes that of a benchmark's run folder"
    )
