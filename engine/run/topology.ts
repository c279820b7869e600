import type { Catalog } from '../catalog/model';

/**
 * What must run before each cell. An audit, or a drift check of a source, needs the definitions of its training set, not its
 * rows: the views of the set's features run in its place. A view reads its batch source alone: its log is loaded for a replay.
 */
export function runDependencies(
  dependencies: ReadonlyMap<string, readonly string[]>,
  {
    audits,
    drifts,
    trainingSets,
    views,
    replays,
  }: Pick<Catalog, 'audits' | 'drifts' | 'trainingSets' | 'views' | 'replays'>,
): ReadonlyMap<string, readonly string[]> {
  const needed = new Map(dependencies);
  for (const { name, source, stream } of views.values())
    if (stream && stream !== source)
      needed.set(
        name,
        (needed.get(name) ?? []).filter((one) => one !== stream),
      );
  for (const { name, view } of replays.values()) {
    const stream = views.get(view)?.stream;
    needed.set(name, [view, ...(stream ? [stream] : [])]);
  }
  const viewsOf = (set: string): string[] => trainingSets.get(set)?.features.map(({ view }) => view) ?? [set];
  for (const { name, trainingSet } of audits.values()) needed.set(name, [...new Set(viewsOf(trainingSet))]);
  for (const { name, trainingSet, source } of drifts.values())
    if (source !== null) needed.set(name, [...new Set([source.name, ...viewsOf(trainingSet)])]);
  return needed;
}

/**
 * The cells that `targets` need, themselves included, each after everything it depends on. A cycle is not expected:
 * analysis refuses it before anything runs.
 */
export function neededCells(
  targets: readonly string[],
  dependencies: ReadonlyMap<string, readonly string[]>,
): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const visit = (cell: string) => {
    if (seen.has(cell)) return;
    seen.add(cell);
    for (const dependency of dependencies.get(cell) ?? []) visit(dependency);
    ordered.push(cell);
  };
  targets.forEach(visit);
  return ordered;
}
