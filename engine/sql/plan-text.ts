import type { PlanChoice } from './plan';

/** What the planner went by: `199,244 rows in the source, about 31 of them near a point`. */
export function planFacts({ rows, points, perPoint }: PlanChoice): string {
  const count = (number: number, noun: string): string =>
    `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
  return [
    rows === null ? 'the source has not been looked at' : `${count(rows, 'row')} in the source`,
    ...(points === null ? [] : [`at most ${count(points, 'point')}`]),
    ...(perPoint === null ? [] : [`about ${count(perPoint, 'row')} a point`]),
  ].join(', ');
}

/** A plan on three lines: view and plan, why, what the planner went by. */
export function planText(choice: PlanChoice): string {
  return `${choice.view}: ${choice.plan}\n    ${choice.why}\n    ${planFacts(choice)}`;
}
