import type {
  OracleAggregation,
  OracleDefinition,
  OracleEvent,
  OracleView,
  OracleWindow,
} from '../oracle/definition';
import { exactText } from '../oracle/value';
import type { OracleCase } from './oracle-case';

/** A case in words, short enough to read: what does not differ from the plainest is left out. */
export function caseText(one: OracleCase): string {
  return [
    `keys: ${one.keyTypes.join(', ')}`,
    ...one.views.map(viewText),
    `snapshot at ${one.end}`,
    `${one.events.length} events:`,
    ...one.events.map(eventText),
    `${one.spine.length} spine rows:`,
    ...one.spine.map(
      (row, index) => `  ${index}: ${row.keys.map(exactText).join(' ')} t=${row.t} r=${row.r}`,
    ),
  ].join('\n');
}

function viewText(view: OracleView): string {
  const words = [
    view.kind,
    ...(view.late ? ['available_at'] : []),
    ...(view.usesMade ? ['created_timestamp'] : []),
    ...(view.ttl === null ? [] : [`ttl=${view.ttl}`]),
  ];
  const features = view.features.map(
    ({ name, type, definition, policy }) =>
      `  ${name} ${type} = ${definitionText(definition)}${policy.kind === 'none' ? '' : ` else ${policyText(policy)}`}`,
  );
  return [`view ${view.name}: ${words.join(' ')}`, ...features].join('\n');
}

function policyText(policy: OracleView['features'][number]['policy']): string {
  return policy.kind === 'constant' ? exactText(policy.value) : policy.kind;
}

function definitionText(definition: OracleDefinition): string {
  switch (definition.kind) {
    case 'column':
      return definition.column;
    case 'aggregation':
      return `${aggregationText(definition.aggregation)} ${windowText(definition.window)}`;
    case 'ratio':
      return `${aggregationText(definition.of)} / ${aggregationText(definition.over)} ${windowText(definition.window)}`;
    case 'expression':
      return `${definition.expression} ${windowText(definition.window)}`;
    case 'on_demand':
      return `${definition.expression}(${definition.inputs.join(', ')})`;
  }
}

function aggregationText({ fn, of, where, parameter }: OracleAggregation): string {
  const inner = parameter === undefined ? of : `${of}, ${parameter}`;
  return `${fn}(${inner})${where === 'all' ? '' : ` where ${where}`}`;
}

function windowText({ length, offset, boundary, session }: OracleWindow): string {
  const open = session === undefined ? '' : ` session ${session}`;
  return `over ${length} ${boundary}${offset === 0n ? '' : ` offset ${offset}`}${open}`;
}

function eventText({ keys, at, made, available, until, payload, order }: OracleEvent): string {
  const times = Object.entries({ made, available, until }).filter(([, time]) => time !== null);
  const values = Object.entries(payload).filter(([, value]) => value !== null);
  const words = [...times, ...values].map(([name, value]) => `${name}=${exactText(value)}`);
  return `  ${order}: ${keys.map(exactText).join(' ')} at=${at} ${words.join(' ')}`;
}
