import { useMemo, type ReactNode } from 'react';
import type { Catalog } from '../../engine/catalog/model';
import type { ColumnInfo } from '../../engine/database/database';
import type { ErrorRecord } from '../../engine/errors';
import type { Explanation } from '../../engine/training/explanation';
import type { CatalogItem } from '../catalog/catalog-nodes';
import { ColumnProfilePanel } from '../results/ColumnProfilePanel';
import { typeLetters } from '../results/type-names';
import type { ColumnProfile } from '../results/types';
import { showValue } from '../results/value-format';
import { definitionFacts } from './definition-facts';
import './inspector.css';
import { lineageOf } from './lineage';
import { LineageGraph } from './LineageGraph';
import { PlanList, type ShownPlan } from './PlanList';
import { WhyThisValue } from './WhyThisValue';

export type Loaded<T> =
  { state: 'loading' } | { state: 'failed'; error: ErrorRecord } | { state: 'done'; value: T };

/** What the inspector is about. A part that does not apply is null. */
export interface InspectorSubject {
  /** The catalog item that the selection belongs to: draws definition and lineage. */
  item: CatalogItem | null;
  /** The selected column of a cell's rows. */
  column: { cell: string; name: string; type: string } | null;
  /** The selected value; `explanation` is null where values are not computed from features. */
  value: { row: number; value: unknown; explanation: Loaded<Explanation> | null; nested: boolean } | null;
  profile: Loaded<ColumnProfile> | null;
  /** Columns of a source. */
  columns: readonly ColumnInfo[];
  /** Of a training set or a view: how built sets got its values. */
  plans: readonly ShownPlan[];
}

export interface InspectorProps {
  subject: InspectorSubject | null;
  catalog: Catalog | null;
  onSelect(item: CatalogItem): void;
  /** Explains what the shown value is computed from; null goes back. */
  onExplain(ref: string | null): void;
}

/** The selection in depth: why a value is what it is, how its column spreads, where it comes from. */
export function Inspector({ subject, catalog, onSelect, onExplain }: InspectorProps) {
  const item = subject?.item ?? null;
  const nodes = useMemo(
    () => (item === null || catalog === null ? [] : lineageOf(catalog, item)),
    [item, catalog],
  );
  if (subject === null)
    return (
      <p className="inspector-empty">
        Select a value, a column or a name in the catalog to see where it comes from.
      </p>
    );
  const { column, value, profile, columns, plans } = subject;
  return (
    <div className="inspector">
      {value !== null && column !== null && (
        <Section title="Why this value">
          {value.explanation === null ? (
            <div>
              <b>{column.name}</b> ={' '}
              <span className="inspector-text">
                {showValue(value.value, column.type).exact || showValue(value.value, column.type).text}
              </span>
            </div>
          ) : (
            <Part loaded={value.explanation}>
              {(explanation) => (
                <WhyThisValue
                  key={`${explanation.set} ${explanation.row} ${explanation.ref}`}
                  explanation={explanation}
                  name={value.nested ? explanation.ref : column.name}
                  nested={value.nested}
                  onExplain={onExplain}
                />
              )}
            </Part>
          )}
        </Section>
      )}
      {item !== null && catalog !== null && <Definition item={item} catalog={catalog} />}
      {profile !== null && (
        <Section title={column === null ? 'Distribution' : `Distribution of ${column.name}`}>
          <Part loaded={profile}>{(found) => <ColumnProfilePanel profile={found} />}</Part>
        </Section>
      )}
      {nodes.length > 1 && (
        <Section title="Lineage">
          <LineageGraph nodes={nodes} onSelect={onSelect} />
        </Section>
      )}
      {plans.length > 0 && item !== null && (
        <Section title="How it was computed">
          <PlanList plans={plans} about={item.kind === 'view' ? 'view' : 'set'} />
        </Section>
      )}
      {columns.length > 0 && (
        <Section title="Columns">
          <dl className="inspector-columns">
            {columns.map(({ name, type }) => (
              <div key={name}>
                <dt title={type}>{typeLetters(type)}</dt>
                <dd>{name}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <div className="inspector-box">{children}</div>
    </section>
  );
}

function Part<T>({ loaded, children }: { loaded: Loaded<T>; children(value: T): ReactNode }) {
  if (loaded.state === 'loading') return <div className="inspector-loading">Reading rows...</div>;
  if (loaded.state === 'failed')
    return (
      <div role="alert" className="inspector-failed">
        {loaded.error.message}
        {loaded.error.hint !== undefined && <div className="inspector-hint">{loaded.error.hint}</div>}
      </div>
    );
  return <>{children(loaded.value)}</>;
}

/** What the definition says, in words. */
function Definition({ item, catalog }: { item: CatalogItem; catalog: Catalog }) {
  const facts = definitionFacts(item, catalog);
  if (facts === null) return null;
  return (
    <Section title={item.kind === 'feature' ? 'Feature' : 'Definition'}>
      <b>{facts.title}</b>
      {facts.description !== '' && <p>{facts.description}</p>}
      <dl className="inspector-facts">
        {facts.rows.map(([name, words]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
