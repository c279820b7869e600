export type Alarm = 'look' | 'alarm';

/**
 * From where on a distance asks for a look and for an alarm. PSI: the levels that credit scoring uses (Siddiqi, "Credit Risk
 * Scorecards", 2006). KS: our own, for the greatest distance between both cumulative shares.
 */
const LEVELS = { psi: [0.1, 0.25], ks: [0.1, 0.2] } as const;

export function levelOf(metric: keyof typeof LEVELS, value: number | null): Alarm | null {
  const [look, alarm] = LEVELS[metric];
  if (value === null || value < look) return null;
  return value < alarm ? 'look' : 'alarm';
}
