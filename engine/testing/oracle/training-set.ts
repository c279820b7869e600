import type { OracleCell, OracleEvent, OracleFeature, OracleSpineRow, OracleView } from './definition';
import { onDemandValue } from './on-demand';
import { oracleRow } from './oracle';
import { meansOf } from './means';
import { standIn } from './policy';
import { castTo, type OracleValue } from './value';

/** Every feature of every view for every spine row, in order. On-demand features read those before them. */
export function oracleTrainingSet(
  views: readonly OracleView[],
  events: readonly OracleEvent[],
  spine: readonly OracleSpineRow[],
): OracleCell[][] {
  const times = spine.flatMap(({ t }) => (t === null ? [] : [t]));
  const earliest = times.length === 0 ? null : times.reduce((least, t) => (t < least ? t : least));
  const means = new Map(views.map((view) => [view.name, meansOf(view, events, earliest)]));
  return spine.map((row) => {
    const known = new Map<string, OracleCell>();
    for (const view of views) {
      const cells = view.kind === 'on_demand' ? null : oracleRow(view, events, row, means.get(view.name));
      for (const [index, feature] of view.features.entries())
        known.set(`${view.name}_${feature.name}`, cells?.[index] ?? onDemandCell(feature, known, row));
    }
    return [...known.values()];
  });
}

function onDemandCell(
  feature: OracleFeature,
  known: ReadonlyMap<string, OracleCell>,
  { r }: OracleSpineRow,
): OracleCell {
  const { definition, type } = feature;
  if (definition.kind !== 'on_demand') throw new Error('An on-demand view holds on-demand features.');
  const inputs = definition.inputs.map((name) => known.get(name)!);
  const compute = (of: (cell: OracleCell) => OracleValue): OracleValue =>
    castTo(type, onDemandValue(definition.expression, inputs.map(of), r));
  const raw = compute(({ value }) => value);
  const stand = standIn(feature, new Map(), () => null);
  return {
    value: raw ?? stand,
    raw,
    status: raw === null ? 'null' : 'present',
    naive: compute(({ naive }) => naive) ?? stand,
    leaks: inputs.some(({ leaks }) => leaks),
  };
}
