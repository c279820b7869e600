import type { Database, QueryOptions } from '../../database/database';
import type { Attribution, AttributionJob, Cause, CauseExample } from './attribution';
import { isEnough, judge, type Judged, ranked } from './belief';
import { causeId } from './cause-part';
import { editsOf, hintOf } from './edits';
import { countExactly } from './exact-count';
import { IS_RIGHT, isRight } from './judge';
import type { Laboratory, SampleRow } from './laboratory';
import { explains, keeps, type PanelRow } from './panel';
import type { Hypothesis } from './reading';
import type { SampleSize } from './sample';
import { sentenceOf } from './sentence';
import type { Subject } from './subject';
import { alike } from './suspects';

/** What the sample says. */
export interface Findings {
  of: SampleSize;
  taken: SampleSize;
  sample: SampleRow[];
  /** The definition as it stands first. */
  hypotheses: Hypothesis[];
  /** Best first. */
  judged: Judged[];
  lab: Laboratory;
  /** Over all rows of the source. */
  subject: Subject;
}

/** Causes that are reported, at most. */
const MOST = 8;
/**
 * Causes that are counted at more rows than the sample's, where one explains enough and where none does; each costs about as
 * much as the plain values.
 */
const COUNTED = { enough: 2, otherwise: 4 };
/** Of causes that the sample does not tell from the best one, so many are counted. */
const TWINS = 3;
/** A cause that explains less is not worth a line. */
const LEAST = 0.01;
const EXAMPLES = 5;

/** Counts the best causes at all mismatching rows, and puts what was found into words. */
export async function report(
  db: Database,
  job: AttributionJob,
  tables: { all: string; part: string; counted: string; dropped: string },
  findings: Findings,
  note: string | null,
  options: QueryOptions,
): Promise<Attribution> {
  const { of, taken, sample, hypotheses, judged, lab, subject } = findings;
  const complete = taken.mismatching === of.mismatching;
  const listed = alike(
    sample,
    judged.filter(({ tally }) => explains(tally) >= LEAST),
  ).slice(0, complete ? MOST : COUNTED[isEnough(judged[0]) ? 'enough' : 'otherwise']);
  const suspects = listed.flatMap((same, at) => same.slice(0, at === 0 || complete ? TWINS : 1));
  let rows: PanelRow[] = sample;
  let counted = taken;
  let final = suspects;
  if (!complete && suspects.length > 0) {
    const places = [...new Set(suspects.flatMap(({ guesses, alone }) => [...guesses, ...alone]))];
    const place = (at: number): number => places.indexOf(at);
    const exact = await countExactly(
      db,
      job,
      subject,
      {
        hypotheses: places.map((at) => hypotheses[at]!),
        of,
        constant: lab.constant,
        tables: { sample: tables.all, part: tables.part, tried: tables.counted, dropped: tables.dropped },
      },
      options,
    );
    ({ rows, counted } = exact);
    final = suspects.map((one) => {
      const moved = { ...one, guesses: one.guesses.map(place), alone: one.alone.map(place) };
      return { ...judge(rows, moved, one), guesses: one.guesses, alone: one.alone };
    });
    rows = exact.rows.map((row) => ({ ...row, codes: spread(row.codes, places, hypotheses.length) }));
  }
  const [first, ...rest] = alike(rows, ranked(final));
  // Behind the named one by what they explain: they are what else was looked at.
  rest.sort(([one], [other]) => explains(other!.tally) - explains(one!.tally));
  const groups = first === undefined ? [] : [first, ...rest].slice(0, MOST);
  const causes: Cause[] = [];
  for (const same of groups) causes.push(await causeOf(findings, same));
  const named = first?.[0]?.believed ? causes[0]! : null;
  return {
    examined: {
      mismatches: of.mismatching,
      total: of.mismatching + of.agreeing,
      agreeing: counted.agreeing,
      counted: counted.mismatching,
    },
    causes,
    verdict: named?.cause ?? null,
    remaining: of.mismatching === 0 ? 0 : 1 - (named?.explains ?? 0),
    note: note ?? baseNote(sample),
  };
}

/** Codes of some guesses as if all were there. */
function spread(codes: string, places: readonly number[], length: number): string {
  const digits = new Array<string>(length).fill('0');
  places.forEach((at, index) => (digits[at] = codes[index]!));
  return digits.join('');
}

async function causeOf(
  { sample, hypotheses, lab, subject }: Findings,
  same: readonly Judged[],
): Promise<Cause> {
  const [judged, ...others] = same as [Judged, ...Judged[]];
  const { parts, either, tally, guesses } = judged;
  const edits = either ? null : editsOf(subject, parts);
  const first = sample
    .filter((one) => one.differs && guesses.some((at) => isRight(one.codes, at)))
    .sort((a, b) => (a.row < b.row ? -1 : 1))
    .slice(0, EXAMPLES);
  const shown = new Map<bigint, CauseExample>();
  for (const at of guesses) {
    const own = first.filter((one) => isRight(one.codes, at) && !shown.has(one.row));
    const values = await lab.examples(
      hypotheses[at]!,
      own.map(({ n }) => n),
    );
    for (const { n, row } of own) {
      const { left = null, right = null, value = null } = values.get(n) ?? {};
      shown.set(row, { row, left, right, recomputed: value });
    }
  }
  return {
    cause: causeId(parts, either),
    parts,
    either,
    explains: explains(tally),
    rows: Math.round(tally.explained),
    keeps: keeps(tally),
    sentence: sentenceOf(subject, parts, either),
    hint: edits === null || edits.length === 0 ? hintOf(parts) : null,
    edits: edits ?? [],
    examples: first.flatMap(({ row }) => shown.get(row) ?? []),
    alike: others.map((one) => causeId(one.parts, one.either)),
  };
}

/** The left side is taken to be what the definition gives; where it is not, shares are of something else. */
function baseNote(sample: readonly SampleRow[]): string | null {
  const left = sample.filter(
    ({ codes, differs }) => parseInt(codes[0]!, 16) & (differs ? 2 : IS_RIGHT),
  ).length;
  if (sample.length === 0 || left >= 0.99 * sample.length) return null;
  const share = ((100 * left) / sample.length).toFixed(0);
  return `Only ${share} % of the left values are what the definition gives now: the causes are of the definition.`;
}
