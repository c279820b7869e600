import { PlumblineError } from '../errors';

/** Errors: `catalog.unknown_column` when a wanted column is not in the file; null wants whatever is there. */
export function requireColumns(
  file: string,
  wanted: readonly string[] | null,
  known: readonly string[],
): void {
  const missing = wanted?.find((column) => !known.includes(column));
  if (missing === undefined) return;
  throw new PlumblineError('catalog.unknown_column', `${file} has no column "${missing}".`, {
    hint: `Its columns are: ${known.join(', ')}.`,
  });
}
