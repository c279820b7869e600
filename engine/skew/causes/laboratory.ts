import type { Database, QueryOptions } from '../../database/database';
import { queryRows } from '../../database/rows';
import { defaultSql } from '../../sql/default-value';
import { duckType } from '../../sql/duck-type';
import { block, printSelect } from '../../sql/select';
import type { AttributionJob } from './attribution';
import { codesSql, countsSql, type Court, guessedSql, unpacked } from './judge';
import type { PanelRow } from './panel';
import { type Hypothesis, plainReading, type Reading, readingKey } from './reading';
import type { Subject } from './subject';
import { type Trial, tryReadings } from './trial';

/** A row of the sample in a panel. */
export interface SampleRow extends PanelRow {
  n: bigint;
  row: bigint;
  /** Microseconds. */
  t: bigint;
}

/** How many of all rows a row of the sample stands for. */
export interface Weights {
  mismatching: number;
  agreeing: number;
}

/** Where a laboratory works: `points` is a table as `sampleSql` makes it. */
export type Bench = Pick<Trial, 'points' | 'tried' | 'dropped' | 'plans'>;

/** Computes a feature under hypotheses at the rows of a table, each reading once, and holds the values against the rows. */
export class Laboratory {
  private readonly numbers = new Map<string, number>();
  private readonly computed = new Set<number>();

  constructor(
    private readonly db: Database,
    private readonly job: AttributionJob,
    readonly subject: Subject,
    private readonly bench: Bench,
    private readonly options: QueryOptions,
    /** What stands where nothing is known under `default:constant`, as text. */
    public constant: string | null = null,
  ) {}

  /** Makes the table of values anew. */
  async clear(): Promise<void> {
    this.computed.clear();
    const type = duckType(this.subject.feature.type);
    await this.db.query(
      `CREATE OR REPLACE TABLE ${this.bench.tried} (n BIGINT, reading INTEGER, raw ${type}, "value" ${type})`,
      this.options,
    );
  }

  /** Computes what is not computed yet. */
  async compute(hypotheses: readonly Hypothesis[]): Promise<void> {
    const fresh: { reading: Reading; number: number }[] = [];
    for (const { reading } of hypotheses) {
      const number = this.numberOf(reading);
      if (this.computed.has(number)) continue;
      this.computed.add(number);
      fresh.push({ reading, number });
    }
    const { compiled } = this.subject;
    if (fresh.length === 0) return;
    if (compiled === null) await this.takeLeft();
    else await tryReadings(this.db, { ...this.bench, compiled, means: this.job.means }, fresh, this.options);
  }

  /** What nothing computes again is as it stands; a value equal to the default may be one. */
  private async takeLeft(): Promise<void> {
    const { feature } = this.subject;
    const stand = defaultSql(feature);
    const value = `CAST("left" AS ${duckType(feature.type)})`;
    const raw = stand === null ? value : `CASE WHEN ${value} IS DISTINCT FROM ${stand} THEN ${value} END`;
    const columns = ['n', String(this.numberOf(plainReading(this.subject))), raw, value];
    await this.db.query(
      `INSERT INTO ${this.bench.tried}\n${printSelect({ columns, from: [this.bench.points.table] })}`,
      this.options,
    );
  }

  /** The panel of these hypotheses, in their order; they must be computed. */
  async panel(hypotheses: readonly Hypothesis[], weights: Weights): Promise<SampleRow[]> {
    const guesses = hypotheses.map((one) => this.guessOf(one));
    const rows = await queryRows(
      this.db,
      printSelect({
        columns: [
          's.n',
          's."__row" AS "row"',
          'coalesce(s."__t", 0) AS t',
          's.differs',
          's.has_twin',
          'c.codes',
        ],
        from: [
          `${block(codesSql(this.court, guesses))} AS c`,
          `JOIN ${this.bench.points.table} AS s ON s.n = c.n`,
        ],
        orderBy: ['s.n'],
      }),
      this.options,
    );
    return rows.map((row) => ({
      n: row['n'] as bigint,
      row: row['row'] as bigint,
      t: row['t'] as bigint,
      differs: row['differs'] === true,
      hasTwin: row['has_twin'] === true,
      weight: row['differs'] === true ? weights.mismatching : weights.agreeing,
      codes: String(row['codes']),
    }));
  }

  /** As `panel`, rows that are alike together: `differs`, `codes`, `count`. */
  async counts(
    hypotheses: readonly Hypothesis[],
  ): Promise<{ differs: boolean; codes: string; count: number }[]> {
    const guesses = hypotheses.map((one) => this.guessOf(one));
    const rows = await queryRows(this.db, countsSql(this.court, guesses), this.options);
    return rows.map(({ differs, packed, count }) => ({
      differs: differs === true,
      codes: unpacked(packed as bigint, guesses.length),
      count: Number(count),
    }));
  }

  /** `left`, `right` and the value of a hypothesis as text, by `n`. */
  async examples(
    hypothesis: Hypothesis,
    rows: readonly bigint[],
  ): Promise<Map<bigint, Record<'left' | 'right' | 'value', string | null>>> {
    if (rows.length === 0) return new Map();
    const found = await queryRows(
      this.db,
      printSelect({
        columns: [
          'n',
          ...['left', 'right', 'value'].map((name) => `CAST("${name}" AS VARCHAR) AS "${name}"`),
        ],
        from: [`${block(guessedSql(this.court, [this.guessOf(hypothesis)]))} AS g`],
        where: [`n IN (${rows.join(', ')})`],
      }),
      this.options,
    );
    return new Map(
      found.map((row) => [row['n'] as bigint, row as Record<'left' | 'right' | 'value', string | null>]),
    );
  }

  private guessOf({ reading, finish }: Hypothesis): { reading: number; finish: Hypothesis['finish'] } {
    return { reading: this.numberOf(reading), finish };
  }

  private get court(): Court {
    const { kind, tolerance } = this.job;
    return {
      kind,
      tolerance,
      type: this.subject.feature.type,
      constant: this.constant,
      sample: this.bench.points.table,
      tried: this.bench.tried,
    };
  }

  private numberOf(reading: Reading): number {
    const key = readingKey(reading);
    const number = this.numbers.get(key) ?? this.numbers.size;
    this.numbers.set(key, number);
    return number;
  }
}
