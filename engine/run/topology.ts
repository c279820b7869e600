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
