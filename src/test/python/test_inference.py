from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import CAT, MODEL, PHOTOS
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col

import tandem

FP32 = {"model.export": "fp32"}


def labels(rows: DataFrame, path: str = "path") -> dict[str, str]:
    found = rows.select(col(path).alias("path"), "prediction.label", "prediction.error").collect()
    assert [row.error for row in found if row.error is not None] == []
    return {row.path.split("/")[-1]: row.label for row in found}


def test_paths_bytes_and_images_have_the_same_labels(spark: SparkSession) -> None:
    files = spark.read.format("binaryFile").load(str(PHOTOS))
    images = spark.read.format("image").load(str(PHOTOS))

    by_path = tandem.FrameInference(spark, model=MODEL, settings=FP32).transform(files.drop("content"))
    found = labels(by_path)
    assert found["chelsea-cat.png"] == "Egyptian cat"
    assert found["coffee.png"] == "espresso"
    assert len(found) == 4

    by_content = tandem.FrameInference(spark, model=MODEL, input="content", settings=FP32)
    assert labels(by_content.transform(files)) == found
    by_image = tandem.FrameInference(spark, model=MODEL, input="image", settings=FP32)
    shown = labels(by_image.transform(images), "image.origin")
    assert shown["chelsea-cat.png"] == "Egyptian cat" and shown["coffee.png"] == "espresso"


def test_other_columns_pass_and_nothing_runs_before_an_action(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(str(CAT), 7), ("/no/such.jpg", 8)], "path string, number int")
    inference = tandem.FrameInference(spark, model=MODEL, result="found", timings="times", settings=FP32)
    spark.sparkContext.setJobGroup("lazy", "no job")
    try:
        transformed = inference.transform(rows)
        assert transformed.columns == ["path", "number", "found", "times"]
        assert list(spark.sparkContext.statusTracker().getJobIdsForGroup("lazy")) == []
    finally:
        spark.sparkContext.setLocalProperty("spark.jobGroup.id", None)  # type: ignore[arg-type]

    cat, missing = transformed.orderBy("number").collect()
    assert (cat.number, cat.found.label, cat.found.error) == (7, "Egyptian cat", None)
    assert cat.times.forward_us > 0
    assert missing.found.label is None and missing.found.error == "there is no such file"


def test_timings_may_be_left_out_and_values_have_their_types(spark: SparkSession, tmp_path: Path) -> None:
    model = tmp_path / "net #2 ${x}"
    model.symlink_to(MODEL)
    rows = spark.createDataFrame([(str(CAT),)], "frame string")
    settings: dict[str, Any] = {**FP32, "infer.batch-size": 2, "engine.tf32": False}
    inference = tandem.FrameInference(spark, model=model, input="frame", timings=None, settings=settings)
    transformed = inference.transform(rows)
    assert transformed.columns == ["frame", "prediction"]
    assert transformed.first()["prediction"].label == "Egyptian cat"  # type: ignore[index]


def test_wrong_calls_are_one_sentence(spark: SparkSession, tmp_path: Path) -> None:
    rows = spark.createDataFrame([(str(CAT), 1)], "path string, number int")

    def refused(**call: Any) -> str:
        with pytest.raises(tandem.TandemError) as error:
            tandem.FrameInference(spark, **{"model": MODEL, **call}).transform(rows)
        assert error.value.__suppress_context__
        assert "\n" not in str(error.value) and "Exception" not in str(error.value)
        return str(error.value)

    assert "frame" in refused(input="frame")
    assert "number" in refused(input="number")
    assert "number" in refused(result="number")
    assert "unknown key infer.batch" in refused(settings={"infer.batch": 8})
    assert str(tmp_path) in refused(model=tmp_path)
