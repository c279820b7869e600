import { useState } from 'react';
import type { InspectedEntity, InspectedField, InspectedView } from '../../engine/online/inspection';
import { formatAge, formatCount } from '../app/format';
import { printValue } from '../cells/LookupView';

function Field({ field }: { field: InspectedField }) {
  return (
    <tr>
      <td className={field.state === 'known' ? undefined : 'code'}>{field.name}</td>
      <td className="dim">{field.type}</td>
      <td className={field.value === null ? 'faint' : undefined}>{printValue(field.value)}</td>
      <td className={field.state === 'known' ? 'dim' : 'warn'}>
        {field.state === 'known' ? '' : field.state}
      </td>
    </tr>
  );
}

function viewAge({ age_ms: age, ttl_ms: ttl, eventTime }: InspectedView): string {
  if (eventTime === null || age === null) return 'no event time';
  const limit = ttl === null || ttl === 0 ? 'no ttl' : `ttl ${formatAge(ttl)}`;
  const expired = ttl !== null && ttl > 0 && age > ttl ? ', expired' : '';
  return `${eventTime.replace('T', ' ')}, ${age < 0 ? `in ${formatAge(-age)}` : `${formatAge(age)} old`}, ${limit}${expired}`;
}

function Values({ entity }: { entity: InspectedEntity }) {
  return (
    <div className="entity-values" data-testid="inspect-values">
      <div className="dim numbers">
        {formatCount(entity.bytes)} bytes of data
        {entity.memory === null ? '' : `, ${formatCount(entity.memory)} bytes in Redis`}, key form{' '}
        {entity.keyVersion}
      </div>
      {entity.notFound !== null && (
        <div className="store-warning">
          <i className="mark edited" /> No lookup of this notebook finds it: {entity.notFound}.
        </div>
      )}
      <table className="table">
        {entity.views.map((view) => (
          <tbody key={view.name}>
            <tr>
              <th colSpan={4} scope="rowgroup">
                <strong>{view.name}</strong> <span className="dim">{viewAge(view)}</span>
              </th>
            </tr>
            {view.fields.map((field) => (
              <Field key={field.name} field={field} />
            ))}
          </tbody>
        ))}
        {entity.others.length > 0 && (
          <tbody>
            <tr>
              <th colSpan={4} scope="rowgroup">
                <strong>of no view that is known</strong>
              </th>
            </tr>
            {entity.others.map((field) => (
              <Field key={field.name} field={field} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

const nameOf = ({ keys }: InspectedEntity): string =>
  keys.map(({ name, value }) => `${name} ${value}`).join(', ');

/** Entities by their keys, and the values of the chosen one. */
export function EntityBrowser({ entities, total }: { entities: readonly InspectedEntity[]; total: number }) {
  const [chosen, setChosen] = useState(0);
  const entity = entities[chosen] ?? entities[0];
  if (entity === undefined) return null;
  return (
    <div className="entities">
      <div>
        <div className="dim">
          {formatCount(entities.length)} of {formatCount(total)} {total === 1 ? 'entity' : 'entities'}
        </div>
        <ul className="entity-list" data-testid="inspect-entities">
          {entities.map((one, index) => (
            <li key={index}>
              <button
                className="entity"
                aria-pressed={one === entity}
                title={`project ${one.project}`}
                onClick={() => setChosen(index)}
              >
                {nameOf(one)}
                {one.others.length > 0 && <i className="mark edited" title="has fields that nobody owns" />}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <Values entity={entity} />
    </div>
  );
}
