import type { Feature } from '../catalog/model';
import { INTERNAL_SCHEMA, type Database } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import type { OnProgress } from '../ports';
import type { CompiledView } from '../sql/compiled-view';
import {
  MAX_CATEGORIES,
  meanRowsSql,
  meanSumsSql,
  wantsMean,
  type CategoryMean,
  type FeatureMean,
} from '../sql/mean';
import { relation } from '../sql/quote';
import { instantSql, spineTables } from '../sql/spine';
import { block } from '../sql/select';
import { createTable } from '../sql/training-set';
import type { TrainingPlan, TrainingStatement } from './training-plan';

/** The rows of one part that its means are taken over. */
export function meansTable(set: string, part: number): string {
  return relation({ schema: INTERNAL_SCHEMA, name: `means_${set}_${part}` });
}

/**
 * The means that a plan's default policies name, and the statements that took them. Needs the whole spine stored. Errors:
 * `catalog.not_supported` for more categories than a set can carry, `sql.*`, `engine.cancelled`.
 */
export async function takeMeans(
  db: Database,
  plan: TrainingPlan,
  options: { signal?: AbortSignal; onProgress: OnProgress },
): Promise<{ means: FeatureMean[]; statements: TrainingStatement[] }> {
  const { signal } = options;
  const means: FeatureMean[] = [];
  const statements: TrainingStatement[] = [];
  const wanting = plan.parts.map(({ compiled }) =>
    compiled.features.filter(({ feature }) => wantsMean(feature)),
  );
  if (wanting.every((features) => features.length === 0)) return { means, statements };
  const earliest = await earliestTime(db, plan, signal);
  for (const [part, { compiled }] of plan.parts.entries()) {
    if (wanting[part]!.length === 0) continue;
    const { name } = compiled.view;
    const phase = `taking the means of ${name}`;
    const table = meansTable(plan.set.name, part);
    options.onProgress({ phase });
    if (earliest !== null) {
      const sql = createTable(table, meanRowsSql(withoutOthers(compiled), earliest.at));
      statements.push({ name: `means of ${name}`, phase, sql });
      await db.query(sql, { signal });
    }
    for (const { feature } of wanting[part]!) {
      const by = feature.default.kind === 'category_mean' ? feature.default.by : null;
      const none = { ref: `${name}:${feature.name}`, by, mean: null, rows: 0, categories: [] };
      if (earliest === null) {
        means.push({ ...none, before: null });
        continue;
      }
      const sql = meanSumsSql(table, feature, by);
      statements.push({ name: `mean of ${none.ref}`, phase, sql });
      const sums = await queryRows(db, sql, { signal });
      means.push({ ...none, before: earliest.text, ...meansOf(none.ref, feature, sums) });
    }
  }
  return { means, statements };
}

/** Only what means are taken of, and what they are taken by. */
function withoutOthers(compiled: CompiledView): CompiledView {
  const named = new Set(
    compiled.features.flatMap(({ feature }) =>
      !wantsMean(feature)
        ? []
        : feature.default.kind === 'category_mean'
          ? [feature.name, feature.default.by]
          : [feature.name],
    ),
  );
  return { ...compiled, features: compiled.features.filter(({ feature }) => named.has(feature.name)) };
}

async function earliestTime(
  db: Database,
  { set, spine }: TrainingPlan,
  signal?: AbortSignal,
): Promise<{ at: bigint; text: string } | null> {
  const first = `SELECT min(${instantSql(spine, set.timestamp)}) AS earliest FROM ${spineTables(set.name).raw}`;
  const text = `strftime(make_timestamp(earliest), '%Y-%m-%dT%H:%M:%S.%fZ')`;
  const [row] = await queryRows(db, `SELECT earliest, ${text} AS text FROM ${block(first)} AS spine`, {
    signal,
  });
  return typeof row?.['earliest'] === 'bigint' ? { at: row['earliest'], text: String(row['text']) } : null;
}

type Sums = Record<string, unknown>[];

function meansOf(
  ref: string,
  feature: Feature,
  sums: Sums,
): Pick<FeatureMean, 'mean' | 'rows' | 'categories'> {
  const all = sums.find((row) => Number(row['is_all']) === 1);
  const categories = sums.filter((row) => Number(row['is_all']) === 0 && row['category'] !== null);
  if (categories.length > MAX_CATEGORIES)
    throw new PlumblineError(
      'catalog.not_supported',
      `${ref} would have means of ${categories.length} categories; at most ${MAX_CATEGORIES} are supported`,
      { hint: 'Take the mean by a feature with fewer values, or use global_mean.' },
    );
  return {
    mean: meanOf(feature, all),
    rows: Number(all?.['rows'] ?? 0),
    categories: categories.flatMap((row): CategoryMean[] => {
      const mean = meanOf(feature, row);
      const value = row['category'] as string | number | bigint | boolean;
      return mean === null
        ? []
        : [{ value: typeof value === 'bigint' ? whole(value) : value, mean, rows: Number(row['rows']) }];
    }),
  };
}

/** null where there are no rows, or where finite values add up beyond all numbers. */
function meanOf(feature: Feature, row: Record<string, unknown> | undefined): number | string | null {
  const rows = BigInt(Number(row?.['rows'] ?? 0));
  const total = row?.['total'];
  if (rows === 0n || total === null || total === undefined) return null;
  if (feature.type.startsWith('int')) return whole(roundedQuotient(BigInt(String(total)), rows));
  const mean = Number(total) / Number(rows);
  return Number.isFinite(mean) ? mean : null;
}

/** Half away from zero; `divisor` is positive. */
function roundedQuotient(sum: bigint, divisor: bigint): bigint {
  const size = ((sum < 0n ? -sum : sum) * 2n + divisor) / (divisor * 2n);
  return sum < 0n ? -size : size;
}

function whole(value: bigint): number | string {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value.toString();
}

/** The tables that taking means leaves behind. */
export function meanStages({ set, parts }: TrainingPlan): string[] {
  return parts.map((_, at) => meansTable(set.name, at));
}
