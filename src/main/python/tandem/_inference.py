"""Predictions as columns of a DataFrame."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Optional

from ._errors import sentences
from ._java import Path, Settings, configured, java_class, require_classic

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class FrameInference:
    """Adds the predictions of a model, and their timings, to the rows of a DataFrame.

    ``input`` names the column with the frames: a string is a path or URL, a binary has encoded bytes, a struct
    of Spark's image schema is an image. The predictions are in the struct ``result``, the times in microseconds
    in the struct ``timings``; None: no timings. ``settings`` takes keys of Tandem's
    reference.conf that say how a frame is predicted::

        inference = FrameInference(spark, model="/models/net", settings={"infer.batch-size": 8})
        inference.transform(spark.read.format("binaryFile").load("/frames")).select("path", "prediction.label")

    Raises TandemError if a setting is unknown or wrong; the model's folder is read by ``transform``.
    """

    def __init__(
        self,
        spark: SparkSession,
        *,
        model: Path,
        input: str = "path",
        result: str = "prediction",
        timings: Optional[str] = "timings",
        settings: Optional[Settings] = None,
    ) -> None:
        java = java_class(spark, "io.tandem.inference.FrameInference")
        with sentences():
            builder = java.builder().model(os.fspath(model)).input(input).result(result)
            builder = builder.withoutTimings() if timings is None else builder.timings(timings)
            self._inference = configured(builder, settings).build()

    def transform(self, df: DataFrame) -> DataFrame:
        """Returns the rows with the predictions. Lazy: frames are read when an action needs the rows.

        Raises TandemError if the input column is missing or of another type, or the model's folder cannot be used.
        A frame that cannot be read or decoded is a row whose ``prediction.error`` says why.
        """
        require_classic(df.sparkSession)
        with sentences():
            rows = self._inference.transform(df._jdf)
        return type(df)(rows, df.sparkSession)  # In Spark 4, pyspark.sql.DataFrame itself is abstract.
