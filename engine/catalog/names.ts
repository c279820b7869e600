/** What a cell, feature or column that Plumbline makes may be called. */
export const NAME_PATTERN = /^[a-z_][a-z0-9_]*$/;

/** Names that begin with two underscores are Plumbline's own (`__row`, `__order`). */
export function isName(text: string): boolean {
  return NAME_PATTERN.test(text) && !text.startsWith('__') && text.length <= 128;
}

/** The way out for a text that is not a name. */
export function nameHint(text: string): string {
  const mended = text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?=[0-9])/, '_');
  const rule = 'A name is made of a-z, 0-9 and _, does not begin with a digit or with two underscores.';
  return mended !== '' && mended !== text ? `${rule} Try \`${mended}\`.` : rule;
}

/**
 * The candidate with the smallest edit distance to `text` (a swap of neighbours counts as one edit), when it is
 * near enough to be what was meant: at most a third of its letters, at least two. Ties go to the first.
 */
export function nearest(text: string, candidates: Iterable<string>): string | null {
  const wanted = text.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance && distance < Math.max(wanted.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean ...?` with the nearest candidate, else the list of what there is. */
export function nameSuggestion(text: string, candidates: readonly string[], none: string): string {
  const near = nearest(text, candidates);
  if (near !== null) return `Did you mean \`${near}\`?`;
  if (candidates.length === 0) return none;
  const shown = candidates.slice(0, 6).map((name) => `\`${name}\``);
  return `There is ${shown.join(', ')}${candidates.length > shown.length ? ' and more' : ''}.`;
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? limit;
}
