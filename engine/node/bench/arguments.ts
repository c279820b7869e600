/** What `npm run bench` was asked for. */
export interface BenchArguments {
  full: boolean;
  /** Figures by name; null = all. */
  only: string[] | null;
  /** Timed runs of each side. */
  runs: number;
}

/** What `npm run bench -- --memory` was asked for: a spine of ten million rows over fifty million events, by default. */
export interface MemoryArguments {
  /** So many per cent of spine and events. */
  percent: number;
  /** Engines for whole runs beside the first one; what a session takes when undefined. */
  threads: number | undefined;
  /** MiB that each engine may use; what an engine takes when undefined. */
  engineMiB: number | undefined;
}

/** Null when the memory proof was not asked for. Throws a usage message for a word that it does not know. */
export function readMemoryArguments(words: readonly string[]): MemoryArguments | null {
  if (!words.includes('--memory')) return null;
  const args: MemoryArguments = { percent: 100, threads: undefined, engineMiB: undefined };
  const rest = words.filter((word) => word !== '--memory');
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--percent') args.percent = wholeNumber(word, rest.shift());
    else if (word === '--threads') args.threads = wholeNumber(word, rest.shift());
    else if (word === '--engine-mib') args.engineMiB = wholeNumber(word, rest.shift());
    else throw new Error(`unknown word ${word}: use --memory [--percent N] [--threads N] [--engine-mib N]`);
  }
  return args;
}

/** Throws a usage message for a word that it does not know or a figure that there is not. */
export function readArguments(words: readonly string[], figures: readonly string[]): BenchArguments {
  const args: BenchArguments = { full: false, only: null, runs: 3 };
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--full') args.full = true;
    else if (word === '--only') args.only = [...(args.only ?? []), ...(rest.shift() ?? '').split(',')];
    else if (word === '--runs') args.runs = wholeNumber(word, rest.shift());
    else throw new Error(`unknown word ${word}: use [--full] [--only NAME,...] [--runs N]`);
  }
  const strange = args.only?.find((name) => !figures.includes(name));
  if (strange !== undefined) throw new Error(`no figure ${strange}: there are ${figures.join(', ')}`);
  return args;
}

function wholeNumber(word: string, text: string | undefined): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${word} takes a whole number from 1`);
  return value;
}
