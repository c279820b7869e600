import { expect, test } from 'vitest';
import { redact, redactValue } from './redact';

const CANARY = 'canary-4711';

test.each([
  `redis://user:${CANARY}@host:6379/0`,
  `connect rediss://:${CANARY}@host failed`,
  `password=${CANARY} host=x`,
  `{"password":"${CANARY}","host":"x"}`,
  `requirepass: ${CANARY}`,
  `AUTH ${CANARY}`,
  `AUTH app ${CANARY}`,
])('%s loses its secret', (text) => {
  expect(redact(text)).not.toContain(CANARY);
});

test('a plain message stays as it is', () => {
  const text = 'notebook.save failed: file.denied Could not save a.plumb.md';
  expect(redact(text)).toBe(text);
});

test('values are redacted through and through', () => {
  const error = new Error(`redis://:${CANARY}@host`);
  const cyclic: Record<string, unknown> = { url: `redis://:${CANARY}@host` };
  cyclic['self'] = cyclic;
  for (const value of [error, { nested: [{ password: CANARY }] }, cyclic])
    expect(JSON.stringify(redactValue(value))).not.toContain(CANARY);
  expect(redactValue(42)).toBe(42);
  expect(redactValue(null)).toBeNull();
});
