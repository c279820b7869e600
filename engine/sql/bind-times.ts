import type { FeatureView } from '../catalog/model';
import type { ColumnInfo } from '../database/database';
import { type BindProblem, missing } from './bind-problem';

/** The columns that say when a view's rows count: they must be there, and a dimension's must be times. */
export function bindTimes(view: FeatureView, columns: readonly ColumnInfo[]): BindProblem[] {
  const { validity } = view;
  if (validity === null) return missing(view.name, ['timestamp'], view.timestamp, view.source, columns);
  const named = [
    ['valid_from', validity.from],
    ['valid_to', validity.to],
  ] as const;
  return named.flatMap(([key, name]): BindProblem[] => {
    const type = columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type;
    if (type === undefined) return missing(view.name, [key], name, view.source, columns);
    if (/^(TIMESTAMP|DATE$)/.test(type)) return [];
    return [
      {
        cell: view.name,
        path: [key],
        offset: 0,
        length: name.length,
        code: 'catalog.type_mismatch',
        message: `${name} in ${view.source} is ${type}, and ${key} must be a time`,
        hint: 'Store it as a timestamp or a date.',
      },
    ];
  });
}
