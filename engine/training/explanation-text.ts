import { timestampText } from '../database/exact-text';
import type { Explanation, ExpressionExplanation, RowExplanation } from './explanation';
import {
  candidateWords,
  countWords,
  fateWords,
  naiveWords,
  summaryWords,
  valueWords,
  windowWords,
} from './explanation-words';

/** A whole explanation as plain text: the value, its window, how many rows have which reason, and the rows. */
export function explanationText(explanation: Explanation): string {
  const body =
    explanation.kind === 'on_demand'
      ? inputLines(explanation)
      : [...countLines(explanation), ...rowLines(explanation)];
  return [...headLines(explanation), '', ...body].join('\n');
}

function headLines(explanation: Explanation): string[] {
  const { ref, value, type, status, defaulted, set, spineRow, spine, spineColumns, indicator } = explanation;
  return [
    `${ref} = ${valueWords(value, type)} (${status}${defaulted ? ', the default' : ''})`,
    `${placeWords(explanation)}, row ${spineRow} of the spine of ${set}`,
    `spine row: ${valuesText(spine, spineColumns)}`,
    ...(explanation.kind === 'on_demand' ? [explanation.expression] : [windowWords(explanation)]),
    summaryWords(explanation),
    ...(explanation.kind !== 'on_demand' && explanation.ratio !== null
      ? [ratioWords(explanation.ratio)]
      : []),
    ...(indicator === null ? [] : [`${indicator.column} = ${indicator.value}`]),
    naiveWords(explanation),
  ];
}

/** Whose value, and when: `user_id 42 at 2025-03-02 00:11:14 UTC`. */
export function placeWords(explanation: Explanation): string {
  const { t } = explanation;
  const time = t === null ? 'no time' : `${timestampText(t)} UTC`;
  if (explanation.kind === 'on_demand') return `at ${time}`;
  const keys = Object.entries(explanation.entity).map(([name, key]) => `${name} ${valueWords(key, '')}`);
  return `${keys.join(', ')} at ${time}`;
}

/** `Numerator 2, denominator 8.` */
export function ratioWords({ of, over }: { of: unknown; over: unknown }): string {
  return `Numerator ${valueWords(of, 'DOUBLE')}, denominator ${valueWords(over, 'DOUBLE')}.`;
}

function inputLines({ inputs, parameters }: ExpressionExplanation): string[] {
  return [
    'What it is computed from:',
    ...inputs.map(
      ({ ref, value, type, status, defaulted }) =>
        `  ${ref} = ${valueWords(value, type)} (${status}${defaulted ? ', the default' : ''})`,
    ),
    ...parameters.map(({ name, value, type }) => `  ${name} = ${valueWords(value, type)} (spine)`),
  ];
}

function countLines(explanation: RowExplanation): string[] {
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

function rowLines(explanation: RowExplanation): string[] {
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
export function shownWords({ candidates, reasons }: RowExplanation): string {
  const all = reasons.reduce((sum, { rows }) => sum + rows, 0);
  if (all === candidates.length) return all === 1 ? 'The one row' : `All ${countWords(all, 'row')}`;
  return `${candidates.length.toLocaleString('en-US')} of ${countWords(all, 'row')}: some of each kind, then those nearest to t`;
}

function valuesText(
  values: Record<string, unknown>,
  columns: readonly { name: string; type: string }[],
): string {
  return columns.map(({ name, type }) => `${name}=${valueWords(values[name], type)}`).join(' ');
}
