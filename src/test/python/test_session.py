"""Sessions that cannot run Tandem, each in a process of its own: a JVM has one class path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyspark
import pytest
from conftest import MODEL, ROOT

import tandem

CALLS = f"""
import tandem
for call in (
    lambda: tandem.FrameInference(spark, model={str(MODEL)!r}),
    lambda: tandem.benchmark(spark, model={str(MODEL)!r}),
):
    try:
        call()
    except tandem.TandemError as error:
        print("refused:", error)
spark.stop()
"""


def refusals(session: str) -> list[str]:
    code = f"from pyspark.sql import SparkSession\nspark = SparkSession.builder{session}.getOrCreate()\n{CALLS}"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return [line for line in ended.stdout.splitlines() if line.startswith("refused:")]


def test_session_without_jars_is_told_the_remedy() -> None:
    first, second = refusals(".master('local[1]').config('spark.ui.enabled', 'false')")
    assert "has no Tandem" in first and "tandem.jars(" in first and "--jars" in first
    assert second == first


@pytest.mark.skipif(pyspark.__version__.startswith("3."), reason="PyPI's pyspark 3.5 has no server of Spark Connect")
def test_session_of_connect_is_refused() -> None:
    first, second = refusals(".remote('local[1]')")
    assert "session of Spark Connect" in first and 'spark.read.format("tandem")' in first
    assert second == first


def test_what_is_no_session_is_refused() -> None:
    with pytest.raises(tandem.TandemError, match="must be a SparkSession, not str"):
        tandem.benchmark("spark", model=MODEL)  # type: ignore[arg-type]


def test_jars_are_those_of_the_archive_or_of_a_build(tmp_path: Path) -> None:
    found = [Path(jar) for jar in tandem.jars(ROOT).split(",")]
    assert len(found) > 3 and all(jar.is_file() for jar in found)
    assert found[0].parent == ROOT / "target"

    archive = tmp_path / "tandem [x]"
    for name in "lib/tandem-1.jar", "lib/tandem-1-sources.jar", "natives/b.jar", "natives/a.jar":
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        (archive / name).touch()
    assert tandem.jars(archive).split(",") == [
        str(archive / name) for name in ("lib/tandem-1.jar", "natives/a.jar", "natives/b.jar")
    ]
    with pytest.raises(tandem.TandemError, match="is no unpacked archive of Tandem"):
        tandem.jars(tmp_path)
