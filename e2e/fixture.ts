import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { ensureElectron } from '../electron/dev/runtime/electron-runtime.mjs';

const ROOT = join(import.meta.dirname, '..');
const SCREENSHOTS = join(import.meta.dirname, 'screenshots');

export interface LaunchOptions {
  /** A profile to start again with; a fresh one when absent. */
  userData?: string;
  /** Further arguments, for instance a notebook's path. */
  args?: string[];
  /** Of the window's content, in pixels. */
  size?: { width: number; height: number };
  theme?: 'light' | 'dark';
  env?: Record<string, string>;
}

/** The running app with everything that went wrong in its page. */
export interface Launched {
  app: ElectronApplication;
  page: Page;
  userData: string;
  /** Console errors, uncaught errors and content security violations since the start. */
  problems: string[];
  /** Every URL that the page asked for. */
  requests: string[];
  /** Saved as e2e/screenshots/<name>.png. */
  screenshot(name: string): Promise<void>;
  /** Closes as a user does, hot exit included. `keep` leaves a fresh profile for a second start. */
  close(options?: { keep?: boolean }): Promise<void>;
}

/** Starts the built app under the real Electron. */
export async function launch(options: LaunchOptions = {}): Promise<Launched> {
  // Playwright looks the binary up in this process.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] ??= ensureElectron().folder;
  const userData = options.userData ?? mkdtempSync(join(tmpdir(), 'plumbline-e2e-'));
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const app = await _electron.launch({
    args: [ROOT, `--user-data-dir=${userData}`, ...(asRoot ? ['--no-sandbox'] : []), ...(options.args ?? [])],
    cwd: ROOT,
    env: { ...(process.env as Record<string, string>), ...options.env },
    ...(options.theme ? { colorScheme: options.theme } : {}),
  });
  const page = await app.firstWindow();
  const problems: string[] = [];
  const requests: string[] = [page.url()];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(`${error.name}: ${error.message}`));
  page.on('request', (request) => requests.push(request.url()));
  if (options.size) {
    const { width, height } = options.size;
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height),
      {
        width,
        height,
      },
    );
  }
  return {
    app,
    page,
    userData,
    problems,
    requests,
    screenshot: async (name) => {
      mkdirSync(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
    },
    close: async ({ keep = false } = {}) => {
      await app.close();
      if (!keep && options.userData === undefined) rmSync(userData, { recursive: true, force: true });
    },
  };
}

/** Requests that did not stay in the app. */
export function foreignRequests(requests: readonly string[]): string[] {
  return requests.filter((url) => !/^(app:\/\/plumbline\/|data:|blob:app:\/\/plumbline\/)/.test(url));
}

declare global {
  /** In main, while a test answers its dialogs. */
  var plumblineDialogs: string[] | undefined;
}

/** Answers main's message boxes by button index, in order; the last answer repeats. A test cannot click native ones. */
export async function answerDialogs({ app }: Launched, answers: number[]): Promise<void> {
  await app.evaluate(({ dialog }, given) => {
    const texts: string[] = [];
    globalThis.plumblineDialogs = texts;
    dialog.showMessageBox = ((...args: unknown[]) => {
      const { message, detail } = args.at(-1) as { message: string; detail: string };
      texts.push(`${message}\n${detail}`);
      const response = given[Math.min(texts.length, given.length) - 1] ?? 0;
      return Promise.resolve({ response, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  }, answers);
}

/** What the dialogs since `answerDialogs` said. */
export function dialogTexts({ app }: Launched): Promise<string[]> {
  return app.evaluate(() => globalThis.plumblineDialogs ?? []);
}
