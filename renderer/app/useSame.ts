import { useState } from 'react';
import { sameOr } from '../store/same-or';

/** The value of an earlier drawing as long as it says the same: effects and memos that rest on it stay as they are. */
export function useSame<T>(value: T): T {
  const [kept, keep] = useState(value);
  const same = sameOr(kept as T | null, value);
  if (same !== kept) keep(same);
  return same;
}
