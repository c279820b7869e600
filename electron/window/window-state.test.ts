import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadWindowState, saveWindowState } from './window-state';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const state = { x: 100, y: 50, width: 1200, height: 800, maximized: false };

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-window-'));
  file = join(folder, 'window.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the window comes back where it was', async () => {
  expect(loadWindowState(file, [screen])).toBeNull();
  await saveWindowState(file, state);
  expect(loadWindowState(file, [screen])).toEqual(state);
});

test.each([
  ['left of all screens', { ...state, x: -1_150 }],
  ['right of all screens', { ...state, x: 1_900 }],
  ['above the screen', { ...state, y: -10 }],
  ['below the screen', { ...state, y: 1_060 }],
  ['too small', { ...state, width: 200 }],
])('a window %s starts anew', async (_where, lost) => {
  await writeFile(file, JSON.stringify(lost));
  expect(loadWindowState(file, [screen])).toBeNull();
});

test('a damaged file is no state', async () => {
  await writeFile(file, '{"x":');
  expect(loadWindowState(file, [screen])).toBeNull();
});
