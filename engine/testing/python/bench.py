"""A side of the benchmark. Reads `run` and `digest` line by line, answers each with `BENCH <json>`.

`run` answers with its milliseconds, on the clock and of processor time. pandas and polars start with their tables in memory, as an engine has them loaded;
Feast and Timefence read the Parquet files each time, which is how they are used. See engine/node/bench/python-side.ts.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

TTL = pd.Timedelta("2d")
KEY, TIME = "user_id", "event_timestamp"


class Pandas:
    def __init__(self, folder, views):
        self.spine = pd.read_parquet(folder / "spine.parquet")
        self.views = [pd.read_parquet(folder / f"{view}.parquet") for view in views]

    def run(self):
        result = self.spine.sort_values(TIME)
        for view in self.views:
            result = pd.merge_asof(result, view.sort_values(TIME), on=TIME, by=KEY, tolerance=TTL)
        self.result = result


class Polars:
    def __init__(self, folder, views):
        import polars as pl

        self.spine = pl.read_parquet(folder / "spine.parquet")
        self.views = [pl.read_parquet(folder / f"{view}.parquet") for view in views]

    def run(self):
        result = self.spine.sort(TIME)
        for view in self.views:
            result = result.join_asof(view.sort(TIME), on=TIME, by=KEY, tolerance="2d", check_sortedness=False)
        self.frame = result

    @property
    def result(self):
        return self.frame.to_pandas()


class Feast:
    def __init__(self, folder, views, kind="dask"):
        from datetime import timedelta

        from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
        from feast.repo_config import RepoConfig
        from feast.types import Float64, Int32, Int64

        user = Entity(name=KEY, join_keys=[KEY], value_type=ValueType.INT64)
        objects = [
            FeatureView(
                name=view,
                entities=[user],
                schema=[
                    Field(name=KEY, dtype=Int64),
                    Field(name=f"x{index}", dtype=Float64),
                    Field(name=f"n{index}", dtype=Int32),
                ],
                source=FileSource(path=str(folder / f"{view}.parquet"), timestamp_field=TIME),
                ttl=timedelta(0),
            )
            for index, view in enumerate(views)
        ]
        config = RepoConfig(
            project="bench",
            registry=str(folder / f"registry_{kind}.db"),
            provider="local",
            offline_store={"type": kind},
            online_store={"type": "sqlite", "path": str(folder / "online.db")},
            entity_key_serialization_version=3,
        )
        self.store = FeatureStore(config=config)
        self.store.apply([user, *objects])
        self.refs = [f"{view}:{letter}{index}" for index, view in enumerate(views) for letter in "xn"]
        self.folder = folder

    def run(self):
        spine = pd.read_parquet(self.folder / "feast_spine.parquet")
        self.result = self.store.get_historical_features(entity_df=spine, features=self.refs).to_df()


class Timefence:
    def __init__(self, folder, views):
        import timefence

        self.build = timefence.build
        self.labels = timefence.Labels(
            path=folder / "feast_spine.parquet", keys=[KEY], label_time=TIME, target=["label"]
        )
        self.features = [
            timefence.Feature(
                source=timefence.Source(path=folder / f"{view}.parquet", keys=[KEY], timestamp=TIME),
                columns=[f"x{index}", f"n{index}"],
            )
            for index, view in enumerate(views)
        ]
        self.output = folder / "timefence.parquet"

    def run(self):
        self.build(labels=self.labels, features=self.features, output=self.output, flatten_columns=True)

    @property
    def result(self):
        return pq.read_table(self.output).to_pandas()


def digest(frame, views):
    columns = [f"{letter}{index}" for index in range(views) for letter in "xn"]
    found = [len(frame)]
    for column in columns:
        found += [int(frame[column].count()), float(frame[column].sum())]
    return found


def main():
    tool, folder, views, *more = sys.argv[1:]
    names = [f"daily{index}" for index in range(int(views))]
    warnings.filterwarnings("ignore")
    tools = dict(pandas=Pandas, polars=Polars, feast=Feast, timefence=Timefence)
    side = tools[tool](Path(folder), names, *more)
    say = lambda value: print("BENCH " + json.dumps(value), flush=True)
    say("ready")
    for line in sys.stdin:
        if line.strip() == "run":
            clock, processor = time.perf_counter(), time.process_time()
            side.run()
            clock, processor = time.perf_counter() - clock, time.process_time() - processor
            say(dict(clock=clock * 1000, processor=processor * 1000))
        else:
            say(digest(side.result, len(names)))


main()
