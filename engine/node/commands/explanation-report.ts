import { isoMicroseconds } from '../../catalog/instant';
import type { Explanation } from '../../training/explanation';
import { readableRow } from './readable';

/** An explanation as JSON carries it: every instant as ISO 8601 UTC. */
export function explanationJson(explanation: Explanation) {
  const common = {
    ...explanation,
    spine: readableRow(explanation.spine, explanation.spineColumns),
    t: instant(explanation.t),
    value: readable(explanation.value, explanation.type),
    raw: readable(explanation.raw, explanation.type),
  };
  const naive = readable(explanation.naive.value, explanation.type);
  if (explanation.kind === 'on_demand')
    return {
      ...common,
      naive: { ...explanation.naive, value: naive },
      inputs: explanation.inputs.map((one) => ({ ...one, value: readable(one.value, one.type) })),
      parameters: explanation.parameters.map((one) => ({ ...one, value: readable(one.value, one.type) })),
    };
  const { window, columns } = explanation;
  return {
    ...common,
    window: { ...window, from: instant(window.from), to: instant(window.to) },
    naive: { ...explanation.naive, value: naive, last: instant(explanation.naive.last) },
    reasons: explanation.reasons.map((one) => ({
      ...one,
      first: instant(one.first),
      last: instant(one.last),
    })),
    candidates: explanation.candidates.map((candidate) => ({
      ...candidate,
      at: instant(candidate.at),
      until: instant(candidate.until),
      known: instant(candidate.known),
      values: readableRow(candidate.values, columns),
    })),
  };
}

function instant(at: bigint | null): string | null {
  return at === null ? null : isoMicroseconds(at);
}

/** A value of a DuckDB or feature type. */
function readable(value: unknown, type: string): unknown {
  return readableRow({ value }, [{ name: 'value', type: type.toUpperCase() }])['value'];
}
