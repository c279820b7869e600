import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { buildCase, pointInTimeTexts, textDifferences, wholeTexts } from '../testing/cases/build-case';
import { tablesSql } from '../testing/cases/case-tables';
import { expectCases } from '../testing/cases/check-cases';
import { withoutOverlaps } from '../testing/cases/intervals';
import { plainViews } from '../testing/cases/views';
import { oracleCase, type OracleCase } from '../testing/cases/oracle-case';
import { identity } from '../testing/oracle/value';
import type { OracleAggregation, OracleEvent, OracleFeature, OracleView } from '../testing/oracle/definition';
import { openTestDatabase } from '../testing/test-database';

const SEED = 20250317;
const CASES = oracleCase(8);

/** A case whose last rows are at `t`, the middle one of its spine's times. */
function upTo(one: OracleCase): { t: bigint; before: OracleCase } {
  const times = one.spine.flatMap(({ t }) => (t === null ? [] : [t])).sort((a, b) => (a < b ? -1 : 1));
  const t = times[Math.floor(times.length / 2)] ?? 0n;
  return { t, before: { ...one, spine: one.spine.filter((row) => row.t !== null && row.t <= t) } };
}

/** Given places in their order; intervals that would overlap now are cut. */
const numbered = (events: readonly OracleEvent[]): OracleEvent[] =>
  withoutOverlaps(events.map((event, order) => ({ ...event, order })));

describe('what must not change a training set', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  /** Worlds with another future: later rows gone, changed, or new ones between the old. */
  const FUTURES: Record<
    string,
    (events: readonly OracleEvent[], t: bigint, isLater: (event: OracleEvent) => boolean) => OracleEvent[]
  > = {
    'later rows deleted': (events, _, isLater) => events.filter((event) => !isLater(event)),
    'later rows changed': (events, _, isLater) =>
      events.map((event, index) =>
        isLater(event)
          ? { ...event, payload: events[events.length - 1 - index]!.payload, made: null }
          : event,
      ),
    'rows added a microsecond later': (events, t) =>
      events.flatMap((event) => [{ ...event, at: t + 1n, available: t + 1n, made: t + 1n }, event]),
  };

  it('is whatever happens after t', async () => {
    await expectCases(
      CASES,
      async (one) => {
        const { t, before } = upTo(one);
        await db.query(tablesSql(before));
        const first = pointInTimeTexts(await buildCase(db, before));
        const findings: string[] = [];
        for (const [what, change] of Object.entries(FUTURES)) {
          const happened = change(one.events, t, ({ at }) => at !== null && at > t);
          const known = change(
            one.events,
            t,
            ({ at, available }) => (at !== null && at > t) || available === null || available > t,
          );
          await db.query(tablesSql({ ...before, events: numbered(happened) }, numbered(known)));
          findings.push(...textDifferences(what, first, pointInTimeTexts(await buildCase(db, before))));
        }
        return findings;
      },
      { seed: SEED, runs: 8 },
    );
  });

  it('is what becomes available after t of things that happened before', async () => {
    await expectCases(
      CASES,
      async (one) => {
        const { t, before } = upTo(one);
        const late = { ...before, views: before.views.map((view) => ({ ...view, late: true })) };
        await db.query(tablesSql(late));
        const first = pointInTimeTexts(await buildCase(db, late));
        const arrivals = late.events.map((event) => ({
          ...event,
          available: event.order % 2 === 0 ? t + 1n : null,
        }));
        const events = numbered(late.events.flatMap((event, index) => [arrivals[index]!, event]));
        await db.query(tablesSql({ ...late, events }));
        return textDifferences('arrivals', first, pointInTimeTexts(await buildCase(db, late)));
      },
      { seed: SEED, runs: 8 },
    );
  });

  it('is the order of the source’s rows, where it decides no tie', async () => {
    await expectCases(
      // Features that are left out could be inputs of others.
      oracleCase(8, plainViews),
      async (one) => {
        const seen = new Set<string>();
        const events = one.events.filter((event) => {
          const place = [...event.keys.map(identity), event.at].join(' ');
          return seen.size !== seen.add(place).size;
        });
        const plain = { ...one, views: orderless(one.views), events: numbered(events) };
        await db.query(tablesSql(plain));
        const first = wholeTexts(await buildCase(db, plain));
        const findings: string[] = [];
        for (const shuffled of [[...events].reverse(), riffled(events)]) {
          await db.query(tablesSql({ ...plain, events: numbered(shuffled) }));
          findings.push(...textDifferences('order', first, wholeTexts(await buildCase(db, plain))));
        }
        return findings;
      },
      { seed: SEED, runs: 8 },
    );
  });

  it('is into how many ranges of rows it is put together', async () => {
    let cut = 0;
    await expectCases(
      CASES,
      async (one) => {
        await db.query(tablesSql(one));
        const first = await buildCase(db, one);
        const findings: string[] = [];
        for (const rangeRows of [1, 7]) {
          const phases: string[] = [];
          const onProgress = ({ phase }: { phase: string }): void => void phases.push(phase);
          const ranged = await buildCase(db, one, { rangeRows, onProgress });
          const ranges = Math.max(1, Math.ceil(one.spine.length / rangeRows));
          const seen = phases.filter((phase) => phase.endsWith(` of ${ranges} ranges`)).length;
          if (ranges > 1 && seen !== ranges) findings.push(`${seen} ranges were put together, not ${ranges}`);
          cut += seen;
          findings.push(...textDifferences(`${rangeRows} rows`, wholeTexts(first), wholeTexts(ranged)));
          const stands = await queryRows(
            db,
            'SELECT rowid = __row AS ok FROM _plumb.stored_train ORDER BY rowid',
          );
          if (stands.some(({ ok }) => ok !== true)) findings.push('the rows stand in another order');
        }
        return findings;
      },
      { seed: SEED, runs: 8 },
    );
    expect(cut).toBeGreaterThan(8);
  });

  it('is how the spine is cut, and what a preview leaves out', async () => {
    await expectCases(
      // A part of the spine may begin later, and then has other means.
      oracleCase(8, plainViews),
      async (one) => {
        await db.query(tablesSql(one));
        const whole = await buildCase(db, one);
        const first = wholeTexts(whole);
        const findings: string[] = [];
        const chunked = new Map<string, string[]>();
        for (const chunk of [0, 1, 2]) {
          const spine = `SELECT * FROM spine_rows WHERE coalesce(hash(k0), 0) % 3 = ${chunk} ORDER BY rowid`;
          const part = await buildCase(db, one, { spine });
          for (const [at, text] of wholeTexts(part).entries()) {
            const place = placeOf(one, part.rows[at]!);
            chunked.set(place, [...(chunked.get(place) ?? []), text]);
          }
        }
        const again = whole.rows.map((row) => chunked.get(placeOf(one, row))?.shift() ?? 'nothing');
        findings.push(...textDifferences('chunks', first, again));
        const sample = await buildCase(db, one, { sample: 5 });
        const rows = sample.rows.map((row) => first[Number(row['__spine_row'])]!);
        findings.push(...textDifferences('sample', rows, wholeTexts(sample)));
        return findings;
      },
      { seed: SEED, runs: 8 },
    );
  });
});

/** Without the features whose terms are taken in file order, as docs/semantics.md says. */
function orderless(views: readonly OracleView[]): OracleView[] {
  const inOrder = ({ fn, of }: OracleAggregation): boolean =>
    fn === 'stddev' || fn === 'variance' || ((fn === 'sum' || fn === 'avg') && (of === 'f' || of === 'g'));
  const depends = ({ definition }: OracleFeature): boolean =>
    (definition.kind === 'aggregation' && inOrder(definition.aggregation)) ||
    (definition.kind === 'ratio' && (inOrder(definition.of) || inOrder(definition.over)));
  return views
    .map((view) => ({ ...view, features: view.features.filter((feature) => !depends(feature)) }))
    .filter(({ features }) => features.length > 0);
}

/** The rows with even places, then the others. */
function riffled<T>(rows: readonly T[]): T[] {
  return [...rows.filter((_, index) => index % 2 === 0), ...rows.filter((_, index) => index % 2 === 1)];
}

/** Keys and time of a spine row as text: equal rows have equal values. */
function placeOf(one: OracleCase, row: Record<string, unknown>): string {
  return [...one.keyTypes.map((_, index) => row[`k${index}`]), row['ts']]
    .map((value) => identity(value as never))
    .join(' ');
}
