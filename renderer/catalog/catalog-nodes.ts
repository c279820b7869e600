import { sidesText } from '../../engine/skew/side-name';
import { allViews, isOnDemand } from '../../engine/catalog/feature-named';
import type { Catalog } from '../../engine/catalog/model';
import { defaultText, definitionText, durationText, viewKindText } from '../editor/describe';
import { countText } from '../results/numbers';
import { typeLetters } from '../results/type-names';

/** What a row of the tree stands for; `name` is the cell's, or `view:feature` for a feature. */
export interface CatalogItem {
  kind:
    | 'source'
    | 'entity'
    | 'view'
    | 'feature'
    | 'training-set'
    | 'skew'
    | 'drift'
    | 'audit'
    | 'materialize'
    | 'backfill'
    | 'replay'
    | 'lookup'
    | 'query'
    | 'chart'
    | 'connection';
  name: string;
}

export interface CatalogNode {
  /** Unique in the tree: `view user_engagement`. */
  id: string;
  item: CatalogItem;
  label: string;
  /** Type letters in front of a feature. */
  letters: string | null;
  /** Right-aligned: counts, the entity, an address. */
  detail: string;
  /** `bad` marks a detail that asks for attention; it says so in words too. */
  tone: 'plain' | 'bad';
  /** More words, for the tooltip. */
  title: string;
  /** Shown by its last valid definition. */
  kept: boolean;
  children: CatalogNode[];
}

export interface CatalogGroup {
  id: string;
  label: string;
  nodes: CatalogNode[];
}

export interface CatalogFacts {
  /** By source name: rows, and the first and last event time as text, null while not known. */
  sources: ReadonlyMap<
    string,
    { rows: number | null; from: string | null; to: string | null; files: number }
  >;
  /** Rows by training set or query, of their last run. */
  rows: ReadonlyMap<string, number>;
  /** By skew cell: features that differ, of features compared. */
  skews: ReadonlyMap<string, { differing: number; features: number }>;
  /** Alarms by drift cell. */
  drifts: ReadonlyMap<string, number>;
  /** By audit cell: percent of the rows that are not right, and whether that is past the cell's limit. */
  audits: ReadonlyMap<string, { percent: number; past: boolean }>;
  connections: readonly { name: string; address: string }[];
  /** Cells shown by their last valid definition: their text does not read now, or that of what they need. */
  kept: ReadonlySet<string>;
}

export const NO_FACTS: CatalogFacts = {
  sources: new Map(),
  rows: new Map(),
  skews: new Map(),
  drifts: new Map(),
  audits: new Map(),
  connections: [],
  kept: new Set(),
};

function node(
  kind: CatalogItem['kind'],
  name: string,
  detail: string,
  title: string,
  more: Partial<CatalogNode> = {},
): CatalogNode {
  return {
    id: `${kind} ${name}`,
    item: { kind, name },
    label: name,
    letters: null,
    detail,
    tone: 'plain',
    title,
    kept: false,
    children: [],
    ...more,
  };
}

const lines = (...parts: (string | null)[]) =>
  parts.filter((part) => part !== null && part !== '').join('\n');

/** Everything that a notebook defines, in the order of the cells, by kind. Kinds without cells are left out. */
export function catalogGroups(catalog: Catalog, facts: CatalogFacts): CatalogGroup[] {
  const rowsOf = (name: string) => {
    const rows = facts.rows.get(name);
    return rows === undefined ? '' : `${countText(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  };
  const groups: CatalogGroup[] = [
    {
      id: 'sources',
      label: 'Sources',
      nodes: [...catalog.sources.values()].map((source) => {
        const known = facts.sources.get(source.name);
        const rows = known?.rows ?? null;
        const range =
          known !== undefined && known.from !== null && known.to !== null
            ? `${known.from} to ${known.to} (UTC)`
            : null;
        const files = source.files.join(', ') + (known === undefined ? '' : `, ${known.files} files`);
        return node(
          'source',
          source.name,
          rows === null ? '' : countText(rows),
          lines(source.description, files, range),
        );
      }),
    },
    {
      id: 'entities',
      label: 'Entities',
      nodes: [...catalog.entities.values()].map((entity) =>
        node('entity', entity.name, entity.joinKeys.map((key) => key.name).join(', '), entity.description),
      ),
    },
    {
      id: 'views',
      label: 'Feature views',
      nodes: allViews(catalog).map((view) =>
        node(
          'view',
          view.name,
          isOnDemand(view) ? 'on demand' : view.entities.join(', '),
          lines(
            view.description,
            isOnDemand(view) ? 'computed from other features' : `from ${view.source}`,
            isOnDemand(view) || view.validity === null ? null : viewKindText(view),
            isOnDemand(view) || view.ttl === null ? null : `ttl ${durationText(view.ttl)}`,
          ),
          {
            children: view.features.map((feature) =>
              node(
                'feature',
                `${view.name}:${feature.name}`,
                '',
                lines(feature.description, feature.type, definitionText(feature), defaultText(feature)),
                { label: feature.name, letters: typeLetters(feature.type) },
              ),
            ),
          },
        ),
      ),
    },
    {
      id: 'training-sets',
      label: 'Training sets',
      nodes: [...catalog.trainingSets.values()].map((set) =>
        node('training-set', set.name, rowsOf(set.name), `${set.features.length} features`),
      ),
    },
    {
      id: 'skews',
      label: 'Skew',
      nodes: [...catalog.skews.values()].map((skew) => {
        const found = facts.skews.get(skew.name);
        const differs = found !== undefined && found.differing > 0;
        const detail =
          found === undefined ? '' : differs ? `${found.differing} of ${found.features} differ` : 'no skew';
        const title = sidesText(skew);
        return node('skew', skew.name, detail, title, { tone: differs ? 'bad' : 'plain' });
      }),
    },
    {
      id: 'drifts',
      label: 'Drift',
      nodes: [...catalog.drifts.values()].map((drift) => {
        const alarms = facts.drifts.get(drift.name);
        const detail =
          alarms === undefined ? '' : alarms === 0 ? 'no alarm' : `${alarms} alarm${alarms === 1 ? '' : 's'}`;
        const title = `${drift.source?.name ?? drift.trainingSet}, every ${durationText(drift.every)}`;
        const tone = (alarms ?? 0) > 0 ? 'bad' : 'plain';
        return node('drift', drift.name, detail, title, { tone });
      }),
    },
    {
      id: 'audits',
      label: 'Audits',
      nodes: [...catalog.audits.values()].map((audit) => {
        const found = facts.audits.get(audit.name);
        const detail =
          found === undefined
            ? ''
            : found.percent === 0
              ? 'all right'
              : `${found.percent.toFixed(1)} % not right`;
        const title = `${audit.file} against ${audit.trainingSet}`;
        return node('audit', audit.name, detail, title, { tone: found?.past === true ? 'bad' : 'plain' });
      }),
    },
    {
      id: 'backfills',
      label: 'Backfills',
      nodes: [...catalog.backfills.values()].map((one) =>
        node(
          'backfill',
          one.name,
          `every ${durationText(one.every)}`,
          `${one.views.join(', ')} to ${one.out}, every ${durationText(one.every)}`,
        ),
      ),
    },
    {
      id: 'replays',
      label: 'Replays',
      nodes: [...catalog.replays.values()].map((one) => {
        const stream = catalog.views.get(one.view)?.stream ?? 'its log';
        const detail = `delay ${durationText(one.delay)}`;
        return node('replay', one.name, detail, `${stream} into ${one.view}, ${detail}`);
      }),
    },
    {
      id: 'online',
      label: 'Online',
      nodes: [
        ...[...catalog.materializations.values()].map((one) =>
          node(
            'materialize',
            one.name,
            `to ${one.redis}`,
            `${one.views.join(', ')} to ${one.redis}, project ${one.project}`,
          ),
        ),
        ...[...catalog.lookups.values()].map((one) => node('lookup', one.name, `from ${one.redis}`, '')),
        ...facts.connections.map(({ name, address }) =>
          node('connection', name, address, `Redis ${address}`),
        ),
      ],
    },
    {
      id: 'queries',
      label: 'Queries and charts',
      nodes: [
        ...[...catalog.queries.keys()].map((name) => node('query', name, rowsOf(name), 'query')),
        ...[...catalog.charts.values()].map((chart) =>
          node('chart', chart.name, `of ${chart.data}`, 'chart'),
        ),
      ],
    },
  ];
  for (const group of groups) group.nodes = group.nodes.map((one) => marked(one, facts.kept));
  return groups.filter((group) => group.nodes.length > 0);
}

function marked(one: CatalogNode, kept: ReadonlySet<string>): CatalogNode {
  if (!kept.has(one.item.name) || one.item.kind === 'connection') return one;
  const mark = (node: CatalogNode): CatalogNode => ({
    ...node,
    kept: true,
    title: lines('As last valid: its text, or what it needs, has errors now.', node.title),
  });
  return { ...mark(one), children: one.children.map(mark) };
}

/** Nodes whose name holds every word of the search, with the views of features that do. */
export function searchGroups(groups: readonly CatalogGroup[], search: string): CatalogGroup[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [...groups];
  const matches = ({ item, title }: CatalogNode) => {
    const text = `${item.name} ${title}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => ({
      ...group,
      nodes: group.nodes.flatMap((one) => {
        const children = one.children.filter(matches);
        if (children.length > 0) return [{ ...one, children }];
        return matches(one) ? [one] : [];
      }),
    }))
    .filter((group) => group.nodes.length > 0);
}

export interface VisibleNode {
  node: CatalogNode;
  level: 2 | 3;
  parent: string | null;
  expanded: boolean | null;
}

/** The rows that are not folded away, in order; a folded node's children are left out. */
export function visibleNodes(group: CatalogGroup, folded: ReadonlySet<string>): VisibleNode[] {
  return group.nodes.flatMap((one) => {
    const open = !folded.has(one.id);
    const row: VisibleNode = {
      node: one,
      level: 2,
      parent: null,
      expanded: one.children.length === 0 ? null : open,
    };
    const children = open ? one.children : [];
    return [
      row,
      ...children.map((child): VisibleNode => ({ node: child, level: 3, parent: one.id, expanded: null })),
    ];
  });
}
