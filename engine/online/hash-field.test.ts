import { describe, expect, it } from 'vitest';
import { hex } from './byte-writer';
import { checkFieldCollisions, storedName, viewFields } from './hash-field';

const view = (name: string, version?: number) => ({
  view: name,
  ...(version === undefined ? {} : { version }),
  joinKeys: [{ name: 'driver_id', type: 'int64' as const }],
  features: [{ name: 'conv_rate', type: 'float32' as const, default: null }],
  ttl: null,
});

describe('a view with a version', () => {
  it('is stored as name_vN, a view without under its name', () => {
    expect([undefined, 0, 2].map((version) => storedName({ view: 's', version }))).toEqual([
      's',
      's',
      's_v2',
    ]);
    const [time, feature] = viewFields(view('driver_hourly_stats', 2));
    expect(Buffer.from(time!).toString()).toBe('_ts:driver_hourly_stats_v2');
    // from Feast's own hash of driver_hourly_stats_v2:conv_rate
    expect(hex(feature!)).toBe('bfac5cd4');
  });

  it('may not share its fields with a view that has that name', () => {
    const refused = expect.objectContaining({ code: 'online.field_collision' });
    expect(() => checkFieldCollisions([view('s', 2), view('s_v2')])).toThrow(refused);
    expect(() => checkFieldCollisions([view('s', 2), view('s', 2), view('s_v3')])).not.toThrow();
  });
});
