import type { CellStatus } from './types';

export interface StatusBadge {
  words: string;
  /** Shape beside the colour: `leak` solid frame, `expired` dashed, `plain` dotted. */
  look: 'leak' | 'expired' | 'plain';
}

/** The marks of a feature cell in words; a value that is present and does not leak has none. */
export function statusBadges({ status, leaks, note }: CellStatus): StatusBadge[] {
  const badges: StatusBadge[] = [];
  if (status === 'expired') badges.push({ words: note ?? 'expired', look: 'expired' });
  if (status === 'missing') badges.push({ words: note ?? 'no events', look: 'plain' });
  if (status === 'null') badges.push({ words: note ?? 'null in the source', look: 'plain' });
  if (leaks) badges.push({ words: 'leaks if naive', look: 'leak' });
  return badges;
}
