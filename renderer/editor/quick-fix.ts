/**
 * What a message that ends in `did you mean event_type?` wants in place of the marked text; null when it names
 * nothing. Of a marked range that is longer than one name only the wrong name changes.
 */
export function replacementFor(message: string, marked: string): string | null {
  const meant = /did you mean ["'`]?([\w:]+)["'`]?/i.exec(message)?.[1];
  if (meant === undefined) return null;
  if (/^["'`]?[\w:]+["'`]?$/.test(marked)) return marked.replace(/[\w:]+/, meant);
  const wrong = marked
    .match(/[\w:]+/g)
    ?.find((word) => word !== meant && new RegExp(`\\b${word}\\b`).test(message) && looksAlike(word, meant));
  return wrong === undefined ? null : marked.replace(new RegExp(`\\b${wrong}\\b`, 'g'), meant);
}

/** Whether two names share half of their letters: enough to tell the wrong name from prose that both texts hold. */
function looksAlike(one: string, other: string): boolean {
  const letters = new Set(other);
  const common = [...letters].filter((letter) => one.includes(letter)).length;
  return common * 2 >= letters.size;
}
