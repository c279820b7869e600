import type { Catalog, FeatureView } from '../catalog/model';

/** What the manifests of every kind of export share. */

/** The key of a Parquet file's own metadata under which its manifest (without the file's digest) is kept. */
export const MANIFEST_KEY = 'plumbline.manifest';

/** The files behind one source, as they were read. */
export interface ManifestSource {
  name: string;
  rows: number;
  /** In the order read; size in bytes, lower-case hexadecimal SHA-256 of the whole file. */
  files: { path: string; size: number; sha256: string }[];
}

/** JSON with keys in alphabetical order at every level: equal values print equal text. Ends with a line end. */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(plain(value), null, 2)}\n`;
}

/** Whole numbers beyond JSON become decimal strings; undefined members vanish; keys are sorted. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map((item) => plain(item ?? null));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, plain(member)]));
}

/** A view with its entities and source, without what is for people only: what its values rest on besides the rows. */
export function viewDefinitions(catalog: Catalog, view: FeatureView): Record<string, unknown> {
  return plain({
    view: forValues(view),
    entities: view.entities.map((name) => forValues(catalog.entities.get(name))),
    source: forValues(catalog.sources.get(view.source)),
  }) as Record<string, unknown>;
}

/** A definition without its words for people, which change no value. */
function forValues(definition: unknown): unknown {
  if (typeof definition !== 'object' || definition === null) return definition;
  const { description: _description, tags: _tags, ...rest } = definition as Record<string, unknown>;
  const { features } = rest;
  return Array.isArray(features) ? { ...rest, features: features.map(forValues) } : rest;
}
