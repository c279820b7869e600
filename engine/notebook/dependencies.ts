import { valueOf } from './definition';
import { RELATIONS } from './resolve/capabilities';
import type { DefinedCell } from './resolve/scope';
import { namesInExpressions, writtenFeatures, type WrittenFeature } from './written-features';

export interface DependencyGraph {
  /** What each cell reads directly, by name, in the order in which it mentions them. Without cycles. */
  edges: Map<string, string[]>;
  /** Every cell after what it depends on; those of a cycle are left out. */
  order: string[];
  /** Each cycle as the names along it. */
  cycles: string[][];
}

interface Mention {
  name: string;
  sure: boolean;
}

/**
 * Who reads whom. A name in SQL that might as well be a column is taken for a dependency unless that would close
 * a circle; names after FROM or JOIN are always taken.
 */
export function dependencyGraph(cells: ReadonlyMap<string, DefinedCell>): DependencyGraph {
  const features = writtenFeatures(cells.values());
  const mentions = new Map([...cells].map(([name, cell]) => [name, mentionsOf(cell, cells, features)]));
  const edges = new Map<string, string[]>();
  for (const [name, all] of mentions)
    edges.set(
      name,
      all.filter((mention) => mention.sure).map((mention) => mention.name),
    );
  for (const [name, all] of mentions)
    for (const mention of all)
      if (!mention.sure && !reaches(edges, mention.name, name)) edges.get(name)?.push(mention.name);
  return { edges, ...sort(edges) };
}

function mentionsOf(
  cell: DefinedCell,
  cells: ReadonlyMap<string, DefinedCell>,
  features: ReadonlyMap<string, WrittenFeature[]>,
): Mention[] {
  const found = new Map<string, boolean>();
  const add = (names: readonly (string | undefined)[], kinds: readonly string[], sure = true) => {
    for (const name of names) {
      const target = name === undefined ? undefined : cells.get(name);
      if (name === undefined || target === undefined || target === cell) continue;
      if (kinds.includes(target.block.kind)) found.set(name, (found.get(name) ?? false) || sure);
    }
  };
  const { definition } = cell;
  for (const name of definition.sql?.names ?? []) {
    // A query that reads itself is a circle of one, and must be told.
    if (name.sure && cells.get(name.name) === cell) found.set(name.name, true);
    add([name.name], RELATIONS, name.sure);
  }
  const view = valueOf(definition, 'view');
  add(view?.entity ?? [], ['entity']);
  add([view?.source, view?.stream], ['source']);
  for (const [, names] of namesInExpressions(cell.definition))
    for (const { name } of names) {
      const candidates = features.get(name) ?? [];
      // An ambiguous name is an error: which of the views it means is not known.
      if (candidates.length === 1) add([candidates[0]!.view], ['view']);
    }
  const refs = [
    ...(valueOf(definition, 'training-set')?.features ?? []),
    ...(valueOf(definition, 'lookup')?.features ?? []),
  ];
  add(
    refs.map((ref) => ref.split(':')[0]?.trim()),
    ['view'],
  );
  const skew = valueOf(definition, 'skew');
  add([skew?.training_set], ['training-set']);
  for (const side of [skew?.baseline, skew?.serving]) {
    add([side?.source, side?.stream], ['source']);
    add([side?.training_set], ['training-set']);
    add([side?.query], ['query']);
    add([side?.view], ['view']);
  }
  const drift = valueOf(definition, 'drift');
  add([drift?.training_set], ['training-set']);
  add([drift?.source], ['source']);
  add([valueOf(definition, 'audit')?.training_set], ['training-set']);
  add(valueOf(definition, 'materialize')?.views ?? [], ['view']);
  add(valueOf(definition, 'backfill')?.views ?? [], ['view']);
  add([valueOf(definition, 'replay')?.view], ['view']);
  add([valueOf(definition, 'chart')?.data], RELATIONS);
  return [...found].map(([name, sure]) => ({ name, sure }));
}

function reaches(edges: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(edges.get(name) ?? []));
  }
  return false;
}

function sort(edges: ReadonlyMap<string, readonly string[]>): { order: string[]; cycles: string[][] } {
  const order: string[] = [];
  const cycles: string[][] = [];
  const state = new Map<string, 'open' | 'done' | 'bad'>();
  for (const root of edges.keys()) {
    if (state.has(root)) continue;
    // By hand instead of by recursion: a chain of queries may be longer than the stack.
    const path: { name: string; next: number; bad: boolean }[] = [{ name: root, next: 0, bad: false }];
    state.set(root, 'open');
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = edges.get(top.name)?.[top.next++];
      if (target === undefined) {
        path.pop();
        state.set(top.name, top.bad ? 'bad' : 'done');
        if (!top.bad) order.push(top.name);
      } else if (state.get(target) === 'open') {
        const cycle = path.slice(path.findIndex((step) => step.name === target));
        for (const step of cycle) step.bad = true;
        cycles.push(cycle.map((step) => step.name));
      } else if (!state.has(target)) {
        state.set(target, 'open');
        path.push({ name: target, next: 0, bad: false });
      }
    }
  }
  return { order, cycles };
}
