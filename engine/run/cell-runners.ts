import { runAudit } from './cells/audit';
import { runBackfillCell } from './cells/backfill';
import { runChart } from './cells/chart';
import { runDrift } from './cells/drift';
import { runLookup } from './cells/lookup';
import { runMaterialize } from './cells/materialize';
import { runQuery } from './cells/query';
import { runReplayCell } from './cells/replay';
import { runSkew } from './cells/skew';
import { runSource } from './cells/source';
import { runTrainingSet } from './cells/training-set';
import { runView } from './cells/view';
import type { CellRunner } from './context';

/** What each kind of cell runs; an entity has nothing to run, an unknown kind is only shown. */
export const CELL_RUNNERS: Readonly<Record<string, CellRunner>> = {
  query: runQuery,
  source: runSource,
  view: runView,
  'training-set': runTrainingSet,
  skew: runSkew,
  drift: runDrift,
  audit: runAudit,
  materialize: runMaterialize,
  backfill: runBackfillCell,
  replay: runReplayCell,
  lookup: runLookup,
  chart: runChart,
};
