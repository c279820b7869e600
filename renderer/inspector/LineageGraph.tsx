import type { CatalogItem } from '../catalog/catalog-nodes';
import type { LineageNode } from './lineage';

const ROW = 24;
const STEP = 14;
const WORDS: Record<CatalogItem['kind'], string> = {
  source: 'source',
  entity: 'entity',
  view: 'view',
  feature: 'feature',
  'training-set': 'training set',
  skew: 'skew',
  drift: 'drift',
  audit: 'audit',
  materialize: 'materialize',
  backfill: 'backfill',
  replay: 'replay',
  lookup: 'lookup',
  query: 'query',
  chart: 'chart',
  connection: 'Redis',
};

/** Steps from the source down to what reads them; each is a button that goes to its cell. */
export function LineageGraph({
  nodes,
  onSelect,
}: {
  nodes: readonly LineageNode[];
  onSelect(item: CatalogItem): void;
}) {
  const height = nodes.length * ROW;
  return (
    <div className="lineage" style={{ height }}>
      <svg width="100%" height={height} aria-hidden="true">
        {nodes.map((node, index) =>
          node.parent === null ? null : (
            <path
              key={index}
              d={`M${(node.depth - 1) * STEP + 7} ${node.parent * ROW + 19} V${index * ROW + 12} H${node.depth * STEP + 2}`}
              fill="none"
              stroke="var(--line-strong, var(--faint))"
            />
          ),
        )}
      </svg>
      {nodes.map((node, index) => (
        <button
          key={index}
          type="button"
          className={node.here ? 'lineage-node lineage-here' : 'lineage-node'}
          style={{ top: index * ROW, left: node.depth * STEP + 2 }}
          aria-current={node.here ? 'true' : undefined}
          onClick={() => onSelect(node.item)}
        >
          <span>{node.label}</span>
          <small>{WORDS[node.item.kind]}</small>
        </button>
      ))}
    </div>
  );
}
