import { useEffect, useMemo } from 'react';
import { strokeText } from '../commands/chord';
import { isEnabled, keymap } from '../commands/registry';
import { useApp, useAppStore } from '../store/context';

/** A second key of a sequence counts within this time (milliseconds). */
const SEQUENCE_MS = 900;

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Bare keys inside these belong to them: menus, dialogs, the grid, buttons. */
const OWN_KEYS =
  '[role="menu"], [role="dialog"], [role="alertdialog"], [role="grid"], [role="tree"], [role="listbox"]';

/** One listener for all chords. Draws nothing. */
export function Keys() {
  const store = useAppStore();
  const keybindings = useApp((state) => state.settings.keybindings);
  const maps = useMemo(() => keymap(keybindings), [keybindings]);

  useEffect(() => {
    const reload = () =>
      void store
        .getState()
        .settings.reloadKeybindings()
        .catch(() => undefined);
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, [store]);

  useEffect(() => {
    let pending = '';
    let pendingAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const state = store.getState();
      const stroke = strokeText(event, state.workspace.platform === 'darwin');
      if (stroke === null) return;
      const target = event.target instanceof Element ? event.target : null;
      if (state.dialogs.open !== null || state.dialogs.palette !== null) return;
      const inText = takesText(event.target);
      const own = inText || (target !== null && target.closest(OWN_KEYS) !== null);
      const map = own || state.selection.mode === 'edit' ? maps.global : maps.command;
      // The text's own undo, selection and clipboard come first while text is edited.
      if (inText && /^Mod\+(Shift\+)?[ZY]$/.test(stroke)) return;
      // Enter and Space press a focused button instead of acting on the cell.
      if (target !== null && target.closest('button, a, summary') !== null && /^(Enter|Space)$/.test(stroke))
        return;
      const sequence =
        Date.now() - pendingAt < SEQUENCE_MS && pending !== '' ? `${pending} ${stroke}` : stroke;
      const command = map.get(sequence) ?? map.get(stroke);
      const begins = !command && [...map.keys()].some((chord) => chord.startsWith(`${stroke} `));
      pending = begins ? stroke : '';
      pendingAt = Date.now();
      if (command === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (isEnabled(command, state)) void command.run(state);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [maps, store]);

  return null;
}
