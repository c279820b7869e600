import { distanceWords } from '../../audit/words';
import type { ReplayFeature, ReplayResult } from '../../results';
import { causeWords, delayWords } from '../../stream/words';

const count = (value: number): string => value.toLocaleString('en-US');

/** A replay for a terminal: what became of the rows, the features that differ and why, and the delays that were tried. */
export function replayLines(result: ReplayResult): string[] {
  const { counts, entities, lateness } = result;
  const late = lateness
    ? ` (median ${distanceWords(lateness.median_us)}, at most ${distanceWords(lateness.max_us)})`
    : '';
  const left = [
    ...(counts.no_key > 0 ? [`${count(counts.no_key)} without a key`] : []),
    ...(result.no_time > 0 ? [`${count(result.no_time)} without a time`] : []),
  ];
  return [
    `    ${count(counts.read)} rows of ${result.stream} in ${count(counts.batches)} batches: ${[`${count(counts.accepted)} accepted`, `${count(counts.late)} late${late}`, ...left].join(', ')}`,
    `    state: at most ${count(counts.most_state_rows)} rows, ${count(counts.evicted)} evicted`,
    `    ${count(entities.equal)} of ${count(entities.compared)} entities equal ${result.source} at ${result.end ?? 'no time'}`,
    ...result.features.filter(({ differing }) => differing > 0).flatMap(featureLines),
    ...result.sweep.map(
      ({ delay_us, late: rows, match_rate }) =>
        `    delay ${delayWords(delay_us).padEnd(12)} ${count(rows).padStart(8)} late, ${(100 * match_rate).toFixed(2)} % of the entities equal`,
    ),
  ];
}

function featureLines({ ref, differing, causes, examples }: ReplayFeature): string[] {
  const why = causes.map(({ reason, entities }) => `${count(entities)} ${causeWords(reason)}`);
  return [
    `    ${ref.padEnd(44)} ${count(differing)} differ: ${why.join(', ')}`,
    ...examples.map(({ entity, batch, stream, causes: own, late_by_us: late }) => {
      const keys = Object.entries(entity).map(([name, value]) => `${name} ${value ?? 'NULL'}`);
      const reasons = own.map(({ reason, rows }) =>
        reason === 'order'
          ? causeWords(reason)
          : `${count(rows)} ${rows === 1 ? 'row' : 'rows'} ${causeWords(reason)}`,
      );
      const by = late === null ? '' : ` by ${distanceWords(late)} at most`;
      return `        ${keys.join(', ')}: ${stream ?? 'NULL'} for ${batch ?? 'NULL'}; ${reasons.join(', ')}${by}`;
    }),
  ];
}
