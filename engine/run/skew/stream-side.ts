import { logView } from '../../catalog/stream-view';
import type { SkewSide, TrainingSet } from '../../catalog/model';
import { sourceTable } from '../../database/database';
import { sortedTable } from '../../database/source-tables';
import { PlumblineError } from '../../errors';
import type { Side } from '../../skew/side';
import { relation } from '../../sql/quote';
import { createTable } from '../../sql/training-set';
import { acceptedRows } from '../../stream/accepted-rows';
import type { RunContext } from '../context';
import type { Requests } from './requests';
import { streamVariant, variantSide } from './variant-side';

/**
 * What a consumer of the log knew at each request: the rows that it had not dropped, as far as they had arrived. `made` gets
 * what drops its tables. Errors: those of `acceptedRows` and of building a set.
 */
export async function streamSide(
  context: RunContext,
  side: Extract<SkewSide, { kind: 'stream' }>,
  set: TrainingSet,
  requests: Requests,
  { name, shown, key, made }: { name: string; shown: string; key: string; made: string[] },
): Promise<Side> {
  const { catalog, host, options } = context;
  const view = set.features.find((ref) => catalog.views.get(ref.view)?.stream === side.stream)?.view;
  if (view === undefined) throw new PlumblineError('internal', `No view of ${set.name} has a stream.`);
  const { log } = logView(catalog, view);
  options.onProgress?.({ phase: `consuming ${side.stream}` });
  const accepted = await acceptedRows(host.database, log, side.delay, made, options.signal);
  const source = `__stream_${key}`;
  const table = relation(sourceTable(source));
  made.push(`DROP TABLE IF EXISTS ${table}`, `DROP TABLE IF EXISTS ${relation(sortedTable(source))}`);
  // A table, because its number tells a sorted copy of it from that of an earlier run.
  await host.database.query(createTable(table, `SELECT * FROM ${accepted}`), { signal: options.signal });
  const variant = streamVariant(catalog, set, side.stream, source);
  return variantSide(context, set, requests, variant, { name, shown });
}
