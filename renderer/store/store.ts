import { createStore, type StoreApi } from 'zustand';
import { createAnalysisSlice } from './analysis';
import { createConnectionsSlice } from './connections';
import { createDialogsSlice } from './dialogs';
import { createDocumentSlice } from './document';
import { createEngineSlice } from './engine';
import { createRunsSlice } from './runs';
import { createSelectionSlice } from './selection';
import { createSettingsSlice } from './settings';
import { sliceContext, type StoreDeps } from './slice';
import type { AppState } from './state';
import { createWorkspaceSlice } from './workspace';

/** The store of one window. Nothing happens before `startStore`. */
export function createAppStore(deps: StoreDeps): StoreApi<AppState> {
  return createStore<AppState>((setState, getState, api) => {
    const context = sliceContext(deps, { getState, setState, subscribe: api.subscribe });
    return {
      workspace: createWorkspaceSlice(context),
      document: createDocumentSlice(context),
      analysis: createAnalysisSlice(context),
      runs: createRunsSlice(context),
      engine: createEngineSlice(context),
      selection: createSelectionSlice(context),
      settings: createSettingsSlice(context),
      connections: createConnectionsSlice(context),
      dialogs: createDialogsSlice(context),
    };
  });
}

const ORDER = [
  'settings',
  'document',
  'analysis',
  'engine',
  'runs',
  'selection',
  'connections',
  'dialogs',
  'workspace',
] as const;

/** Initializes every slice; gives the way to stop them all. */
export function startStore(store: StoreApi<AppState>): () => void {
  ORDER.forEach((slice) => store.getState()[slice].initialize());
  return () => [...ORDER].reverse().forEach((slice) => store.getState()[slice].destroy());
}
