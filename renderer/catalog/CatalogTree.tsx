import { ChevronDown, ChevronRight } from 'lucide-react';
import { useDeferredValue, useId, useMemo, useState, type KeyboardEvent } from 'react';
import type { Catalog } from '../../engine/catalog/model';
import {
  catalogGroups,
  searchGroups,
  visibleNodes,
  type CatalogFacts,
  type CatalogItem,
  type VisibleNode,
} from './catalog-nodes';
import './catalog.css';

export interface CatalogTreeProps {
  /** null while no notebook is open. */
  catalog: Catalog | null;
  facts: CatalogFacts;
  /** The item that is shown as selected. */
  selected: CatalogItem | null;
  /** A click, or Enter. */
  onSelect(item: CatalogItem): void;
}

/** Everything that the notebook defines, by kind, with a search; an ARIA tree. */
export function CatalogTree({ catalog, facts, selected, onSelect }: CatalogTreeProps) {
  const id = useId();
  const [search, setSearch] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const sought = useDeferredValue(search);
  const all = useMemo(() => (catalog === null ? [] : catalogGroups(catalog, facts)), [catalog, facts]);
  const groups = useMemo(() => {
    const hidden = sought === '' ? folded : new Set<string>();
    return searchGroups(all, sought).map((group) => ({ ...group, rows: visibleNodes(group, hidden) }));
  }, [all, sought, folded]);
  const rows = useMemo(() => groups.flatMap((group) => group.rows), [groups]);
  const selectedId = selected === null ? null : `${selected.kind} ${selected.name}`;
  const active = focused ?? selectedId;

  const fold = (nodeId: string, closed: boolean) =>
    setFolded((before) => {
      const next = new Set(before);
      if (closed) next.add(nodeId);
      else next.delete(nodeId);
      return next;
    });
  const focusRow = (row: VisibleNode | undefined) => {
    if (row === undefined) return;
    setFocused(row.node.id);
    document.getElementById(`${id}-${row.node.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex((row) => row.node.id === active);
    const row = rows[at];
    if (event.key === 'ArrowDown') focusRow(rows[Math.min(at + 1, rows.length - 1)]);
    else if (event.key === 'ArrowUp') focusRow(rows[Math.max(at - 1, 0)]);
    else if (event.key === 'Home') focusRow(rows[0]);
    else if (event.key === 'End') focusRow(rows.at(-1));
    else if (row === undefined) return;
    else if (event.key === 'ArrowRight') {
      if (row.expanded === false) fold(row.node.id, false);
      else if (row.expanded === true) focusRow(rows[at + 1]);
    } else if (event.key === 'ArrowLeft') {
      if (row.expanded === true) fold(row.node.id, true);
      else focusRow(rows.find((other) => other.node.id === row.parent));
    } else if (event.key === 'Enter' || event.key === ' ') onSelect(row.node.item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="catalog">
      <input
        className="catalog-search"
        type="search"
        placeholder="Search"
        aria-label="Search the catalog"
        value={search}
        spellCheck={false}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && search !== '') {
            setSearch('');
            event.stopPropagation();
          }
        }}
      />
      <div
        className="catalog-tree"
        role="tree"
        aria-label="Catalog"
        tabIndex={0}
        aria-activedescendant={active === null ? undefined : `${id}-${active}`}
        onKeyDown={onKeyDown}
        onBlur={() => setFocused(null)}
      >
        {groups.map((group) => (
          <div key={group.id} role="group" aria-labelledby={`${id}-${group.id}`}>
            <h3 id={`${id}-${group.id}`} role="presentation">
              {group.label}
            </h3>
            {group.rows.map((row) => (
              <CatalogRow
                key={row.node.id}
                row={row}
                domId={`${id}-${row.node.id}`}
                selected={row.node.id === selectedId}
                focused={row.node.id === focused}
                onSelect={() => onSelect(row.node.item)}
                onFold={(closed) => fold(row.node.id, closed)}
              />
            ))}
          </div>
        ))}
      </div>
      {all.length === 0 && (
        <p className="catalog-empty">
          Nothing defined yet. Add a source cell, or drop a Parquet file on the notebook.
        </p>
      )}
      {all.length > 0 && groups.length === 0 && <p className="catalog-empty">No name holds “{sought}”.</p>}
    </div>
  );
}

function CatalogRow(props: {
  row: VisibleNode;
  domId: string;
  selected: boolean;
  focused: boolean;
  onSelect(): void;
  onFold(closed: boolean): void;
}) {
  const { row, selected, focused } = props;
  const { node, level, expanded } = row;
  const classes = [
    'catalog-row',
    level === 3 && 'catalog-sub',
    selected && 'catalog-on',
    focused && 'catalog-focus',
    node.kept && 'catalog-kept',
  ];
  return (
    <div
      id={props.domId}
      role="treeitem"
      aria-level={level - 1}
      aria-selected={selected}
      aria-expanded={expanded ?? undefined}
      className={classes.filter(Boolean).join(' ')}
      title={node.title === '' ? undefined : node.title}
      data-catalog={node.id}
      onClick={props.onSelect}
    >
      {expanded !== null && (
        <span
          className="catalog-fold"
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            props.onFold(expanded);
          }}
        >
          {expanded ? <ChevronDown size={12} /> : <ChevronRight size={12} />}
        </span>
      )}
      {node.letters !== null && <span className="catalog-letters">{node.letters}</span>}
      <span className="catalog-label">{node.label}</span>
      {node.detail !== '' && (
        <small className={node.tone === 'bad' ? 'catalog-bad' : undefined}>{node.detail}</small>
      )}
    </div>
  );
}
