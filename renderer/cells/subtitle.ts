import { sidesText } from '../../engine/skew/side-name';
import type { Catalog } from '../../engine/catalog/model';
import type { CellBlock } from '../../engine/notebook/document';
import { durationText } from '../editor/describe';

/** What a cell is about, after its kind in the header; null when the kind says enough. */
export function subtitleOf(block: CellBlock, catalog: Catalog | null): string | null {
  if (catalog === null) return null;
  switch (block.kind) {
    case 'skew': {
      const skew = catalog.skews.get(block.name);
      return skew === undefined ? null : sidesText(skew);
    }
    case 'drift': {
      const drift = catalog.drifts.get(block.name);
      return drift === undefined
        ? null
        : `of ${drift.source?.name ?? drift.trainingSet}, every ${durationText(drift.every)}`;
    }
    case 'audit': {
      const audit = catalog.audits.get(block.name);
      return audit === undefined ? null : `${audit.file} against ${audit.trainingSet}`;
    }
    case 'materialize': {
      const job = catalog.materializations.get(block.name);
      return job === undefined ? null : `${job.views.join(', ')} to ${job.redis}`;
    }
    case 'backfill': {
      const backfill = catalog.backfills.get(block.name);
      return backfill === undefined
        ? null
        : `${backfill.views.join(', ')} every ${durationText(backfill.every)} to ${backfill.out}`;
    }
    case 'replay': {
      const replay = catalog.replays.get(block.name);
      const stream = replay && catalog.views.get(replay.view)?.stream;
      return replay === undefined ? null : `${stream ?? 'the log'} into ${replay.view}`;
    }
    case 'lookup': {
      const lookup = catalog.lookups.get(block.name);
      return lookup === undefined ? null : `from ${lookup.redis}`;
    }
    case 'chart': {
      const chart = catalog.charts.get(block.name);
      return chart === undefined ? null : `of ${chart.data}`;
    }
    case 'view': {
      if (catalog.onDemandViews.has(block.name)) return 'on demand';
      const view = catalog.views.get(block.name);
      return view === undefined
        ? null
        : `${view.entities.join(', ')} from ${view.source}${view.stream ? `, streamed from ${view.stream}` : ''}`;
    }
    default:
      return null;
  }
}
