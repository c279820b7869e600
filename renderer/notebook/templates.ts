import type { Catalog } from '../../engine/catalog/model';
import { kindInfo } from './kinds';

/** What a new cell can refer to; missing parts get a plain word that the analysis then points at. */
export interface TemplateContext {
  catalog: Catalog | null;
  files: readonly string[];
  redis: readonly string[];
}

/** The body of a new cell, with names that the notebook already has. */
export function fillTemplate(kind: string, context: TemplateContext): string {
  const words = templateWords(context);
  return (kindInfo(kind)?.template ?? '').replace(
    /\{([a-z-]+)\}/g,
    (whole, word: string) => words[word] ?? whole,
  );
}

function first<T>(values: Iterable<T> | undefined): T | undefined {
  for (const value of values ?? []) return value;
  return undefined;
}

function templateWords({ catalog, files, redis }: TemplateContext): Record<string, string> {
  const view = first(catalog?.views.values());
  const streamed = [...(catalog?.views.values() ?? [])].find(({ stream }) => stream);
  const source = first(catalog?.sources.values());
  const entity = first(catalog?.entities.values());
  const feature = view?.features[0];
  const materialization = first(catalog?.materializations.values());
  return {
    file: files.find((path) => path.endsWith('.parquet')) ?? 'data/events.parquet',
    timestamp: source?.timestamp ?? 'event_timestamp',
    source: source?.name ?? 'events',
    entity: entity?.name ?? 'user',
    'join-key': entity?.joinKeys[0]?.name ?? 'user_id',
    view: view?.name ?? 'features',
    'stream-view': streamed?.name ?? view?.name ?? 'features',
    feature:
      view !== undefined && feature !== undefined
        ? `${view.name}:${feature.name}`
        : 'features:user_7d_events',
    'training-set': first(catalog?.trainingSets.keys()) ?? 'train',
    query: first(catalog?.queries.keys()) ?? source?.name ?? 'events',
    redis: materialization?.redis ?? redis[0] ?? 'dev',
    project: materialization?.project ?? 'project',
  };
}
