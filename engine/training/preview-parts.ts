import { sameWindow } from '../sql/window-edges';
import type { TrainingPart } from '../sql/training-set';
import type { KeptBuild } from './kept-build';

/**
 * A part per window of each view, so that an edit of one window leaves the view's other values alone. A view whose means
 * are taken by one of its own features stays whole.
 */
export function splitByWindow(parts: readonly TrainingPart[]): TrainingPart[] {
  return parts.flatMap((part) => {
    const { features } = part.compiled;
    if (features.some(({ feature }) => feature.default.kind === 'category_mean')) return [part];
    const groups: number[][] = [];
    for (const [index, { window }] of features.entries()) {
      const group = groups.find(([first]) => {
        const other = features[first!]!.window;
        return window === null || other === null ? window === other : sameWindow(window, other);
      });
      if (group) group.push(index);
      else groups.push([index]);
    }
    return groups.map((group) => ({
      ...part,
      compiled: { ...part.compiled, features: group.map((index) => features[index]!) },
      outputs: group.map((index) => part.outputs[index]!),
    }));
  });
}

/** Each part in the tables that hold it from an earlier build (stage `part <slot>`), the others in free ones. */
export function placeParts(
  parts: readonly TrainingPart[],
  keys: readonly string[],
  build: KeptBuild,
): TrainingPart[] {
  const held = keys.map((key) => build.numberOf('part', key));
  const taken = new Set(held);
  let next = 0;
  return parts.map((part, at) => {
    const found = held[at] ?? null;
    if (found !== null) return { ...part, slot: found };
    while (taken.has(next)) next++;
    return { ...part, slot: next++ };
  });
}
