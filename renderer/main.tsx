import '@fontsource-variable/inter';
import './theme/index.css';
import { createRoot } from 'react-dom/client';
import { toast } from 'sonner';
import { App } from './app/App';
import { ErrorBoundary } from './app/ErrorBoundary';
import { runCommand } from './commands/registry';
import { call, onEvent, pathForFile } from './host';
import { AppStoreProvider } from './store/context';
import { openSession } from './store/open-session';
import { createAppStore, startStore } from './store/store';

const host = { call, on: onEvent, pathForFile };

/** What offers something to do stays longer than plain words do. */
const ACTION_MS = 20_000;

const store = createAppStore({
  host,
  clock: {
    now: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  },
  openSession,
  notify: (kind, message, hint, action) =>
    void toast[kind](message, {
      ...(hint === undefined ? {} : { description: hint }),
      ...(action === undefined
        ? {}
        : { action: { label: action.label, onClick: action.run }, duration: ACTION_MS }),
    }),
});

startStore(store);
host.on('command', ({ id }) => runCommand(id, store.getState()));

createRoot(document.getElementById('root')!).render(
  <AppStoreProvider value={store}>
    <ErrorBoundary name="window">
      <App />
    </ErrorBoundary>
  </AppStoreProvider>,
);

store
  .getState()
  .workspace.start()
  .catch((thrown: unknown) => toast.error(thrown instanceof Error ? thrown.message : String(thrown)));
