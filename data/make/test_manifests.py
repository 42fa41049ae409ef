#!/usr/bin/python3
"""Makes the manifests in src/test/resources/manifests, as pandas and pyarrow write them.

Needs Python 3 with pandas (3.1.1 was used) and pyarrow (26.0.1). Run:

    python3 data/make/test_manifests.py
"""
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from common import TEST_RESOURCES

OUT = TEST_RESOURCES / "manifests"
FRAMES = ["a.jpg", "b.jpg"]


def table(name, **columns):
    pq.write_table(pa.table(columns), OUT / f"{name}.parquet")


def main():
    OUT.mkdir(exist_ok=True)
    times = ["2026-10-03T09:15:00.123456789", "2026-10-03T09:15:04.000000000"]
    frames = pd.DataFrame(
        {
            "path": FRAMES,
            "camera": pd.Categorical(["x", "y"]),
            "taken": pd.to_datetime(times).astype("datetime64[ns]"),
            "n": [1, None],
        }
    )
    frames.to_parquet(OUT / "nanoseconds.parquet")
    frames.assign(taken=frames.taken.dt.tz_localize("UTC")).to_parquet(OUT / "zone.parquet")
    frames.set_index("camera").drop(columns="taken").to_parquet(OUT / "index.parquet")
    frames.assign(modified_at=frames.taken, length=8).drop(columns="taken").to_parquet(
        OUT / "modified.parquet"
    )
    frames.drop(columns="taken").to_json(OUT / "columns.json")
    frames.drop(columns="taken").to_json(OUT / "rows.json", orient="records", indent=1)
    frames.drop(columns="taken").to_csv(OUT / "index.csv")
    table("binary", path=pa.array([name.encode() for name in FRAMES], pa.binary()))
    table("large", path=pa.array(FRAMES, pa.large_string()), n=pa.array([1, 2], pa.uint64()))
    table("float16", path=FRAMES, n=pa.array([1, 2], pa.float16()))
    table("case", path=FRAMES, Path=FRAMES)


if __name__ == "__main__":
    main()
