"""Answers every question of a folder by Feast's get_historical_features, with one of its local offline stores.

Prints what each question that Feast refused was refused with. See feast-offline.interop.ts.
"""

import json
import sys
import tempfile
import warnings
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.repo_config import RepoConfig
from feast.types import Bool, Float64, Int64, String, UnixTimestamp

TYPES = dict(int64=Int64, float64=Float64, string=String, bool=Bool, timestamp=UnixTimestamp)
KEYS = dict(int64=ValueType.INT64, string=ValueType.STRING)


def view_of(folder, question, view, entities):
    types = {**view["keys"], **view["features"]}
    return FeatureView(
        name=view["name"],
        entities=[entities[key] for key in view["keys"]],
        schema=[Field(name=name, dtype=TYPES[kind]) for name, kind in types.items()],
        source=FileSource(
            path=str(folder / f"{question['name']}_{view['name']}.parquet"),
            timestamp_field="happened",
            created_timestamp_column="made" if view["created"] else "",
        ),
        ttl=timedelta(microseconds=view["ttl"] or 0),
    )


def answer(folder, scratch, question, kind):
    keys = {key: type for view in question["views"] for key, type in view["keys"].items()}
    entities = {key: Entity(name=key, join_keys=[key], value_type=KEYS[type]) for key, type in keys.items()}
    store = FeatureStore(
        config=RepoConfig(
            project="plumbline",
            registry=str(scratch / f"{question['name']}.db"),
            provider="local",
            offline_store={"type": kind},
            online_store={"type": "sqlite", "path": str(scratch / "online.db")},
            entity_key_serialization_version=3,
        )
    )
    store.apply([*entities.values(), *(view_of(folder, question, view, entities) for view in question["views"])])
    spine = pq.read_table(folder / f"{question['name']}_spine.parquet").to_pandas()
    refs = [f"{view['name']}:{feature}" for view in question["views"] for feature in view["features"]]
    job = store.get_historical_features(entity_df=spine.rename(columns={"t": "event_timestamp"}), features=refs)
    pq.write_table(job.to_arrow(), folder / f"{kind}_{question['name']}.parquet")


def main():
    folder, kind, refused = Path(sys.argv[1]), sys.argv[2], {}
    warnings.filterwarnings("ignore")
    with tempfile.TemporaryDirectory() as scratch:
        for question in json.loads((folder / "questions.json").read_text()):
            try:
                answer(folder, Path(scratch), question, kind)
            except Exception as error:
                refused[question["name"]] = f"{type(error).__name__}: {error}"
    print("RESULT " + json.dumps(refused))


main()
