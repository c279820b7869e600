/** A printed value as a narrow column shows it; `exact` has what was left out. */
export interface Shortened {
  text: string;
  exact: string;
}

const FEWEST_DIGITS = 5;
const MOST_DIGITS = 17;
const FRACTION = /^-?\d*\.\d+(e[-+]?\d+)?$/i;

/** Values of one row with as few digits as tell apart what is not equal. */
export function shortened(values: readonly (string | null)[]): Shortened[] {
  const different = new Set(values).size;
  for (let digits = FEWEST_DIGITS; digits < MOST_DIGITS; digits++) {
    const texts = values.map((value) => short(value, digits));
    if (new Set(texts).size === different)
      return texts.map((text, at) => ({ text, exact: whole(values[at]!) }));
  }
  return values.map((value) => ({ text: whole(value), exact: whole(value) }));
}

function short(value: string | null, digits: number): string {
  return value !== null && FRACTION.test(value)
    ? String(Number(Number(value).toPrecision(digits)))
    : whole(value);
}

function whole(value: string | null): string {
  return value ?? 'NULL';
}
