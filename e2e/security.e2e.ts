import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANNELS, type PlumblineBridge } from '../electron/contract';
import { foreignRequests, launch, type Launched } from './fixture';

/** Rows of Electron's security checklist, in the order of that list, as far as a development runtime shows them. */

declare const window: { plumbline: PlumblineBridge; ran?: boolean } & typeof globalThis;

let plumbline: Launched;
let workspaceId: string;
beforeAll(async () => {
  plumbline = await launch({ size: { width: 1280, height: 800 } });
  await plumbline.page.locator('#root > *').first().waitFor();
  const info = await plumbline.page.evaluate(() => window.plumbline.call('app.info', {}));
  if (!info.ok) throw new Error(info.error.message);
  workspaceId = info.value.initial.id;
});
afterAll(() => plumbline.close());

test('1: everything comes from app://plumbline', async () => {
  expect(plumbline.page.url()).toBe('app://plumbline/index.html');
  expect(plumbline.problems).toEqual([]);
  expect(plumbline.requests.length).toBeGreaterThan(0);
  expect(foreignRequests(plumbline.requests)).toEqual([]);
});

test('2, 3, 4, 6, 8, 9, 10, 11: the window keeps the safe preferences', async () => {
  const preferences = await plumbline.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    return contents.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    webviewTag: false,
  });
  expect(preferences['nodeIntegrationInWorker']).not.toBe(true);
  expect(preferences['allowRunningInsecureContent']).not.toBe(true);
  expect(preferences['experimentalFeatures']).not.toBe(true);
  expect(preferences['enableBlinkFeatures'] ?? '').toBe('');
});

test('2, 3: the page has no Node and no Electron', async () => {
  const found = await plumbline.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter(
      (name) => name in globalThis,
    ),
  );
  expect(found).toEqual([]);
});

test('5: eight permissions are refused', async () => {
  const answers = await plumbline.page.evaluate(async () => {
    const state = (name: string) =>
      navigator.permissions.query({ name } as unknown as PermissionDescriptor).then(
        (status) => status.state,
        () => 'denied',
      );
    const refused = (asked: Promise<unknown>) =>
      asked.then(
        () => 'granted',
        () => 'denied',
      );
    return {
      geolocation: await new Promise((answer) =>
        navigator.geolocation.getCurrentPosition(
          () => answer('granted'),
          () => answer('denied'),
        ),
      ),
      notifications: await Notification.requestPermission(),
      camera: await refused(navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await refused(navigator.mediaDevices.getUserMedia({ audio: true })),
      clipboard: await refused(navigator.clipboard.readText()),
      midi: await refused(navigator.requestMIDIAccess({ sysex: true })),
      screen: await refused(navigator.mediaDevices.getDisplayMedia()),
      storage: await state('storage-access'),
    };
  });
  expect(Object.keys(answers)).toHaveLength(8);
  for (const [name, answer] of Object.entries(answers)) expect(`${name} ${answer}`).toBe(`${name} denied`);
});

describe('7: the content security policy', () => {
  test('blocks eval', async () => {
    const outcome = await plumbline.page.evaluate(
      () =>
        new Promise<string>((answer) =>
          // In a task of the page's own: what a debugger evaluates may be exempt.
          setTimeout(() => {
            try {
              answer(String((0, eval)('40 + 2')));
            } catch (thrown) {
              answer((thrown as Error).name);
            }
          }),
        ),
    );
    expect(outcome).toBe('EvalError');
  });

  test('blocks inline scripts, remote scripts, images, frames, requests and sockets', async () => {
    const blocked = await plumbline.page.evaluate(async () => {
      const directives: string[] = [];
      const all = new Promise<void>((done) =>
        document.addEventListener('securitypolicyviolation', (event) => {
          directives.push(event.effectiveDirective);
          if (directives.length === 6) done();
        }),
      );
      const remote = 'https://plumbline.example.com/x';
      const inline = document.createElement('script');
      inline.textContent = 'window.ran = true';
      const script = document.createElement('script');
      script.src = remote;
      const image = new Image();
      image.src = remote;
      const frame = document.createElement('iframe');
      frame.src = remote;
      document.body.append(inline, script, image, frame);
      await fetch(remote).catch(() => null);
      try {
        new WebSocket('wss://plumbline.example.com/x');
      } catch {
        // Chromium reports it and may throw as well.
      }
      await all;
      for (const element of [inline, script, image, frame]) element.remove();
      return { directives: directives.sort(), ran: window.ran === true };
    });
    expect(blocked).toEqual({
      directives: [
        'connect-src',
        'connect-src',
        'frame-src',
        'img-src',
        'script-src-elem',
        'script-src-elem',
      ],
      ran: false,
    });
  });
});

test('12: a webview stays an unknown element', async () => {
  const kind = await plumbline.page.evaluate(() => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://plumbline.example.com/');
    document.body.append(view);
    const name = view.constructor.name;
    view.remove();
    return name;
  });
  expect(kind).toBe('HTMLElement');
});

test('13: links, forms and scripts do not leave the page', async () => {
  const { page } = plumbline;
  const before = page.url();
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'https://plumbline.example.com/';
    document.body.append(link);
    link.click();
    link.remove();
    const form = document.createElement('form');
    form.action = 'https://plumbline.example.com/';
    document.body.append(form);
    form.submit();
    form.remove();
    location.href = 'https://plumbline.example.com/';
    location.href = 'app://plumbline/assets/other.html';
  });
  // The answer of a later call shows that the page is still there.
  expect((await page.evaluate(() => window.plumbline.call('app.recent', {}))).ok).toBe(true);
  expect(page.url()).toBe(before);
});

test('14: no window opens', async () => {
  const opened = await plumbline.page.evaluate(() => window.open('https://plumbline.example.com/') !== null);
  expect(opened).toBe(false);
  expect(plumbline.app.windows()).toHaveLength(1);
});

test('17: a message from a frame of another origin is refused', async () => {
  const answer = await plumbline.app.evaluate(async ({ ipcMain }) => {
    // The handler that the app registered, called with the sender that a hostile frame would have.
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, (...args: unknown[]) => unknown> })
      ._invokeHandlers;
    const frame = { origin: 'https://plumbline.example.com' };
    const call = handlers.get('plumbline:app.info')!;
    return call({ senderFrame: frame, sender: { mainFrame: frame } }, {});
  });
  expect(answer).toMatchObject({ ok: false, error: { code: 'ipc.rejected' } });
});

test('17: every channel of the contract has its handler, and no other', async () => {
  const names = await plumbline.app.evaluate(({ ipcMain }) => [
    ...(ipcMain as unknown as { _invokeHandlers: Map<string, unknown> })._invokeHandlers.keys(),
  ]);
  const expected = Object.keys(CHANNELS).map((channel) => `plumbline:${channel}`);
  expect(names.filter((name) => name.startsWith('plumbline:')).sort()).toEqual(expected.sort());
});

describe('18: app:// serves the app and the open folder, nothing else', () => {
  const status = (url: string) =>
    plumbline.page.evaluate(
      (target) =>
        fetch(target).then(
          (response) => response.status,
          () => 0,
        ),
      url,
    );

  test('the notebook of the open workspace is there', async () => {
    expect(await status(`app://plumbline/workspace/${workspaceId}/streamrec.plumb.md`)).toBe(200);
  });

  test('ranges and HEAD are answered', async () => {
    const answer = await plumbline.page.evaluate(async (url) => {
      const head = await fetch(url, { method: 'HEAD' });
      const part = await fetch(url, { headers: { Range: 'bytes=2-4' } });
      return {
        length: Number(head.headers.get('content-length')),
        status: part.status,
        range: part.headers.get('content-range'),
        text: await part.text(),
      };
    }, `app://plumbline/workspace/${workspaceId}/streamrec.plumb.md`);
    expect(answer).toMatchObject({ status: 206, range: `bytes 2-4/${answer.length}`, text: '-\np' });
  });

  test.each([
    'app://plumbline/none/parquet.duckdb_extension.wasm',
    'app://plumbline/../package.json',
    'app://plumbline/%2e%2e/package.json',
    'app://plumbline/workspace/another/streamrec.plumb.md',
  ])('%s is 404', async (url) => {
    expect(await status(url)).toBe(404);
  });

  test('a path out of the workspace, encoded or by a link, is 404', async () => {
    const sample = join(plumbline.userData, 'sample');
    writeFileSync(join(plumbline.userData, 'outside.txt'), 'secret');
    mkdirSync(join(sample, 'data'), { recursive: true });
    symlinkSync(join(plumbline.userData, 'outside.txt'), join(sample, 'data/link.txt'));
    const base = `app://plumbline/workspace/${workspaceId}`;
    for (const path of [
      '..%2foutside.txt',
      '%2e%2e%2foutside.txt',
      'data/..%2f..%2foutside.txt',
      'data/link.txt',
    ])
      expect(`${path} ${await status(`${base}/${path}`)}`).toBe(`${path} 404`);
  });

  test('file:// cannot be reached', async () => {
    expect(await status('file:///etc/hostname')).toBe(0);
  });
});

test('20: the page sees one frozen object with three functions', async () => {
  const bridge = await plumbline.page.evaluate(() => ({
    keys: Object.keys(window.plumbline).sort(),
    frozen: Object.isFrozen(window.plumbline),
  }));
  expect(bridge).toEqual({ keys: ['call', 'on', 'pathForFile'], frozen: true });
});
