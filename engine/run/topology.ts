import type { Catalog } from '../catalog/model';

/**
 * What must run before each cell. An audit needs the definitions of its training set, not its rows: the views of the
 * set's features run in its place.
 */
export function runDependencies(
  dependencies: ReadonlyMap<string, readonly string[]>,
  { audits, trainingSets }: Pick<Catalog, 'audits' | 'trainingSets'>,
): ReadonlyMap<string, readonly string[]> {
  const needed = new Map(dependencies);
  for (const { name, trainingSet } of audits.values())
    needed.set(name, [
      ...new Set(trainingSets.get(trainingSet)?.features.map(({ view }) => view) ?? [trainingSet]),
    ]);
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
