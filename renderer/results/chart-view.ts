import type { View } from 'vega';
import { BRUSH, PICK, type Json } from './charts/chart-face';
import { chartRows, ROWS } from './chart-spec';
import type { ChartSelection, GridRow } from './types';

/** The selection's name in a view, as its specification has it. */
function selectionOf(view: View): typeof BRUSH | typeof PICK | null {
  const { signals } = view.getState({ signals: () => true, data: () => false });
  return ([BRUSH, PICK] as const).find((name) => name in (signals as object)) ?? null;
}

/** Draws other rows in a view that stands. */
export async function showRows(view: View, rows: readonly GridRow[]): Promise<void> {
  await view.data(ROWS, chartRows(rows)).runAsync();
}

/** Calls with what is selected, whenever that changes. */
export function onSelected(view: View, listener: (selection: ChartSelection) => void): void {
  const name = selectionOf(view);
  if (name === null) return;
  view.addSignalListener(name, (_, value: unknown) => listener(selected(value)));
}

/** Takes a selection back, as a click beside the marks does. */
export async function clearSelected(view: View): Promise<void> {
  const name = selectionOf(view);
  if (name === null) return;
  view.data(`${name}_store`, []);
  if (name === BRUSH) {
    const { signals } = view.getState({ signals: () => true, data: () => false });
    for (const axis of ['x', 'y'])
      if (`${BRUSH}_${axis}` in (signals as object)) view.signal(`${BRUSH}_${axis}`, [0, 0]);
  }
  await view.runAsync();
}

/** Vega's record of a selection: an array per field, beside keys of its own. */
export function selected(value: unknown): ChartSelection {
  if (typeof value !== 'object' || value === null) return null;
  const fields = Object.entries(value).filter(
    (entry): entry is [string, unknown[]] =>
      !entry[0].startsWith('vl') && Array.isArray(entry[1]) && entry[1].length > 0,
  );
  return fields.length === 0 ? null : Object.fromEntries(fields);
}

/** The specification with what is selected in it from the start. */
export function withSelection(spec: Json, selection: ChartSelection): Json {
  if (selection === null) return spec;
  const layers = spec['layer'] as Json[] | undefined;
  const params = spec['params'] as Json[] | undefined;
  return {
    ...spec,
    ...(layers === undefined ? {} : { layer: layers.map((layer) => withSelection(layer, selection)) }),
    ...(params === undefined
      ? {}
      : { params: params.map((param) => ({ ...param, value: valueOf(param, spec, selection) })) }),
  };
}

function valueOf(param: Json, spec: Json, selection: NonNullable<ChartSelection>): unknown {
  if (param['name'] === PICK) return [{ value: selection['value']?.[0] }];
  const { encodings } = param['select'] as { encodings: string[] };
  const channels = spec['encoding'] as Record<string, { field: string }>;
  return Object.fromEntries(encodings.map((channel) => [channel, selection[channels[channel]!.field]]));
}
