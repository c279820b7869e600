import { printDuration } from '../catalog/duration';
import type { SkewCheck, SkewSide } from '../catalog/model';

/** What a side is called in charts, tables and messages. */
export function sideName(side: SkewSide, trainingSet: string): string {
  switch (side.kind) {
    case 'training':
      return side.set;
    case 'source':
      return side.source;
    case 'query':
      return side.query;
    case 'redis':
      return `Redis ${side.redis}`;
    case 'view':
      return side.view;
    case 'boundary':
      return `${trainingSet}, ${side.boundary}`;
    case 'stream':
      return `${side.stream}, ${printDuration(side.delay)} late`;
  }
}

/** The names of both sides of a check; never equal. */
export function sideNames({ trainingSet, baseline, serving }: SkewCheck): { left: string; right: string } {
  const left = sideName(baseline, trainingSet);
  const right = sideName(serving, trainingSet);
  return left === right ? { left, right: `${right} (serving)` } : { left, right };
}

/** `train against serving_log`. */
export function sidesText(check: SkewCheck): string {
  const { left, right } = sideNames(check);
  return `${left} against ${right}`;
}
