"""Tandem's benchmark in the session of the caller."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any, Callable, Optional

from ._errors import sentences
from ._java import Path, Settings, configured, java_class

if TYPE_CHECKING:
    import pandas
    from pyspark.sql import SparkSession

_LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True)
class BenchmarkResult:
    """What a benchmark found. ``print`` shows it as the command does.

    ``folder`` is the run folder, with report.html and all tables; ``verdict`` the answer in sentences;
    ``recommended`` the settings of the best trial, by their keys, as ``FrameInference`` takes them, and ``lanes``
    how many tasks it had at the same time; ``text`` the printed summary; ``csv`` the text of each table of the summary by its name.
    """

    folder: str
    verdict: str
    lanes: int
    recommended: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)
    csv: Mapping[str, str] = field(repr=False)

    @property
    def speedup(self) -> pandas.DataFrame:
        """One row for each trial: throughput, speedup with its interval, latency, validity."""
        return self.table("speedup")

    @property
    def latency(self) -> pandas.DataFrame:
        """The distribution of the time of each step, in milliseconds."""
        return self.table("latency")

    @property
    def phases(self) -> pandas.DataFrame:
        """The time of each phase, and its share of the lanes' time."""
        return self.table("phases")

    @property
    def scaling(self) -> pandas.DataFrame:
        """The fit of the Universal Scalability Law to each series of trials."""
        return self.table("scaling")

    @property
    def disturbed(self) -> pandas.DataFrame:
        """The rounds that something else disturbed, and why."""
        return self.table("disturbed")

    @property
    def errors(self) -> pandas.DataFrame:
        """The frames that could not be read or decoded, and why."""
        return self.table("errors")

    def table(self, name: str) -> pandas.DataFrame:
        """Returns a table of the summary, such as "speedup"."""
        import pandas

        return pandas.read_csv(StringIO(self.csv[name]))

    def __str__(self) -> str:
        return self.text


def benchmark(
    spark: SparkSession,
    *,
    model: Path,
    frames: Optional[Path] = None,
    output: Optional[Path] = None,
    settings: Optional[Settings] = None,
    progress: Optional[Callable[[str], Any]] = print,
) -> BenchmarkResult:
    """Measures the same frames serially and in parallel, in this session, and returns what was found.

    ``frames`` is a folder, a file or a glob of images and videos; ``output`` the run folder, which must not
    exist yet (default: out/benchmark-TIME); ``settings`` takes any key of Tandem's reference.conf, such as
    ``{"benchmark.budget": "5m", "benchmark.concurrency": [1, 2, 4]}``. Each line of its progress is given to
    ``progress``. The session needs as many task slots as lanes; it is neither changed nor stopped.

    Raises TandemError if model, frames, settings or session cannot be used.
    """
    java = java_class(spark, "io.tandem.benchmark.Benchmark")
    with sentences():
        builder = java.builder().model(os.fspath(model))
        if frames is not None:
            builder.frames(os.fspath(frames))
        if output is not None:
            builder.output(os.fspath(output))
        running = configured(builder, settings).build().start(spark._jsparkSession)
        _follow(running, progress)
        found = running.result()
    return BenchmarkResult(
        folder=found.folder(),
        verdict=found.verdict(),
        lanes=found.lanes(),
        recommended=dict(found.recommended()),
        text=found.text(),
        csv=dict(found.tables()),
    )


def _follow(running: Any, progress: Optional[Callable[[str], Any]]) -> None:
    try:
        done = False
        while not done:
            done = running.isDone()  # Before the last lines, so that none is lost.
            for line in list(running.lines(0)):
                if progress is not None:
                    progress(line)
            if not done:  # Not in Java: an interrupt within a call would break Py4J's connection.
                time.sleep(_LOOK_EVERY_SECONDS)
    except BaseException:
        running.cancel()
        raise
