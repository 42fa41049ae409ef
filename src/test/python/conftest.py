"""A Spark session as a user makes it: PyPI's pyspark, Spark's own options, and Tandem's jars."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import tandem

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "data/models/efficientnet-lite0"
PHOTOS = ROOT / "data/photos"
CAT = PHOTOS / "chelsea-cat.png"


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local[2]")
        .appName("a program")
        .config("spark.ui.enabled", "false")
        .config("spark.jars", tandem.jars(ROOT))
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    folder = tmp_path / "frames [1] #2"
    folder.mkdir()
    for number in range(1, 5):
        shutil.copy(ROOT / f"data/frames/bigbuckbunny-{number:04d}.jpg", folder)
    return folder
