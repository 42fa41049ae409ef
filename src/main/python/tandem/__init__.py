"""Tandem in PySpark: predictions and timings as columns, benchmarks as tables, reports in notebooks.

The package only calls Tandem's Java classes, so the Spark session needs Tandem's jars; see ``jars``.
"""

from ._benchmark import BenchmarkResult, benchmark
from ._errors import TandemError
from ._inference import FrameInference
from ._java import jars
from ._report import Report, report

__all__ = ["BenchmarkResult", "FrameInference", "Report", "TandemError", "benchmark", "jars", "report"]
