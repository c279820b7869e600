import { auditSchema } from './schemas/audit';
import { backfillSchema } from './schemas/backfill';
import { chartSchema } from './schemas/chart';
import { driftSchema } from './schemas/drift';
import { entitySchema } from './schemas/entity';
import { lookupSchema, materializeSchema } from './schemas/online';
import { replaySchema } from './schemas/replay';
import { skewSchema } from './schemas/skew';
import { sourceSchema } from './schemas/source';
import { trainingSetSchema } from './schemas/training-set';
import { viewSchema } from './schemas/view';
import type { z } from 'zod';

/** The schema of each kind of cell that is written in YAML: everything that the format knows, of any release. */
export const SCHEMAS = {
  source: sourceSchema,
  entity: entitySchema,
  view: viewSchema,
  'training-set': trainingSetSchema,
  skew: skewSchema,
  drift: driftSchema,
  audit: auditSchema,
  materialize: materializeSchema,
  backfill: backfillSchema,
  replay: replaySchema,
  lookup: lookupSchema,
  chart: chartSchema,
} as const;

export type DefinitionKind = keyof typeof SCHEMAS;
/** What a definition's YAML holds once it fits its schema. */
export type DefinitionOf<K extends DefinitionKind> = z.output<(typeof SCHEMAS)[K]>;

export function isDefinitionKind(kind: string): kind is DefinitionKind {
  return Object.hasOwn(SCHEMAS, kind);
}
