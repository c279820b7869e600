import { expect, test } from 'vitest';
import { formatAge, formatBytes, formatDuration } from './format';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, '0.0 s'],
  [12_340, '12.3 s'],
  [90_000, '1 min'],
  [2 * HOUR, '2 h'],
  [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
  [2 * DAY, '2 d'],
  [616 * DAY + 15 * HOUR, '616 d 15 h'],
  [-3 * HOUR, '-3 h'],
])('an age of %d ms is %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

test.each([
  [999, '999 ms'],
  [1_240, '1.2 s'],
  [125_000, '2 min 5 s'],
  [119_700, '2 min'],
])('a duration of %d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [10, '1 KiB'],
  [412 * 2 ** 20, '412 MiB'],
  [3.1 * 2 ** 30, '3.1 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
