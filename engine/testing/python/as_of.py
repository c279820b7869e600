"""Answers every question of a folder by pandas.merge_asof or polars join_asof. See as-of.interop.ts.

Both pick a source row by its place; Arrow takes that row's values, since pandas holds no whole number beside a NULL.
Neither has a rule for NULL in a key or in a time: those rows stay out, and their features are NULL.
"""

import json
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype()}


def by_pandas(rows, spine, keys, ttl, order):
    right = rows.to_pandas(types_mapper=NULLABLE.get).assign(place=range(len(rows)))
    left = spine.to_pandas(types_mapper=NULLABLE.get).assign(row=range(len(spine)))
    right = right.dropna(subset=[*keys, "happened"]).sort_values(order, kind="stable", na_position="first")
    left = left.dropna(subset=[*keys, "t"]).sort_values("t", kind="stable")
    tolerance = None if ttl is None else pd.Timedelta(ttl, "us")
    found = pd.merge_asof(left, right, left_on="t", right_on="happened", by=keys, tolerance=tolerance)
    return zip(found["row"], found["place"])


def by_polars(rows, spine, keys, ttl, order):
    right = pl.from_arrow(rows).with_row_index("place")
    left = pl.from_arrow(spine).with_row_index("row")
    right = right.drop_nulls([*keys, "happened"]).sort(order, maintain_order=True, nulls_last=False)
    left = left.drop_nulls([*keys, "t"]).sort("t", maintain_order=True)
    tolerance = None if ttl is None else f"{ttl}us"
    found = left.join_asof(right, left_on="t", right_on="happened", by=keys, strategy="backward", tolerance=tolerance)
    return zip(found["row"], found["place"])


def answer(folder, question, name, tool):
    [view] = question["views"]
    keys = list(view["keys"])
    rows = pq.read_table(folder / f"{question['name']}_{view['name']}.parquet")
    spine = pq.read_table(folder / f"{question['name']}_spine.parquet")
    order = ["happened", "made"] if view["created"] else ["happened"]
    places = [None] * len(spine)
    for row, place in tool(rows.select([*keys, *order]), spine.select([*keys, "t"]), keys, view["ttl"], order):
        places[row] = None if pd.isna(place) else int(place)
    values = rows.select(list(view["features"])).take(pa.array(places, pa.int64()))
    pq.write_table(values.append_column("n", spine["n"]), folder / f"{name}_{question['name']}.parquet")


folder, name = Path(sys.argv[1]), sys.argv[2]
for question in json.loads((folder / "questions.json").read_text()):
    answer(folder, question, name, {"pandas": by_pandas, "polars": by_polars}[name])
