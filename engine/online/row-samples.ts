import type { MaterializeFinding, MaterializeSample } from '../results';
import { decodeEntityKey } from './entity-key';
import { decodeEventTimestamp } from './event-timestamp';
import { isoNanos, textValue } from './json-value';
import { batchSlice, batchValues, type MaterializationPlan, type PlanBatch } from './plan';
import { OUTCOMES, type Outcome } from './row-outcome';
import type { StoredRow } from './stored-rows';
import { decodeValue } from './value-bytes';

/** Examples that are kept of each kind. */
export const SAMPLES = 5;

const shownTime = (bytes: Uint8Array): string => isoNanos(decodeEventTimestamp(bytes) ?? 0n);

function shownValue(bytes: Uint8Array): string | null {
  try {
    return textValue(decodeValue(bytes));
  } catch {
    return `unreadable (${bytes.length} bytes)`;
  }
}

/** A row for people: the event time under `event time`, then the features by name. */
export function shownRow(
  names: readonly string[],
  values: readonly (Uint8Array | null)[],
): Record<string, string | null> {
  const shown: Record<string, string | null> = {};
  values.forEach((bytes, i) => {
    const name = i === 0 ? 'event time' : (names[i - 1] ?? '');
    shown[name] = bytes === null ? null : i === 0 ? shownTime(bytes) : shownValue(bytes);
  });
  return shown;
}

/** Join key -> value as text. */
export function shownEntity(key: Uint8Array): Record<string, string> {
  const entity = decodeEntityKey(key);
  return Object.fromEntries(entity?.keys.map(({ name, value }) => [name, String(value)]) ?? []);
}

function sampleOf(
  plan: MaterializationPlan,
  batch: PlanBatch,
  row: number,
  stored: StoredRow,
  outcome: Outcome,
): MaterializeSample {
  const view = plan.views[batch.view]?.view;
  const names = view?.features.map((feature) => feature.name) ?? [];
  return {
    view: view?.view ?? '',
    entity: shownEntity(batchSlice(batch, row, 0)),
    outcome,
    before: stored.every((value) => value === null) ? null : shownRow(names, stored),
    after: shownRow(names, batchValues(batch, row)),
  };
}

/** The few rows of each outcome that are shown before and after. */
export class RowSamples {
  private readonly kept = new Map<Outcome, { sample: MaterializeSample; differs: boolean }[]>();

  constructor(private readonly plan: MaterializationPlan) {}

  /** Rows that differ come before rows that do not: an equal event time with other values needs a look. */
  offer(batch: PlanBatch, row: number, stored: StoredRow, outcome: Outcome, differs: boolean): void {
    const list = this.kept.get(outcome) ?? [];
    this.kept.set(outcome, list);
    const make = () => sampleOf(this.plan, batch, row, stored, outcome);
    if (list.length < SAMPLES) return void list.push({ sample: make(), differs });
    const dull = differs ? list.findIndex((entry) => !entry.differs) : -1;
    if (dull >= 0) list[dull] = { sample: make(), differs };
  }

  all(): MaterializeSample[] {
    return OUTCOMES.flatMap((outcome) => (this.kept.get(outcome) ?? []).map((entry) => entry.sample));
  }
}

/** The first few findings of each kind. */
export class Findings {
  private readonly kept: MaterializeFinding[] = [];

  offer(kind: MaterializeFinding['kind'], view: string, key: Uint8Array, what: () => string[]): void {
    if (this.kept.filter((finding) => finding.kind === kind).length >= SAMPLES) return;
    this.kept.push({ kind, view, entity: shownEntity(key), what: what() });
  }

  all(): MaterializeFinding[] {
    return this.kept;
  }
}
