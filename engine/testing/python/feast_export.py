"""Makes the rows of feast-export.interop.ts, and takes what Plumbline exported to an installed Feast."""

import json
import random
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
AT = pa.timestamp("us", "UTC")
ROWS = 60

SCALARS = dict(
    int32=(pa.int32(), lambda r: r.randint(-(2**31), 2**31 - 1)),
    int64=(pa.int64(), lambda r: r.choice([r.randint(-(2**63), 2**63 - 1), 2**53 + 1, 0])),
    float32=(pa.float32(), lambda r: r.choice([0.5, -1.25, 3.0e30, float("inf"), -0.0])),
    float64=(pa.float64(), lambda r: r.choice([r.uniform(-1e9, 1e9), float("-inf"), 5e-324])),
    bool=(pa.bool_(), lambda r: r.random() < 0.5),
    string=(pa.string(), lambda r: r.choice(["", "Zürich", "a\u0000b", "\U0001f600 x", "plain"])),
    bytes=(pa.binary(), lambda r: r.randbytes(r.randint(0, 6))),
    timestamp=(AT, lambda r: EPOCH + timedelta(seconds=r.randint(-(10**9), 4 * 10**9))),
)
# Feast takes an integer column with a NULL through float64, which is not a matter of the format.
NEVER_NULL = ("int32", "int64")


def table():
    r = random.Random(20250101)
    columns = {
        "user_id": pa.array([r.randint(-(2**63), 2**63 - 1) for _ in range(ROWS)], pa.int64()),
        "item": pa.array([f"item {i} \u00fc" for i in range(ROWS)], pa.string()),
        "shop": pa.array(list(range(ROWS)), pa.int32()),
        "at": pa.array([EPOCH + timedelta(microseconds=1735689600_000000 + r.randint(0, 10**12)) for _ in range(ROWS)], AT),
    }
    for name, (kind, make) in SCALARS.items():
        values = [None if name not in NEVER_NULL and r.random() < 0.15 else make(r) for _ in range(ROWS)]
        lists = [None if r.random() < 0.15 else [make(r) for _ in range(r.randint(0, 3))] for _ in range(ROWS)]
        columns[name] = pa.array(values, kind)
        columns[f"{name}_list"] = pa.array(lists, pa.list_(kind))
    return pa.table(columns)


FEATURES = [name + end for name in SCALARS for end in ("", "_list")]


def same(kind, left, right):
    """Equal as Feast's reader gives them: NaN and NULL are one, float32 was rounded when it was stored."""
    if isinstance(left, list) or isinstance(right, list):
        return isinstance(left, list) and isinstance(right, list) and len(left) == len(right) and all(
            same(kind, a, b) for a, b in zip(left, right)
        )
    return left == right and type(left) is type(right)


def differences(answer, rows, names, prefix=""):
    found = []
    for i, row in enumerate(rows):
        for name in names:
            got = answer[prefix + name][i]
            if not same(name, got, row[name]):
                found.append(f"{name} of row {i}: {got!r} instead of {row[name]!r}")
    return found


def feast(folder, *words):
    program = Path(sys.executable).parent / "feast"
    done = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)


def check(repository):
    from feast import FeatureStore

    feast(repository, "apply")
    store = FeatureStore(repo_path=repository)
    rows = table().to_pylist()
    users = [{"user_id": row["user_id"]} for row in rows]
    pairs = [{"item": row["item"], "shop": row["shop"]} for row in rows]
    every = store.get_online_features([f"every:{name}" for name in FEATURES], users).to_dict()
    pair = store.get_online_features([f"pairs:{name}" for name in FEATURES], pairs).to_dict()
    service = store.get_online_features(store.get_feature_service("train"), users).to_dict()
    versioned = store.get_online_features(["later:int64"], users).to_dict()
    return {
        "types": sorted({value.WhichOneof("val") for value in values(store, users)}),
        "compared": len(rows) * len(FEATURES) * 2,
        "every": differences(every, rows, FEATURES),
        "pairs": differences(pair, rows, FEATURES),
        "service": differences(service, rows, ["float64", "string_list"]),
        "versioned": differences(versioned, rows, ["int64"]),
    }


def values(store, users):
    """The protobuf values of Feast's own answer that are not NULL."""
    answer = store.get_online_features([f"every:{name}" for name in FEATURES], users)
    return [v for vector in answer.proto.results for v in vector.values if v.WhichOneof("val")]


def materialize(repository):
    """Into database 1, from the Parquet files that Plumbline exported."""
    path = Path(repository) / "feature_store.yaml"
    path.write_text(path.read_text().replace("db=0", "db=1"))
    feast(repository, "apply")
    feast(repository, "materialize", "2024-01-01T00:00:00", "2030-01-01T00:00:00")


def main():
    command, folder = sys.argv[1:]
    if command == "rows":
        pq.write_table(table(), Path(folder) / "rows.parquet")
        print("RESULT " + json.dumps(FEATURES))
    elif command == "check":
        print("RESULT " + json.dumps(check(folder)))
    else:
        materialize(folder)


main()
