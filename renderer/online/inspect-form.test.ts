import { expect, it } from 'vitest';
import { comparedAt, inspectJob, onlineViews } from './inspect-form';

const draft = { redis: 'dev', project: ' ', entity: '', limit: '10,000' };

it('reads a filter of several keys, and no filter as everything', () => {
  expect(inspectJob(undefined, draft)).toMatchObject({ project: null, entity: {}, limit: 10_000, views: [] });
  const { entity, project } = inspectJob(undefined, {
    ...draft,
    project: 'shop',
    entity: 'user_id=42, item = a=b',
  });
  expect([entity, project]).toEqual([{ user_id: '42', item: 'a=b' }, 'shop']);
  expect(onlineViews(undefined)).toEqual([]);
});

it.each([
  [{ redis: '' }, 'No connection'],
  [{ limit: '0' }, 'Keys must be'],
  [{ entity: '42' }, 'is no entity'],
])('refuses %j', (fields, message) => {
  expect(() => inspectJob(undefined, { ...draft, ...fields })).toThrow(message);
});

it('reads the time of a comparison', () => {
  expect(comparedAt(' ')).toBe('max');
  expect(comparedAt('1970-01-01T00:00:01Z')).toBe(1_000_000n);
  expect(() => comparedAt('noon')).toThrow('no time');
});
