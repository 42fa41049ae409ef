from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas
import pytest
from conftest import MODEL
from pyspark.sql import SparkSession

import tandem

QUICK: dict[str, Any] = {
    "model.export": "fp32",
    "benchmark.concurrency": [1, 2],
    "benchmark.rounds": 1,
    "benchmark.min-seconds": 0,
    "benchmark.warmup-seconds": 0,
    "benchmark.warmup-batches": 1,
    "benchmark.ceiling-seconds": 0,
}


def state(spark: SparkSession) -> Any:
    """The settings and views of a session."""
    settings = {row.key: row.value for row in spark.sql("SET").collect()}
    return settings, spark.catalog.listTables(), dict(spark.sparkContext.getConf().getAll())


def test_benchmark_returns_the_tables_of_its_folder(spark: SparkSession, frames: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    before = state(spark)
    run = tmp_path / 'run "1" $x'

    found = tandem.benchmark(
        spark, model=MODEL, frames=frames, output=run, settings=QUICK, progress=lines.append
    )

    assert found.folder == str(run)
    assert any(line.startswith("without Tandem's plugin") for line in lines)
    assert lines[-1].startswith(f"written to {run}")
    for name in found.csv:
        pandas.testing.assert_frame_equal(found.table(name), pandas.read_csv(run / f"summary/{name}.csv"))
    assert {"speedup", "throughput_fps", "latency_p50_ms"} <= set(found.speedup.columns)
    assert set(found.speedup.concurrency) == {1, 2}
    for table in (found.latency, found.phases, found.scaling, found.disturbed, found.errors):
        assert isinstance(table, pandas.DataFrame)
    verdict = json.loads((run / "summary/summary.json").read_text())["verdict"]
    assert found.verdict == " ".join(verdict["answer"] + verdict["reasons"])
    assert "serial baseline" in str(found)
    assert found.lanes in (1, 2)
    assert found.recommended["infer.batch-size"].isdigit()
    tandem.FrameInference(spark, model=MODEL, settings=found.recommended)
    assert state(spark) == before
    assert spark.range(3).count() == 3, "the session runs"

    report = tandem.report(found)
    assert report.html == (run / "report.html").read_text(encoding="utf-8")
    assert tandem.report(str(run), spark=spark).html == report.html
    assert tandem.report(f"file://{run}").html == report.html


def test_wrong_calls_are_one_sentence(spark: SparkSession, frames: Path, tmp_path: Path) -> None:
    def refused(settings: dict[str, Any] = QUICK, **others: Any) -> str:
        call: dict[str, Any] = {"model": MODEL, "frames": frames, "output": tmp_path / "run", **others}
        with pytest.raises(tandem.TandemError) as error:
            tandem.benchmark(spark, settings=settings, progress=None, **call)
        assert error.value.__suppress_context__
        assert "\n" not in str(error.value)
        assert not (tmp_path / "run").exists()
        return str(error.value)

    assert "unknown key benchmark.round" in refused({"benchmark.round": 1})
    assert "3 lanes need 3 task slots, but local[2] has 2" in refused({**QUICK, "benchmark.concurrency": [3]})
    assert str(tmp_path / "no such") in refused(model=tmp_path / "no such")
    assert "no such" in refused(frames=tmp_path / "no such")
    assert "exists; choose another" in refused(output=frames)


def test_error_knows_its_key(spark: SparkSession, frames: Path) -> None:
    with pytest.raises(ValueError) as error:
        tandem.benchmark(spark, model=MODEL, frames=frames, output=frames, settings=QUICK)
    assert error.value.key == "output.path"  # type: ignore[attr-defined]


def test_stopped_program_cancels_the_benchmark(spark: SparkSession, frames: Path, tmp_path: Path) -> None:
    lines: list[str] = []

    def stop(line: str) -> None:
        lines.append(line)
        if " trials" in line:
            raise KeyboardInterrupt

    many = {**QUICK, "benchmark.rounds": 1000}
    with pytest.raises(KeyboardInterrupt):
        tandem.benchmark(
            spark, model=MODEL, frames=frames, output=tmp_path / "run", settings=many, progress=stop
        )
    assert " trials" in lines[-1]
    # It ends after its trial: the session is free for the next one.
    tandem.benchmark(spark, model=MODEL, frames=frames, output=tmp_path / "next", settings=QUICK, progress=None)
