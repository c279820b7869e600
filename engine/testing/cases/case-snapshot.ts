import type { Catalog } from '../../catalog/model';
import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { snapshotSql } from '../../sql/snapshot';
import { prepareView } from '../../sql/view-facts';
import type { OracleView } from '../oracle/definition';
import { oracleSnapshot } from '../oracle/snapshot';
import { identity, type OracleValue } from '../oracle/value';
import { keyNames } from './case-catalog';
import { agrees, shown } from './case-result';
import type { OracleCase } from './oracle-case';

interface Found {
  eventTime: unknown;
  values: unknown[];
}

/** Where the snapshot of a view at the case's `end` is not what the oracle says, in words. */
export async function snapshotDifferences(
  db: Database,
  catalog: Catalog,
  one: OracleCase,
  view: OracleView,
): Promise<string[]> {
  const { end } = one;
  const expected = oracleSnapshot(view, one.events, end);
  const rows = await queryRows(db, snapshotSql(await prepareView(db, catalog, view.name), end, null));
  const keys = keyNames(one);
  const found = new Map<string, Found>(
    rows.map((row) => [
      entityText(keys.map((key) => row[key] as OracleValue)),
      { eventTime: row['__event_ts'], values: view.features.map(({ name }) => row[name]) },
    ]),
  );
  const where = `snapshot of ${view.name} at ${end}`;
  const wanted = new Set(expected.map(({ keys: own }) => entityText(own)));
  const strangers = [...found.keys()].filter((entity) => !wanted.has(entity));
  const doubled = rows.length === found.size ? [] : [`${where}: an entity came twice`];
  return [
    ...doubled,
    ...strangers.map((entity) => `${where}: ${entity} is there and should not be`),
    ...expected.flatMap(({ keys: own, eventTime, values }) => {
      const entity = entityText(own);
      const there = found.get(entity);
      if (!there) return [`${where}: ${entity} is not there`];
      const time =
        there.eventTime === eventTime
          ? []
          : [`${where}: ${entity} has the time ${String(there.eventTime)}, not ${eventTime}`];
      const wrong = view.features.flatMap((feature, index) =>
        agrees(feature, values[index]!, there.values[index])
          ? []
          : [
              `${where}: ${entity} ${feature.name} ${shown(values[index])} wanted, ${shown(there.values[index])} found`,
            ],
      );
      return [...time, ...wrong];
    }),
  ];
}

function entityText(keys: readonly OracleValue[]): string {
  return keys.map(identity).join(' ');
}
