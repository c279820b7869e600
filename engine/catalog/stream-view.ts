import { PlumblineError } from '../errors';
import type { Catalog, FeatureView, Source } from './model';

/** A source whose rows have an event time and a time of arrival. */
export interface StreamLog extends Source {
  timestamp: string;
  availableAt: string;
}

/**
 * A stream view with the log in the place of its batch source, and the log. Errors: `catalog.unknown_view`,
 * `catalog.unknown_source`, `catalog.not_supported` for a view without a log.
 */
export function logView(catalog: Catalog, name: string): { view: FeatureView; log: StreamLog } {
  const view = catalog.views.get(name);
  if (!view)
    throw new PlumblineError('catalog.unknown_view', `no view ${name}`, { hint: 'Add a view cell.' });
  if (view.stream === undefined || view.stream === null)
    throw new PlumblineError('catalog.not_supported', `view ${name} has no stream`, {
      hint: 'Name the source that holds its log: `stream: <source>`.',
    });
  const log = catalog.sources.get(view.stream);
  if (log === undefined || log.timestamp === null || log.availableAt === null)
    throw new PlumblineError('catalog.unknown_source', `no log ${view.stream}, which view ${name} names`, {
      hint: 'Add a source cell with `timestamp` and `available_at`.',
    });
  const { timestamp, availableAt } = log;
  return {
    view: { ...view, source: log.name, timestamp },
    log: { ...log, timestamp, availableAt },
  };
}

/** The catalog in which a stream view reads its log: whoever compiles the view from it computes over the log. */
export function catalogOverLog(catalog: Catalog, name: string): Catalog {
  const { view } = logView(catalog, name);
  return { ...catalog, views: new Map([...catalog.views, [name, view]]) };
}
