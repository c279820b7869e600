import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { PlumblineBridge } from './contract';

// Kept free of imports with code: a sandboxed preload is one small file.
const ORIGIN = 'app://plumbline';

const bridge: PlumblineBridge = {
  call: (channel, request) =>
    ipcRenderer.invoke(`plumbline:${channel}`, request).catch((thrown: unknown) => ({
      ok: false as const,
      error: {
        code: 'ipc.invalid' as const,
        message: `${String(channel)} could not be called.`,
        cause: thrown instanceof Error ? thrown.message : String(thrown),
      },
    })),
  on: (event, listener) => {
    const receive = (_event: unknown, payload: Parameters<typeof listener>[0]) => listener(payload);
    ipcRenderer.on(`plumbline-event:${event}`, receive);
    return () => void ipcRenderer.removeListener(`plumbline-event:${event}`, receive);
  },
  pathForFile: (file) => webUtils.getPathForFile(file) || null,
};

contextBridge.exposeInMainWorld('plumbline', Object.freeze(bridge));

// A MessagePort cannot cross the context bridge: the page posts it to its own window instead.
window.addEventListener('message', (event) => {
  const message = event.data as { plumbline?: unknown } | null;
  if (event.source !== window || event.origin !== ORIGIN || message?.plumbline !== 'online-rows') return;
  ipcRenderer.postMessage('plumbline-rows', message, [...event.ports]);
});
