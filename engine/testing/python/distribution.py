"""Compares samples with a reference by numpy and scipy. See distribution.interop.ts.

PSI is the sum of the two relative entropies of the shares. The deciles are numpy's inverted distribution function, at
exact ranks.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import ks_2samp

LEAST_SHARE = 0.0001


def number(text):
    return None if text is None else float(text)


def numeric_labels(reference, values):
    known = np.sort(np.array([value for value in reference if value is not None]))
    edges = np.array([known[-(-k * len(known) // 10) - 1] for k in range(1, 10)]) if len(known) else known
    for value in values:
        low, high = (int(np.searchsorted(edges, 0 if value is None else value, side)) for side in ("left", "right"))
        yield "null" if value is None else ("point", low) if high - low > 1 else low


def shares(labels, names):
    counts = Counter(labels)
    return np.array([counts[name] for name in names]) / counts.total()


def answer(reference, sample, numeric):
    if numeric:
        reference, sample = [number(x) for x in reference], [number(x) for x in sample]
        left, right = list(numeric_labels(reference, reference)), list(numeric_labels(reference, sample))
    else:
        left, right = reference, sample
    names = list(set(left) | set(right))
    p, q = shares(left, names), shares(right, names)
    least_p, least_q = np.maximum(p, LEAST_SHARE), np.maximum(q, LEAST_SHARE)
    result = {"psi": float(np.sum(rel_entr(least_p, least_q) + rel_entr(least_q, least_p)))}
    if not numeric:
        return {**result, "js": float(jensenshannon(p, q, 2.0) ** 2), "ks": None}
    known = [[x for x in side if x is not None] for side in (reference, sample)]
    return {**result, "js": None, "ks": float(ks_2samp(*known).statistic) if all(known) else None}


cases = json.loads(Path(sys.argv[1]).read_text())
results = [[answer(one["reference"], sample, one["numeric"]) for sample in one["samples"]] for one in cases]
print("RESULT", json.dumps(results))
