import { timestampText } from '../database/exact-text';
import type { Explanation } from './explanation';
import {
  candidateWords,
  fateWords,
  naiveWords,
  summaryWords,
  valueWords,
  windowWords,
} from './explanation-words';

/** A whole explanation as plain text: the value, its window, how many rows have which reason, and the rows. */
export function explanationText(explanation: Explanation): string {
  return [...headLines(explanation), '', ...countLines(explanation), ...rowLines(explanation)].join('\n');
}

function headLines(explanation: Explanation): string[] {
  const { ref, value, type, status, defaulted, set, spineRow, t, entity, spine, spineColumns, ratio } =
    explanation;
  const keys = Object.entries(entity).map(([name, key]) => `${name} ${valueWords(key, '')}`);
  const time = t === null ? 'no time' : `${timestampText(t)} UTC`;
  return [
    `${ref} = ${valueWords(value, type)} (${status}${defaulted ? ', the default' : ''})`,
    `${keys.join(', ')} at t = ${time}, row ${spineRow} of the spine of ${set}`,
    `spine row: ${valuesText(spine, spineColumns)}`,
    windowWords(explanation),
    summaryWords(explanation),
    ...(ratio === null
      ? []
      : [`numerator ${valueWords(ratio.of, 'DOUBLE')}, denominator ${valueWords(ratio.over, 'DOUBLE')}`]),
    naiveWords(explanation),
  ];
}

function countLines(explanation: Explanation): string[] {
  const { reasons, source } = explanation;
  if (reasons.length === 0) return [`No row of this entity in ${source}.`];
  const width = Math.max(...reasons.map(({ rows }) => rows.toLocaleString('en-US').length));
  return [
    `What became of the entity’s rows in ${source}:`,
    ...reasons.map(
      (one) => `  ${one.rows.toLocaleString('en-US').padStart(width)}  ${fateWords(one, explanation)}`,
    ),
  ];
}

function rowLines(explanation: Explanation): string[] {
  const { candidates, columns } = explanation;
  if (candidates.length === 0) return [];
  return [
    '',
    shownWords(explanation),
    ...candidates.flatMap((candidate) => [
      `  ${candidate.at === null ? 'no event time' : timestampText(candidate.at)}  ${candidateWords(candidate, explanation)}`,
      `      ${valuesText(candidate.values, columns)}`,
    ]),
  ];
}

/** How many of the rows are listed; all of them, or some of each reason and the nearest to t. */
export function shownWords({ candidates, reasons }: Explanation): string {
  const all = reasons.reduce((sum, { rows }) => sum + rows, 0);
  if (all === candidates.length) return all === 1 ? 'The one row' : `All ${all.toLocaleString('en-US')} rows`;
  return `${candidates.length.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} rows: some of each kind, then those nearest to t`;
}

function valuesText(
  values: Record<string, unknown>,
  columns: readonly { name: string; type: string }[],
): string {
  return columns.map(({ name, type }) => `${name}=${valueWords(values[name], type)}`).join(' ');
}
