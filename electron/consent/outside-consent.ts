import type { AskOutside } from '../files/workspace-files';
import type { Ask } from './consent-dialogs';

/** Asks once per path and kind of access; a yes holds until the app ends, a no until the next try. */
export function createOutsideConsent(ask: Ask): AskOutside {
  const granted = new Set<string>();
  const open = new Map<string, Promise<boolean>>();
  return async (absolute, access) => {
    const key = `${access} ${absolute}`;
    if (granted.has(key)) return true;
    const pending =
      open.get(key) ??
      ask({
        message:
          access === 'read'
            ? 'The notebook wants to read outside its folder.'
            : 'The notebook wants to write outside its folder.',
        detail: absolute,
        yes: access === 'read' ? 'Allow reading' : 'Allow writing',
        no: 'Refuse',
      }).finally(() => open.delete(key));
    open.set(key, pending);
    const yes = await pending;
    if (yes) granted.add(key);
    return yes;
  };
}
