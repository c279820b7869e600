import { expect, test } from 'vitest';
import { replacementFor } from './quick-fix';

const message = 'no column even_type in interactions; did you mean event_type?';

test('a marked name is replaced', () => {
  expect(replacementFor(message, 'even_type')).toBe('event_type');
  expect(replacementFor('No view usr. Did you mean "user"?', '"usr"')).toBe('"user"');
});

test('only the wrong name of a marked expression changes', () => {
  expect(replacementFor(message, "even_type = 'view'")).toBe("event_type = 'view'");
});

test('a message without a suggestion offers nothing', () => {
  expect(replacementFor('no column even_type', 'even_type')).toBeNull();
});
