import { isoMicroseconds } from '../../catalog/instant';
import type { Explanation } from '../../training/explanation';
import { readableRow } from './readable';

/** An explanation as JSON carries it: every instant as ISO 8601 UTC. */
export function explanationJson(explanation: Explanation) {
  const instant = (at: bigint | null) => (at === null ? null : isoMicroseconds(at));
  const { spineColumns, columns, window, naive } = explanation;
  const value = (one: unknown) =>
    readableRow({ one }, [{ name: 'one', type: explanation.type.toUpperCase() }])['one'];
  return {
    ...explanation,
    spine: readableRow(explanation.spine, spineColumns),
    t: instant(explanation.t),
    value: value(explanation.value),
    raw: value(explanation.raw),
    window: { ...window, from: instant(window.from), to: instant(window.to) },
    naive: { ...naive, value: value(naive.value), last: instant(naive.last) },
    reasons: explanation.reasons.map((one) => ({
      ...one,
      first: instant(one.first),
      last: instant(one.last),
    })),
    candidates: explanation.candidates.map((candidate) => ({
      ...candidate,
      at: instant(candidate.at),
      known: instant(candidate.known),
      values: readableRow(candidate.values, columns),
    })),
  };
}
