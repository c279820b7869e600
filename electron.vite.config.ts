import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** The oldest runtime that the app must start on: Electron 33 (Chromium 130, Node 20). */
const NODE_TARGET = 'node20';
const CHROME_TARGET = 'chrome130';

const here = import.meta.dirname;

export default defineConfig({
  main: {
    build: {
      target: NODE_TARGET,
      outDir: 'out/main',
      // Everything is bundled, so that the package needs no node_modules.
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          main: resolve(here, 'electron/main.ts'),
          online: resolve(here, 'electron/online/service.ts'),
          'online-worker': resolve(here, 'electron/online/worker.ts'),
        },
        // CommonJS is loaded at once: the schemes are registered before `ready`.
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      target: NODE_TARGET,
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(here, 'electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    resolve: {
      alias: [
        // monaco-editor's exports map hides esm/vs, which monaco-yaml still imports.
        {
          find: /^monaco-editor\/esm\/vs\/(.*)$/,
          replacement: resolve(here, 'node_modules/monaco-editor/esm/vs') + '/$1',
        },
      ],
    },
    worker: { format: 'es' },
    build: {
      target: CHROME_TARGET,
      outDir: 'out/renderer',
      minify: true,
      // A wasm or a font inlined as data: would need a wider content security policy.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 8_000,
      rolldownOptions: { input: resolve(here, 'renderer/index.html') },
    },
  },
});
