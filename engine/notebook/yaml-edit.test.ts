import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { editYaml, type YamlEdit } from './yaml-edit';

const VIEW = `# Completions, by user.
entity: user
ttl: 2d # two days
features:
  user_7d_completion_rate:
    type: float64
    window: 7d   # [t-7d, t)
    ratio:
      of: { count: "*", where: event_type = 'completion' }
      over: { count: "*" }
    default: 0.0

  # How often.
  user_1h_events: { type: int64, window: 1h, count: "*" }
  user_7d_items:
    type: int64
    window: 7d
    count_distinct: item_id
description: >
  Some text
  in lines.
`;
const RATE = ['features', 'user_7d_completion_rate'];

it('puts a new key behind the one that it is read with', () => {
  const after = editYaml(VIEW, [{ path: [...RATE, 'boundary'], value: 'closed' }]);
  expect(after).toBe(
    VIEW.replace('    window: 7d   # [t-7d, t)\n', '    window: 7d   # [t-7d, t)\n    boundary: closed\n'),
  );
  expect(editYaml(VIEW, [{ path: ['features', 'user_1h_events', 'offset'], value: '5h' }])).toBe(
    VIEW.replace('window: 1h,', 'window: 1h, offset: 5h,'),
  );
});

it('changes a value and nothing beside it', () => {
  expect(editYaml(VIEW, [{ path: [...RATE, 'window'], value: '14d' }])).toBe(
    VIEW.replace('window: 7d   #', 'window: 14d   #'),
  );
  expect(editYaml(VIEW, [{ path: [...RATE, 'default'], value: 'a, b: c' }])).toBe(
    VIEW.replace('default: 0.0', 'default: "a, b: c"'),
  );
  expect(editYaml(VIEW, [{ path: ['features', 'user_1h_events', 'default'], value: 'a, b' }])).toBe(
    VIEW.replace('count: "*" }\n  user_7d', 'count: "*", default: "a, b" }\n  user_7d'),
  );
});

it('removes a key with its line, and renames one', () => {
  expect(editYaml(VIEW, [{ path: ['ttl'], remove: true }])).toBe(VIEW.replace('ttl: 2d # two days\n', ''));
  expect(editYaml(VIEW, [{ path: [...RATE, 'default'], remove: true }])).toBe(
    VIEW.replace('    default: 0.0\n', ''),
  );
  expect(editYaml(VIEW, [{ path: ['features', 'user_1h_events', 'window'], remove: true }])).toBe(
    VIEW.replace('type: int64, window: 1h,', 'type: int64,'),
  );
  expect(editYaml(VIEW, [{ path: ['features', 'user_7d_items', 'count_distinct'], rename: 'count' }])).toBe(
    VIEW.replace('count_distinct', 'count'),
  );
  expect(editYaml(VIEW, [{ path: ['description'], remove: true }])).toBe(
    VIEW.slice(0, VIEW.indexOf('description')),
  );
});

it('makes several changes, or none at all', () => {
  const both: YamlEdit[] = [
    { path: [...RATE, 'offset'], value: '5h' },
    { path: [...RATE, 'boundary'], value: 'closed' },
  ];
  expect(editYaml(VIEW, both)).toContain('    boundary: closed\n    offset: 5h\n    ratio:');
  expect(editYaml(VIEW, [...both, { path: ['features', 'nothing', 'default'], value: 1 }])).toBeNull();
  expect(editYaml(VIEW, [{ path: ['absent'], remove: true }])).toBeNull();
  expect(editYaml('a: [', [{ path: ['a'], value: 1 }])).toBeNull();
  expect(editYaml('a: &x { b: 1 }\nc: *x\n', [{ path: ['c', 'b'], value: 2 }])).toBeNull();
});

it('gives what the yaml library gives, whatever the layout, and keeps every comment', () => {
  const word = fc
    .stringMatching(/^[a-z]{1,4}$/)
    .filter((one) => !['null', 'true', 'y', 'n', 'no', 'yes', 'on', 'off'].includes(one));
  const value = fc.oneof(
    fc.constantFrom('closed', '7d', 'a, b', '# no', "it's", 'x: y', '', ' lead', 'true', '1'),
    fc.integer(),
    fc.boolean(),
  );
  const pairs = fc.uniqueArray(fc.tuple(word, value, fc.constantFrom('', ' # why')), {
    minLength: 2,
    maxLength: 5,
    selector: ([key]) => key,
  });
  let made = 0;
  fc.assert(
    fc.property(
      pairs,
      fc.boolean(),
      fc.nat(),
      word,
      value,
      fc.nat(2),
      (given, flow, at, other, next, what) => {
        const printed = (one: unknown): string =>
          typeof one === 'string' ? JSON.stringify(one) : String(one);
        const text = flow
          ? `# head\nm: { ${given.map(([key, one]) => `${key}: ${printed(one)}`).join(', ')} } # tail\n`
          : `# head\nm:\n${given.map(([key, one, comment]) => `  ${key}: ${printed(one)}${comment}\n`).join('')}# tail\n`;
        const key = given[at % given.length]![0];
        const edit: YamlEdit = [
          { path: ['m', what === 0 && at % 2 === 0 ? other : key], value: next },
          { path: ['m', key], remove: true as const },
          { path: ['m', key], rename: `${other}_new` },
        ][what]!;
        const document = parseDocument(text);
        if ('value' in edit) document.setIn(edit.path, edit.value);
        else document.deleteIn(edit.path);
        if ('rename' in edit) document.setIn(['m', edit.rename], given.find(([name]) => name === key)![1]);
        const after = editYaml(text, [edit]);
        expect(after).not.toBeNull();
        expect(parseDocument(after!).toJS()).toEqual(document.toJS());
        const comments = (of: string): number => of.match(/^# head|# why$|# tail$/gm)?.length ?? 0;
        const lost = 'remove' in edit && !flow && given.find(([name]) => name === key)![2] !== '' ? 1 : 0;
        expect(comments(after!)).toBe(comments(text) - lost);
        made++;
      },
    ),
    { seed: 5, numRuns: 2_000 },
  );
  expect(made).toBe(2_000);
});
