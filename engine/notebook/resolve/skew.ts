import { DURATION_PATTERN, parseDuration } from '../../catalog/duration';
import { parseInstant } from '../../catalog/instant';
import type { Catalog, Segmentation, SkewCheck, SkewSide, TrainingSet } from '../../catalog/model';
import type { SkewDefinition, WrittenSide } from '../../catalog/schemas/skew';
import { sharedFeatures } from '../../catalog/shared-features';
import { valueOf } from '../definition';
import { toleranceOf } from './capabilities';
import { projectFor } from './project';
import type { DefinedCell, Scope } from './scope';

const KINDS = ['training_set', 'source', 'query', 'redis', 'view', 'boundary', 'stream'] as const;
type Kind = (typeof KINDS)[number];

/** What each kind takes besides its name. */
const EXTRAS: Readonly<Record<Kind, readonly (keyof WrittenSide)[]>> = {
  training_set: [],
  source: ['timestamp'],
  query: ['timestamp'],
  redis: ['project', 'at'],
  view: [],
  boundary: [],
  stream: ['delay'],
};

export function resolveSkew(scope: Scope, cell: DefinedCell): void {
  const skew = valueOf(cell.definition, 'skew');
  if (skew === null) return;
  const set = scope.need(
    cell,
    ['training_set'],
    'training-set',
    skew.training_set,
    scope.catalog.trainingSets,
  );
  const baseline =
    skew.baseline === undefined ? ownRows(set) : sideOf(scope, cell, 'baseline', skew.baseline, set);
  const serving = sideOf(scope, cell, 'serving', skew.serving, set);
  if (set === undefined || baseline === null || serving === null) return;
  scope.catalog.skews.set(cell.block.name, {
    name: cell.block.name,
    trainingSet: set.name,
    baseline,
    serving,
    within: parseDuration(skew.within ?? '0s') ?? 0n,
    tolerance: toleranceOf(skew.tolerance),
    segments: (skew.segments ?? []).map(segmentation),
    releases: releasesOf(skew),
    limits: limitsOf(skew),
  });
}

function ownRows(set: TrainingSet | undefined): SkewSide | null {
  return set === undefined ? null : { kind: 'training', set: set.name };
}

function segmentation(written: string): Segmentation {
  const every = DURATION_PATTERN.test(written) ? parseDuration(written) : null;
  return every === null || every === 0n ? { kind: 'column', column: written } : { kind: 'time', every };
}

function releasesOf({ releases = {} }: SkewDefinition): SkewCheck['releases'] {
  return Object.entries(releases)
    .map(([name, at]) => ({ name, at: parseInstant(at) ?? 0n }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

function limitsOf({ fail_if: limits = {} }: SkewDefinition): SkewCheck['limits'] {
  return {
    mismatchRate: limits.mismatch_rate ?? null,
    psi: limits.psi ?? null,
    nullRate: limits.null_rate ?? null,
    unmatchedRate: limits.unmatched_rate ?? null,
  };
}

function sideOf(
  scope: Scope,
  cell: DefinedCell,
  key: 'baseline' | 'serving',
  written: WrittenSide,
  set: TrainingSet | undefined,
): SkewSide | null {
  const [kind, second] = KINDS.filter((candidate) => written[candidate] !== undefined);
  if (kind === undefined || second !== undefined) {
    const message = kind === undefined ? `\`${key}\` names nothing.` : `\`${key}\` names two things.`;
    scope.error(cell, [key], 'notebook.schema', message, `Write \`${key}: { source: <name> }\`.`);
    return null;
  }
  for (const extra of ['timestamp', 'project', 'at', 'delay'] as const)
    if (written[extra] !== undefined && !EXTRAS[kind].includes(extra)) {
      const message = `\`${extra}\` has no meaning beside \`${kind}\`.`;
      scope.error(cell, [key, extra], 'notebook.schema', message, 'Remove it.');
      return null;
    }
  return SIDES[kind](scope, cell, key, written, set);
}

type Resolve = (
  scope: Scope,
  cell: DefinedCell,
  key: 'baseline' | 'serving',
  written: WrittenSide,
  set: TrainingSet | undefined,
) => SkewSide | null;

const SIDES: Readonly<Record<Kind, Resolve>> = {
  training_set(scope, cell, key, { training_set: name = '' }, set) {
    if (name === set?.name) return ownRows(set);
    const found = scope.need(cell, [key, 'training_set'], 'training-set', name, scope.catalog.trainingSets);
    if (found === undefined || set === undefined) return null;
    if (sharedFeatures(set, found).length > 0) return { kind: 'training', set: name };
    noFeature(
      scope,
      cell,
      [key, 'training_set'],
      set,
      `\`${name}\` has no feature named as one of \`${set.name}\`.`,
    );
    return null;
  },
  source(scope, cell, key, { source = '', timestamp = null }) {
    const found = scope.need(cell, [key, 'source'], 'source', source, scope.catalog.sources);
    return found === undefined ? null : { kind: 'source', source: found.name, timestamp };
  },
  query(scope, cell, key, { query = '', timestamp = null }) {
    const found = scope.need(cell, [key, 'query'], 'query', query, scope.catalog.queries);
    return found === undefined ? null : { kind: 'query', query: found.name, timestamp };
  },
  redis(scope, cell, key, { redis = '', project, at }) {
    const known = project ?? projectFor(scope, cell, redis, [key, 'redis']);
    if (known === null) return null;
    return { kind: 'redis', redis, project: known, at: at === undefined ? null : parseInstant(at) };
  },
  view(scope, cell, key, { view = '' }, set) {
    const found = scope.need(cell, [key, 'view'], 'view', view, scope.catalog.views);
    if (found === undefined || set === undefined) return null;
    const shared = set.features.filter(
      (ref) => ref.view !== view && found.features.some(({ name }) => name === ref.feature),
    );
    if (shared.length > 0) return { kind: 'view', view };
    const message = `\`${view}\` has no feature named as one of \`${set.name}\` in another view.`;
    noFeature(scope, cell, [key, 'view'], set, message);
    return null;
  },
  boundary(scope, cell, key, { boundary }, set) {
    if (set === undefined) return null;
    if (boundary !== undefined && set.features.some((ref) => isAggregate(scope.catalog, ref.view)))
      return { kind: 'boundary', boundary };
    const message = `No feature of \`${set.name}\` has a window.`;
    scope.error(cell, [key, 'boundary'], 'notebook.schema', message, 'Compare with something else.');
    return null;
  },
  stream(scope, cell, key, { stream = '', delay = '0s' }, set) {
    const found = scope.need(cell, [key, 'stream'], 'source', stream, scope.catalog.sources);
    if (found === undefined || set === undefined) return null;
    if (set.features.some((ref) => scope.catalog.views.get(ref.view)?.stream === stream))
      return { kind: 'stream', stream, delay: parseDuration(delay) ?? 0n };
    const message = `No view of \`${set.name}\` is computed from the log \`${stream}\`.`;
    const hint = `Give a view of the set \`stream: ${stream}\`.`;
    scope.error(cell, [key, 'stream'], 'notebook.schema', message, hint);
    return null;
  },
};

function noFeature(scope: Scope, cell: DefinedCell, path: string[], set: TrainingSet, message: string): void {
  const hint = `The set has ${set.features.map(({ feature }) => feature).join(', ')}.`;
  scope.error(cell, path, 'catalog.unknown_feature', message, hint);
}

function isAggregate(catalog: Catalog, view: string): boolean {
  return catalog.views.get(view)?.kind === 'aggregate';
}
