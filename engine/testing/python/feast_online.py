"""Lets an installed Feast read what Plumbline wrote, and write the same rows itself. See feast-online.interop.ts."""

import json
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.repo_config import RepoConfig
from feast.types import Array, Bool, Bytes, Float32, Float64, Int32, Int64, String, UnixTimestamp

FEAST = dict(
    int32=Int32, int64=Int64, float32=Float32, float64=Float64,
    bool=Bool, string=String, bytes=Bytes, timestamp=UnixTimestamp,
)
ARROW = dict(
    int32=pa.int32(), int64=pa.int64(), float32=pa.float32(), float64=pa.float64(),
    bool=pa.bool_(), string=pa.string(), bytes=pa.binary(), timestamp=pa.timestamp("us", "UTC"),
)
KEYS = dict(int32=ValueType.INT32, int64=ValueType.INT64, string=ValueType.STRING)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def scalar(kind, text):
    if kind in ("int32", "int64"):
        return int(text)
    if kind in ("float32", "float64"):
        return float(text)
    if kind == "timestamp":
        return EPOCH + timedelta(seconds=int(text))
    return text == "true" if kind == "bool" else text


def value(kind, text):
    if text is None:
        return None
    return [scalar(kind[:-2], item) for item in text] if kind.endswith("[]") else scalar(kind, text)


def of(types, kind, make_list):
    return make_list(types[kind[:-2]]) if kind.endswith("[]") else types[kind]


def plain(item):
    if isinstance(item, datetime):
        return int((item - EPOCH).total_seconds())
    return [plain(part) for part in item] if isinstance(item, list) else item


def store_for(example, folder, port, db):
    return FeatureStore(
        config=RepoConfig(
            project=example["project"],
            registry=str(folder / f"registry{db}.db"),
            provider="local",
            online_store={"type": "redis", "connection_string": f"127.0.0.1:{port},db={db}"},
            entity_key_serialization_version=3,
        )
    )


def check(example, folder, port):
    when = EPOCH + timedelta(microseconds=int(example["eventTime"]))
    columns = {name: pa.array([value(kind, text)], of(ARROW, kind, pa.list_)) for name, kind, text in example["joinKeys"]}
    columns["event_timestamp"] = pa.array([when], pa.timestamp("us", "UTC"))
    for name, kind, text, *_ in example["features"]:
        columns[name] = pa.array([value(kind, text)], of(ARROW, kind, pa.list_))
    path = folder / "rows.parquet"
    pq.write_table(pa.table(columns), path)

    entities = [Entity(name=name, join_keys=[name], value_type=KEYS[kind]) for name, kind, _ in example["joinKeys"]]
    fields = [Field(name=name, dtype=of(FEAST, kind, lambda t: t)) for name, kind, _ in example["joinKeys"]]
    fields += [Field(name=name, dtype=of(FEAST, kind, Array)) for name, kind, *_ in example["features"]]
    view = FeatureView(
        name=example["view"], entities=entities, schema=fields,
        source=FileSource(path=str(path), timestamp_field="event_timestamp"), ttl=timedelta(0),
    )
    names = [name for name, *_ in example["features"]]
    row = {name: scalar(kind, text) for name, kind, text in example["joinKeys"]}

    reader = store_for(example, folder, port, 0)
    reader.apply([*entities, view])
    answer = reader.get_online_features([f"{example['view']}:{name}" for name in names], [row]).to_dict()

    writer = store_for(example, folder, port, 1)
    writer.apply([*entities, view])
    writer.materialize(when - timedelta(days=1), when + timedelta(days=1))
    return {name: plain(answer[name][0]) for name in names}


def main():
    golden, port = json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2])
    read = {}
    for example in golden["hashes"]:
        with tempfile.TemporaryDirectory() as folder:
            read[example["name"]] = check(example, Path(folder), port)
    print("RESULT " + json.dumps(read))


main()
