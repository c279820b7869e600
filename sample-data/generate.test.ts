import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from './clock';
import type { Interaction } from './interactions';
import { makeSample, sampleFiles } from './sample';

const DATA = new URL('data/', import.meta.url);
const sample = makeSample();
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function committed(): string[] {
  const top = readdirSync(DATA).filter((name) => name.endsWith('.parquet'));
  const parts = readdirSync(new URL('interactions/', DATA)).map((name) => `interactions/${name}`);
  return [...top, ...parts].sort();
}

describe('the sample data', () => {
  it('comes out byte for byte as committed, under 8 MB together', () => {
    const made = [...sampleFiles(sample)].map(([path, bytes]) => [path, sha256(bytes)] as const).sort();
    const stored = committed().map((path) => [path, sha256(readFileSync(new URL(path, DATA)))] as const);
    expect(made).toEqual(stored);
    const size = committed().reduce((sum, path) => sum + readFileSync(new URL(path, DATA)).length, 0);
    expect(size).toBeLessThan(8_000_000);
  });

  it('has events on every window edge of starts and a microsecond to either side', () => {
    const times = new Map<bigint, Set<number>>();
    for (const event of sample.interactions) {
      const known = times.get(event.user) ?? new Set();
      times.set(event.user, known.add(event.at));
    }
    for (const window of [0, HOUR, 7 * DAY, 30 * DAY])
      for (const shift of [-1, 0, 1]) {
        const hits = sample.starts.filter(
          ({ user, at }) => user !== null && times.get(user)?.has(at - window + shift),
        );
        expect(hits.length, `${window} ${shift}`).toBeGreaterThan(10);
      }
  });

  it('has late events, repeated events, keys beyond 2^53, NULLs and text beyond ASCII', () => {
    const { interactions, starts } = sample;
    const text = (event: Interaction): string =>
      [event.user, event.item, event.session, event.type, event.at, event.seconds].join(' ');
    expect(interactions.filter((event) => event.ingested - event.at > DAY).length).toBeGreaterThan(500);
    expect(interactions.length - new Set(interactions.map(text)).size).toBeGreaterThan(500);
    expect(interactions.filter((event) => event.user > 2n ** 53n).length).toBeGreaterThan(100);
    expect(interactions.some((event) => event.type === 'completion' && event.seconds === null)).toBe(true);
    expect(interactions.some((event) => event.category === 'ドキュメンタリー')).toBe(true);
    expect(starts.filter((start) => start.user === null || start.item === null)).toHaveLength(9);
  });

  it('has corrections on both sides of the row they correct, and users whose rows expire', () => {
    const rows = sample.userDays;
    const pairs = rows.flatMap((row, index) => {
      const next = rows[index + 1];
      return next && next.user === row.user && next.at === row.at ? [next.created - row.created] : [];
    });
    expect(pairs.some((after) => after > 0)).toBe(true);
    expect(pairs.some((after) => after < 0)).toBe(true);
    const days = new Map<bigint, number[]>();
    for (const row of rows) days.set(row.user, [...(days.get(row.user) ?? []), row.at]);
    const expired = sample.starts.filter(({ user, at }) => {
      const before = user === null ? [] : (days.get(user) ?? []).filter((day) => day <= at);
      return before.length > 0 && Math.max(...before) < at - 2 * DAY;
    });
    expect(expired.length).toBeGreaterThan(100);
  });

  it('logs what differs from the definitions in the known places only', () => {
    const byRequest = new Map(sample.served.map((row) => [`${row.user}/${row.item}/${row.at}`, row]));
    const found = sample.starts.filter((start) =>
      byRequest.has(`${start.user}/${start.item}/${start.at}`),
    ).length;
    expect(found).toBeLessThan(sample.starts.length);
    expect(found).toBeGreaterThan(sample.starts.length * 0.98);
    expect(sample.served.filter((row) => row.user_last_category === null).length).toBeGreaterThan(100);
  });
});
