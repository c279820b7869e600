/** What `npm run bench` was asked for. */
export interface BenchArguments {
  full: boolean;
  /** Figures by name; null = all. */
  only: string[] | null;
  /** Timed runs of each side. */
  runs: number;
}

/** Throws a usage message for a word that it does not know or a figure that there is not. */
export function readArguments(words: readonly string[], figures: readonly string[]): BenchArguments {
  const args: BenchArguments = { full: false, only: null, runs: 3 };
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--full') args.full = true;
    else if (word === '--only') args.only = [...(args.only ?? []), ...(rest.shift() ?? '').split(',')];
    else if (word === '--runs') args.runs = Number(rest.shift());
    else throw new Error(`unknown word ${word}: use [--full] [--only NAME,...] [--runs N]`);
  }
  const strange = args.only?.find((name) => !figures.includes(name));
  if (strange !== undefined) throw new Error(`no figure ${strange}: there are ${figures.join(', ')}`);
  if (!Number.isInteger(args.runs) || args.runs < 1) throw new Error('--runs takes a whole number from 1');
  return args;
}
