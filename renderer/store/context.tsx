import { createContext, useContext } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { AppState } from './state';

const StoreContext = createContext<StoreApi<AppState> | null>(null);

export const AppStoreProvider = StoreContext.Provider;

/** The store itself, for event handlers that read the state when they run. */
export function useAppStore(): StoreApi<AppState> {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('AppStoreProvider is missing');
  return store;
}

/** Raw state by a selector that allocates nothing; derive with useMemo. */
export function useApp<T>(selector: (state: AppState) => T): T {
  return useStore(useAppStore(), selector);
}
