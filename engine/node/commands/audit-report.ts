import { reasonWords } from '../../audit/reasons';
import { distanceWords, percentWords } from '../../audit/words';
import type { AuditExample, AuditFeature, AuditResult } from '../../results';

const count = (value: number): string => value.toLocaleString('en-US');

/** An audit for a terminal: the features by share of right values, with the worst rows of each. */
export function auditLines(result: AuditResult): string[] {
  const { rows, rows_not_right: wrong } = result;
  return [
    `    ${result.file}: ${count(rows - wrong)} of ${count(rows)} rows are right, ${percentWords(wrong, rows)} are not (limit ${result.limit} %)`,
    ...result.features.flatMap((feature) => [
      featureLine(feature, rows),
      ...feature.examples.map((example) => `        ${exampleLine(example)}`),
    ]),
    ...result.warnings.map((warning) => `    ! ${warning}`),
  ];
}

function featureLine(feature: AuditFeature, rows: number): string {
  const { ahead, age } = feature;
  const far = ahead
    ? ` (median ${distanceWords(ahead.median_us)}, at most ${distanceWords(ahead.max_us)} ahead)`
    : '';
  const old = age
    ? ` (median ${distanceWords(age.median_us)}, at most ${distanceWords(age.max_us)} old)`
    : '';
  const parts = [
    `${percentWords(feature.right, rows)} right`,
    ...(feature.future > 0 ? [`${count(feature.future)} future${far}`] : []),
    ...(feature.stale > 0 ? [`${count(feature.stale)} stale${old}`] : []),
    ...(feature.wrong > 0 ? [`${count(feature.wrong)} wrong`] : []),
    ...(feature.not_decidable > 0 ? [`${count(feature.not_decidable)} not decidable`] : []),
  ];
  return `    ${feature.column.padEnd(32)} ${parts.join(', ')}`;
}

function exampleLine({
  row,
  entity,
  time,
  in_file,
  truth,
  reason,
  verdict,
  distance_us,
}: AuditExample): string {
  const keys = Object.entries(entity).map(([name, value]) => `${name} ${value ?? 'NULL'}`);
  const away = distance_us === null ? '' : `, ${distanceWords(distance_us)} away`;
  return `row ${row}, ${keys.join(', ')} at ${time ?? 'NULL'}: ${in_file ?? 'NULL'} for ${truth ?? 'NULL'}; ${verdict.replace('_', ' ')}: the value ${reasonWords(reason)}${away}`;
}
