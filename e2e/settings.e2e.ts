import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PlumblineBridge } from '../electron/contract';
import { startRedis, type TestRedis } from '../engine/testing/redis-server';
import { launch, type Launched } from './fixture';
import { notebookOf, PATIENCE } from './notebook-driver';
import { smallNotebook, type SmallNotebook } from './small-notebook';

/** Settings that hold, and a password that is nowhere to be found. */

declare const window: { plumbline: PlumblineBridge } & typeof globalThis;

const CANARY = 'canary-5f1d77c0';

let redis: TestRedis;
let workspace: SmallNotebook;
let plumbline: Launched;
let notebook: ReturnType<typeof notebookOf>;
beforeAll(async () => {
  redis = await startRedis({ password: CANARY });
});
afterAll(() => redis.stop());
beforeEach(async () => {
  workspace = smallNotebook();
  await start({ theme: 'light' });
});
afterEach(async () => {
  await plumbline.close();
  rmSync(plumbline.userData, { recursive: true, force: true });
  workspace.remove();
});

async function start(options: Parameters<typeof launch>[0] = {}): Promise<void> {
  plumbline = await launch({ args: [workspace.file], size: { width: 1280, height: 900 }, ...options });
  notebook = notebookOf(plumbline);
  await notebook.settled();
}

/** Ends the app and starts it again with the same profile. */
async function startAgain(): Promise<void> {
  const { userData } = plumbline;
  await plumbline.close({ keep: true });
  await start({ userData });
}

async function openSettings(): Promise<void> {
  await notebook.command('settings.open');
  await plumbline.page.getByTestId('dialog-settings').waitFor(PATIENCE);
}

const themeShown = (theme: string) =>
  plumbline.page.locator(`html[data-theme="${theme}"]`).waitFor({ state: 'attached', ...PATIENCE });

const background = () => plumbline.page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** The lightness of `rgb(r, g, b)`, 0 to 255. */
function lightness(color: string): number {
  const parts = color
    .match(/[\d.]+/g)!
    .slice(0, 3)
    .map(Number);
  return parts.reduce((sum, part) => sum + part, 0) / 3;
}

test('the theme follows the desktop until one is chosen, which changes everything at once', async () => {
  await themeShown('light');
  expect(lightness(await background())).toBeGreaterThan(200);
  await plumbline.page.emulateMedia({ colorScheme: 'dark' });
  await themeShown('dark');
  expect(lightness(await background())).toBeLessThan(60);
  await openSettings();
  await plumbline.page.getByTestId('setting-theme').selectOption('light');
  await themeShown('light');
  await plumbline.page.getByTestId('setting-theme').selectOption('dark');
  await themeShown('dark');
  await plumbline.screenshot('settings-dark');
  await notebook.closeDialog();
  await plumbline.page.emulateMedia({ colorScheme: 'light' });
  await themeShown('dark');
});

test('settings are there after a restart', async () => {
  await openSettings();
  const { page } = plumbline;
  await page.getByTestId('setting-theme').selectOption('dark');
  await page.getByTestId('setting-previewRows').fill('2500');
  await page.getByTestId('setting-fontSize').fill('16');
  await page.getByTestId('setting-showInspector').uncheck();
  await plumbline.page.getByTestId('status-sample').getByText('2,500').waitFor(PATIENCE);
  await notebook.closeDialog();
  await startAgain();
  await themeShown('dark');
  await plumbline.page.getByTestId('status-sample').getByText('2,500').waitFor(PATIENCE);
  expect(await plumbline.page.getByTestId('inspector').count()).toBe(0);
  await openSettings();
  expect(await plumbline.page.getByTestId('setting-fontSize').inputValue()).toBe('16');
});

test('a value out of its range is marked and not taken', async () => {
  await openSettings();
  const field = plumbline.page.getByTestId('setting-previewRows');
  await field.fill('7');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await plumbline.page.getByTestId('status-sample').getByText('10,000').waitFor(PATIENCE);
});

/** Files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'));
    });
}

/** Whether the page holds a text: in its markup, in any field, or in its storage. */
function pageHolds(text: string): Promise<boolean> {
  return plumbline.page.evaluate((wanted) => {
    const fields = [...document.querySelectorAll('input, textarea')].map(
      (field) => (field as HTMLInputElement).value,
    );
    const stores = [localStorage, sessionStorage].map((storage) => JSON.stringify(storage));
    return [document.documentElement.outerHTML, ...fields, ...stores].some((held) => held.includes(wanted));
  }, text);
}

test('a password reaches Redis and nothing else', async () => {
  await notebook.openConnections();
  await notebook.addConnection({ name: 'dev', port: redis.target.port, password: CANARY });
  expect(await notebook.testConnection('dev')).toMatchObject({ ok: true });
  await plumbline.page.getByTestId('connection-dev').getByRole('button', { name: 'Edit' }).click();
  expect(await plumbline.page.getByTestId('connection-field-password').inputValue()).toBe('');
  expect(await pageHolds(CANARY)).toBe(false);
  await notebook.closeDialog();
  await notebook.runToEnd('push');
  expect(await notebook.kind('push')).toBe('fresh');
  expect(await pageHolds(CANARY)).toBe(false);
  const listed = await plumbline.page.evaluate(() => window.plumbline.call('redis.list', {}));
  expect(JSON.stringify(listed)).not.toContain(CANARY);

  const { userData } = plumbline;
  await plumbline.close({ keep: true });
  expect(filesWith(userData, CANARY)).toEqual([]);
  expect(filesWith(workspace.folder, CANARY)).toEqual([]);
  expect(filesWith(userData, '"host"')).not.toEqual([]);
  await start({ userData });
  expect(await pageHolds(CANARY)).toBe(false);
});

test('a wrong password is told in words, and the right one ends it', async () => {
  await notebook.openConnections();
  await notebook.addConnection({ name: 'dev', port: redis.target.port, password: 'not-it' });
  expect(await notebook.testConnection('dev')).toEqual({
    ok: false,
    text: expect.stringMatching(/does not accept the user name or password.*Check/),
  });
  await plumbline.screenshot('redis-wrong-password');
  await notebook.closeDialog();
  await notebook.run('push');
  expect(await notebook.error('push')).toMatchObject({ code: 'redis.auth' });

  await notebook.openConnections();
  await plumbline.page.getByTestId('connection-dev').getByRole('button', { name: 'Edit' }).click();
  await notebook.saveConnection({ name: 'dev', port: redis.target.port, password: CANARY });
  expect(await notebook.testConnection('dev')).toMatchObject({ ok: true });
  await notebook.closeDialog();
  await notebook.runToEnd('push');
  expect(await notebook.kind('push')).toBe('fresh');
});

test('no password where one is needed is told as well', async () => {
  await notebook.openConnections();
  await notebook.addConnection({ name: 'dev', port: redis.target.port });
  expect(await notebook.testConnection('dev')).toEqual({
    ok: false,
    text: expect.stringMatching(/wants a password/),
  });
});
