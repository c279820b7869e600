import { printDuration } from '../catalog/duration';
import type { ReplayReason } from '../results';

/** Why values differ, in words that stand by themselves. */
const WORDS: Readonly<Record<ReplayReason, string>> = {
  late: 'dropped as late',
  not_arrived: 'not arrived by the end',
  not_in_log: 'missing in the log',
  not_in_batch: 'missing in the batch source',
  duplicate: 'more than once in the log',
  order: 'same rows in another order',
};

/** A watermark's delay, microseconds, in words. */
export function delayWords(microseconds: number): string {
  return printDuration(BigInt(microseconds));
}

export function causeWords(reason: ReplayReason): string {
  return WORDS[reason];
}
