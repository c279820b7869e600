import type { SliceContext } from './slice';
import type { DialogsSlice } from './state';

export function createDialogsSlice({ put }: SliceContext): DialogsSlice {
  return {
    open: null,
    palette: null,
    initialize() {},
    destroy() {},
    show: (open) => put('dialogs', { open, palette: null }),
    close: () => put('dialogs', { open: null, palette: null }),
    showPalette: (palette) => put('dialogs', { palette }),
  };
}
