import type { FeatureType, ScalarType } from '../catalog/model';
import type { ArrowBytes } from '../database/database';
import golden from '../online/fixtures/feast-golden.json';
import type { MaterializeJob } from '../online/job';
import { snapshot } from './snapshot';

export type GoldenHash = (typeof golden.hashes)[number];
export const goldenHashes: readonly GoldenHash[] = golden.hashes;

/** A value of the fixtures, which are text, as `snapshot` takes it. */
function snapshotValue(type: FeatureType, text: unknown): unknown {
  if (text === null) return null;
  if (Array.isArray(text)) return text.map((item) => snapshotValue(type.slice(0, -2) as FeatureType, item));
  const word = String(text);
  if (type === 'timestamp') return BigInt(word) * 1_000_000n;
  if (type === 'int64') return BigInt(word);
  if (type === 'bool') return word === 'true';
  return type === 'string' ? word : Number(word);
}

/** The job and its one row that must give a golden hash. */
export function goldenJob(example: GoldenHash): {
  job: MaterializeJob;
  rows: () => AsyncIterable<ArrowBytes>;
} {
  const keys = example.joinKeys.map(([name = '', type = '', text]) => ({
    name,
    type: type as ScalarType,
    values: [snapshotValue(type as FeatureType, text)],
  }));
  const features = example.features.map(([name, type, text]) => ({
    name: name as string,
    type: type as FeatureType,
    values: [snapshotValue(type as FeatureType, text)],
  }));
  const bytes = snapshot(keys, [BigInt(example.eventTime)], features);
  const job: MaterializeJob = {
    cell: 'push',
    redis: 'dev',
    project: example.project,
    views: [
      {
        view: example.view,
        joinKeys: keys.map(({ name, type }) => ({ name, type })),
        features: features.map(({ name, type }) => ({ name, type, default: null })),
        ttl: null,
      },
    ],
  };
  return {
    job,
    rows: async function* () {
      yield bytes;
    },
  };
}

/** What Redis must hold for a golden hash: field -> value, in hexadecimal. */
export const goldenFields = (example: GoldenHash): Record<string, unknown> => ({
  [example.timestampField]: example.timestamp,
  ...Object.fromEntries(example.features.map(([, , , field, value]) => [field as string, value])),
});
