import { PlumblineError } from '../errors';
import { hex, utf8 } from './byte-writer';
import { compareCodePoints } from './entity-key';
import type { OnlineView } from './job';
import { murmur3 } from './murmur3';

/** The four-byte hash field of a feature: murmur3 of `view:feature`, little-endian (feast redis.py, `_mmh3`). */
export function hashField(view: string, feature: string): Uint8Array {
  const field = new Uint8Array(4);
  new DataView(field.buffer).setUint32(0, murmur3(utf8(`${view}:${feature}`)), true);
  return field;
}

/** The hash field with a view's event time: plain text, never hashed. */
export const timestampField = (view: string): Uint8Array => utf8(`_ts:${view}`);

/** The name under which a view is stored: its own, or `name_vN` (feast helpers.py, `compute_versioned_name`). */
export const storedName = ({ view, version = 0 }: Pick<OnlineView, 'view' | 'version'>): string =>
  version > 0 ? `${view}_v${version}` : view;

/** The hash fields of a view: event time, then one per feature in the order given. */
export function viewFields(view: OnlineView): Uint8Array[] {
  const name = storedName(view);
  return [timestampField(name), ...view.features.map((feature) => hashField(name, feature.name))];
}

/**
 * Refuses views that share a hash and hold two things in the same field: the second would silently overwrite the first.
 * Error: `online.field_collision`.
 */
export function checkFieldCollisions(views: readonly OnlineView[]): void {
  const owners = new Map<string, string>();
  for (const view of views) {
    const hash = JSON.stringify(view.joinKeys.map((key) => key.name).sort(compareCodePoints));
    viewFields(view).forEach((field, i) => {
      const name = i === 0 ? `the event time of ${view.view}` : `${view.view}:${view.features[i - 1]!.name}`;
      const place = `${hash} ${hex(field)}`;
      const owner = owners.get(place);
      if (owner !== undefined && owner !== name)
        throw new PlumblineError(
          'online.field_collision',
          `${owner} and ${name} have the same field in the Redis hash.`,
          {
            hint:
              i === 0
                ? 'A view with a version is stored as name_vN: give one of the two another name.'
                : 'Rename one of the two features: the store keeps a four-byte hash of view:feature only.',
          },
        );
      owners.set(place, name);
    });
  }
}
