import type { Alignment } from './alignment';
import { rowsText } from './no-overlap';

/** What a reader of the numbers must know: rows alone, columns that are absent, keys that are not unique. */
export function skewWarnings(
  plan: Alignment,
  counts: { left: number; right: number },
  ambiguous: { left: number; right: number },
): string[] {
  const { left, right } = plan;
  const said: string[] = [];
  if (counts.left > 0) said.push(`${rowsText(counts.left)} of ${left.name} not in ${right.name}.`);
  if (counts.right > 0) said.push(`${rowsText(counts.right)} of ${right.name} not in ${left.name}.`);
  if (left.sample !== null)
    said.push(`${left.name} is a sample; what only ${right.name} holds is not counted.`);
  if (plan.missingKeys.length > 0) {
    const without = plan.missingKeys.some((key) => !right.types.has(key)) ? right : left;
    said.push(`${without.name} has no column ${plan.missingKeys.join(', ')}: rows are aligned without it.`);
  }
  for (const { column, columns } of plan.features)
    for (const side of ['left', 'right'] as const)
      if (columns[side] === null)
        said.push(`${plan[side].name} has no column ${column}: nothing to compare.`);
  for (const side of ['left', 'right'] as const) {
    const count = ambiguous[side];
    if (count === 0) continue;
    const what = count === 1 ? 'key and time occurs' : 'keys and times occur';
    said.push(`${count} ${what} in ${plan[side].name} more than once; such rows are paired in order.`);
  }
  return [...said, ...left.remarks, ...right.remarks];
}
