import type { InspectedField, InspectedView, InspectResult, StoreSummary } from '../../online/inspection';
import type { DifferenceResult } from '../../online/view-difference';

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;

const ORIGINS = {
  notebook: '',
  version: ', another version',
  precomputed: ', made by Feast for a service',
  foreign: ', not in the notebook',
} as const;

function storeLines(store: StoreSummary): string[] {
  const keys = store.joinKeys.map(({ name, type }) => `${name} ${type}`).join(', ');
  const memory = store.memory === null ? '' : `, ${count(store.memory, 'byte')} in Redis`;
  const old = Object.entries(store.keyVersions).filter(([version]) => version !== 'v3');
  return [
    `${store.project} (${keys}): ${count(store.entities, 'entity', 'entities')}, ${count(store.bytes, 'byte')}${memory}`,
    ...store.views.map(
      ({ name, origin, entities, expired, oldest, newest }) =>
        `  ${name.padEnd(32)} ${count(entities, 'entity', 'entities')}, ${expired} expired, ` +
        `${oldest ?? 'no event time'} to ${newest ?? 'none'}${ORIGINS[origin]}`,
    ),
    ...store.others.map(
      ({ name, state, type, entities }) =>
        `  ! ${state} field ${name}, ${type}, in ${count(entities, 'entity', 'entities')}`,
    ),
    ...old.map(
      ([version, entities]) => `  ! ${count(entities, 'key has', 'keys have')} the older form ${version}`,
    ),
    ...Object.entries(store.notFound).map(
      ([reason, entities]) => `  ! ${count(entities, 'entity', 'entities')} no lookup finds: ${reason}`,
    ),
  ];
}

const fieldLine = ({ name, state, type, value }: InspectedField): string =>
  `      ${name.padEnd(28)} ${type.padEnd(12)} ${value === null ? 'NULL' : JSON.stringify(value)}${
    state === 'known' ? '' : `  (${state})`
  }`;

const viewLines = ({ name, eventTime, fields }: InspectedView): string[] => [
  `    ${name}, event time ${eventTime ?? 'none'}`,
  ...fields.map(fieldLine),
];

/** An inspection for people: what there is, then the entities that were asked for. */
export function inspectionLines(result: InspectResult): string[] {
  const { keys, looked, complete, foreign, stores, entities } = result;
  return [
    `looked at ${looked.toLocaleString('en-US')} of ${count(keys, 'key')}${complete ? '' : ' (--limit for more)'}, ` +
      `${foreign.toLocaleString('en-US')} not Feast’s`,
    ...stores.flatMap(storeLines),
    ...entities.flatMap((entity) => [
      `  ${entity.project} ${entity.keys.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
      ...entity.views.flatMap(viewLines),
      ...entity.others.map(fieldLine),
    ]),
  ];
}

const NOT_EQUAL = { differs: 'differs', only_offline: 'not in Redis', only_online: 'only in Redis' } as const;

const shown = (row: Record<string, string | null> | null): string =>
  row === null
    ? ''
    : Object.entries(row)
        .map(([name, value]) => `${name} ${value ?? 'NULL'}`)
        .join(', ');

/** A difference for people. */
export function differenceLines(view: string, result: DifferenceResult): string[] {
  const { equal, differs, only_offline, only_online, older, newer, complete, features, samples } = result;
  return [
    `${view}: ${equal} equal, ${differs} differ, ${only_offline} not in Redis, ` +
      `${complete ? '' : 'at least '}${only_online} only in Redis`,
    `  event times in Redis: ${older} older, ${newer} newer`,
    ...Object.entries(features).map(
      ([name, entities]) => `  ${name} differs for ${count(entities, 'entity', 'entities')}`,
    ),
    ...samples.flatMap(({ kind, entity, stored, truth }) => [
      `  ${shown(entity)}: ${NOT_EQUAL[kind]}`,
      ...(stored === null ? [] : [`    stored ${shown(stored)}`]),
      ...(truth === null ? [] : [`    truth  ${shown(truth)}`]),
    ]),
  ];
}
