import type { ArrowBytes } from '../database/database';
import { decodeColumns, type DecodedColumn } from '../database/rows';
import { PlumblineError } from '../errors';
import type { OnProgress } from '../ports';
import { ByteWriter } from './byte-writer';
import { entityKeyEncoder, keyType, type KeyValue } from './entity-key';
import { writeEventTimestamp } from './event-timestamp';
import { checkFieldCollisions, viewFields } from './hash-field';
import { EVENT_TIME_COLUMN, type MaterializeJob, type OnlineView } from './job';
import { throwIfCancelled } from './redis-link';
import { featureConverter, keyValue } from './snapshot-value';
import { writeValue } from './value-bytes';

/** The greatest batch: what one pipeline sends and one acknowledgement covers. */
export const BATCH_ROWS = 500;
export const BATCH_BYTES = 1024 * 1024;

/** A view with its hash fields: first `_ts:<view>`, then one per feature in definition order. */
export interface PlannedView {
  view: OnlineView;
  fields: Uint8Array[];
}

/**
 * Up to 500 entities of one view, encoded. Row r has `width` slices of `bytes`: Redis key, event time, one value per
 * feature; slice s of row r ends at `ends[r * width + s]` and starts where its forerunner ends.
 */
export interface PlanBatch {
  /** Index into the plan's views. */
  view: number;
  rows: number;
  width: number;
  bytes: Uint8Array;
  ends: Uint32Array;
}

/** Everything that a write would send, as bytes: plain data that may be kept, or cross to another process. */
export interface MaterializationPlan {
  job: MaterializeJob;
  views: PlannedView[];
  batches: PlanBatch[];
  /** Entity-view pairs in all batches. */
  rows: number;
  /** Rows left out because a join key is NULL. */
  nullKeys: number;
}

/** Where a slice starts in the batch's bytes. */
export function sliceStart({ ends, width }: PlanBatch, row: number, slice: number): number {
  const index = row * width + slice;
  return index === 0 ? 0 : ends[index - 1]!;
}

export function batchSlice(batch: PlanBatch, row: number, slice: number): Uint8Array {
  return batch.bytes.subarray(sliceStart(batch, row, slice), batch.ends[row * batch.width + slice]);
}

/** The slices of a row after its key: event time, then values. */
export function batchValues(batch: PlanBatch, row: number): Uint8Array[] {
  return Array.from({ length: batch.width - 1 }, (_, slice) => batchSlice(batch, row, slice + 1));
}

class BatchBuilder {
  private readonly bytes = new ByteWriter(64 * 1024);
  private ends: number[] = [];
  private rows = 0;

  constructor(
    private readonly view: number,
    private readonly width: number,
    private readonly into: PlanBatch[],
  ) {}

  get writer(): ByteWriter {
    return this.bytes;
  }

  endSlice(): void {
    this.ends.push(this.bytes.length);
  }

  endRow(): void {
    this.rows++;
    if (this.rows === BATCH_ROWS || this.bytes.length >= BATCH_BYTES) this.flush();
  }

  flush(): void {
    if (this.rows === 0) return;
    const { view, width, rows } = this;
    this.into.push({ view, rows, width, bytes: this.bytes.take(), ends: Uint32Array.from(this.ends) });
    this.bytes.clear();
    this.ends = [];
    this.rows = 0;
  }
}

function columnOf(columns: readonly DecodedColumn[], name: string, view: string): unknown[] {
  const found = columns.find((column) => column.name === name);
  if (found === undefined)
    throw new PlumblineError('internal', `The snapshot of ${view} has no column ${name}.`);
  return found.values;
}

function eventMicros(value: unknown, view: string): bigint {
  if (typeof value === 'bigint') return value;
  throw new PlumblineError('internal', `The snapshot of ${view} has a row without an event time.`);
}

/** Encodes one Arrow batch of a view; gives the rows taken and those left out for a NULL key. */
type EncodeRows = (bytes: ArrowBytes) => { taken: number; nullKeys: number };

function viewEncoder(view: OnlineView, project: string, builder: BatchBuilder): EncodeRows {
  const keys = view.joinKeys.map((key) => ({ name: key.name, type: keyType(key.name, key.type) }));
  const encodeKey = entityKeyEncoder(view.joinKeys, project);
  const features = view.features.map((feature) => ({
    ...feature,
    convert: featureConverter(`${view.view}:${feature.name}`, feature.type),
  }));
  return (bytes) => {
    const columns = decodeColumns(bytes);
    const keyColumns = keys.map((key) => columnOf(columns, key.name, view.view));
    const times = columnOf(columns, EVENT_TIME_COLUMN, view.view);
    const values = features.map((feature) => columnOf(columns, feature.name, view.view));
    let nullKeys = 0;
    for (let row = 0; row < times.length; row++) {
      const key = keys.map(({ name, type }, i) => keyValue(name, type, keyColumns[i]?.[row]));
      if (!key.every((part): part is KeyValue => part !== null)) {
        nullKeys++;
        continue;
      }
      encodeKey(builder.writer, key);
      builder.endSlice();
      writeEventTimestamp(builder.writer, eventMicros(times[row], view.view));
      builder.endSlice();
      features.forEach((feature, i) => {
        writeValue(builder.writer, feature.type, feature.convert(values[i]?.[row]));
        builder.endSlice();
      });
      builder.endRow();
    }
    return { taken: times.length - nullKeys, nullKeys };
  };
}

/**
 * Encodes the snapshots of a job's views. `rows(view)` gives Arrow IPC streams with the join keys, `__event_ts`
 * (BIGINT microseconds UTC) and the features. Touches no Redis. Errors: `online.unsupported_type`,
 * `online.field_collision`, `engine.cancelled`, and whatever `rows` throws.
 */
export async function planMaterialization(
  job: MaterializeJob,
  rows: (view: string) => AsyncIterable<ArrowBytes>,
  options: { signal?: AbortSignal; onProgress?: OnProgress } = {},
): Promise<MaterializationPlan> {
  checkFieldCollisions(job.views);
  const plan: MaterializationPlan = { job, views: [], batches: [], rows: 0, nullKeys: 0 };
  for (const view of job.views) {
    const builder = new BatchBuilder(plan.views.length, view.features.length + 2, plan.batches);
    const encode = viewEncoder(view, job.project, builder);
    plan.views.push({
      view,
      fields: viewFields(view),
    });
    for await (const bytes of rows(view.view)) {
      throwIfCancelled(options.signal);
      const { taken, nullKeys } = encode(bytes);
      plan.rows += taken;
      plan.nullKeys += nullKeys;
      options.onProgress?.({ phase: `encoding ${view.view}`, rows: plan.rows });
    }
    builder.flush();
  }
  throwIfCancelled(options.signal);
  return plan;
}
