import { parseDuration } from '../../catalog/duration';
import { parseInstant } from '../../catalog/instant';
import { indicatorColumn } from '../../catalog/feature-named';
import { gridLength, MOST_PARTITIONS } from '../../catalog/grid';
import type { Backfill, FeatureView } from '../../catalog/model';
import { valueOf } from '../definition';
import { resolveViews } from './refs';
import type { DefinedCell, Scope } from './scope';

/** Columns and partition keys of a backfill's files; nothing else in a file may have their names. */
const RESERVED = ['event_timestamp', 'date', 'time'];

export function resolveBackfill(scope: Scope, cell: DefinedCell): void {
  const written = valueOf(cell.definition, 'backfill');
  if (written === null) return;
  const before = scope.diagnostics.length;
  const views = resolveViews(scope, cell, written.views);
  for (const [i, view] of (views ?? []).entries()) {
    refuseReserved(scope, cell, i, view);
    refuseMeans(scope, cell, i, view);
  }
  const start = parseInstant(written.start);
  const end = written.end === 'max' ? 'max' : parseInstant(written.end);
  const every = parseDuration(written.every);
  if (start !== null && typeof end === 'bigint' && start > end)
    scope.error(cell, ['start'], 'notebook.schema', '`start` is after `end`.', 'Swap them.');
  if (every === 0n)
    scope.error(cell, ['every'], 'notebook.schema', '`every` is nothing.', 'Write a step such as `1d`.');
  const out = folderOf(written.out);
  if (out === null)
    scope.error(
      cell,
      ['out'],
      'notebook.schema',
      '`out` must be a folder below the folder of the notebook.',
      'Write for instance `out/backfill`; on the command line `--out DIR` puts it elsewhere.',
    );
  else refuseShared(scope, cell, out);
  if (start !== null && typeof end === 'bigint' && every)
    refuseTooMany(scope, cell, gridLength(start, end, every) * BigInt(written.views.length));
  if (views === null || start === null || end === null || every === null || out === null) return;
  if (scope.diagnostics.length > before) return;
  const { name } = cell.block;
  const { compression = 'zstd' } = written;
  scope.catalog.backfills.set(name, {
    name,
    views: written.views,
    start,
    end,
    every,
    out,
    compression,
  } satisfies Backfill);
}

/** The folder without `.` steps and closing slashes; null when it is the notebook's own or leads out of it. */
function folderOf(written: string): string | null {
  if (/^[/\\]|^[A-Za-z]:|\\/.test(written)) return null;
  const steps = written.split('/').filter((step) => step !== '' && step !== '.');
  const wild = steps.some((step) => step === '..' || /[*?[\]{}]/.test(step));
  return steps.length === 0 || wild ? null : steps.join('/');
}

function refuseTooMany(scope: Scope, cell: DefinedCell, files: bigint): void {
  if (files <= BigInt(MOST_PARTITIONS)) return;
  const message = `The grid has ${files} files; the most is ${MOST_PARTITIONS}.`;
  scope.error(
    cell,
    ['every'],
    'notebook.schema',
    message,
    'Take a longer step or a shorter stretch of time.',
  );
}

function refuseShared(scope: Scope, cell: DefinedCell, out: string): void {
  const other = [...scope.catalog.backfills.values()].find((one) => one.out === out);
  if (other === undefined) return;
  const message = `The backfill \`${other.name}\` writes to \`${out}\` too.`;
  scope.error(cell, ['out'], 'catalog.name_collision', message, 'Give each a folder of its own.');
}

function refuseReserved(scope: Scope, cell: DefinedCell, i: number, view: FeatureView): void {
  const keys = view.entities.flatMap((entity) => scope.catalog.entities.get(entity)?.joinKeys ?? []);
  const indicators = view.features.flatMap((feature) => indicatorColumn(feature, feature.name) ?? []);
  const names = [...keys, ...view.features].map(({ name }) => name);
  const twice = indicators.find((name) => names.includes(name));
  if (twice !== undefined)
    scope.error(
      cell,
      ['views', i],
      'catalog.name_collision',
      `\`${view.name}\` would have two columns \`${twice}\`.`,
      'Rename the feature that has the name of another one’s indicator.',
    );
  const taken = names.find((name) => RESERVED.includes(name.toLowerCase()));
  if (taken === undefined) return;
  scope.error(
    cell,
    ['views', i],
    'catalog.name_collision',
    `\`${taken}\` of \`${view.name}\` has the name of a column or folder of the files.`,
    `Rename it: ${RESERVED.map((name) => `\`${name}\``).join(', ')} are the backfill’s own.`,
  );
}

/** A mean is taken over what was visible before a set's earliest row: a grid has no such moment for all its files. */
function refuseMeans(scope: Scope, cell: DefinedCell, i: number, view: FeatureView): void {
  const mean = view.features.find(({ default: policy }) => /^(global|category)_mean$/.test(policy.kind));
  if (mean === undefined) return;
  scope.error(
    cell,
    ['views', i],
    'catalog.not_supported',
    `A backfill of \`${view.name}\` is not yet supported: the default of \`${mean.name}\` is a mean.`,
    'Give the feature another default, or leave the view out.',
  );
}
