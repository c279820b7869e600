import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { atomicWrite } from '../../engine/node/atomic-write';

const stateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(900).max(20_000),
  height: z.number().int().min(600).max(20_000),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const MIN_WIDTH = 900;
export const MIN_HEIGHT = 600;

/** The saved place of the window; null when there is none or it lies on no screen any more. */
export function loadWindowState(file: string, screens: readonly Area[]): WindowState | null {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return screens.some((screen) => titleBarVisible(state, screen)) ? state : null;
  } catch {
    return null;
  }
}

/** Losing the window's place is never worth an error. */
export async function saveWindowState(file: string, state: WindowState): Promise<void> {
  await atomicWrite(file, JSON.stringify(state)).catch(() => undefined);
}

/** Whether enough of the title bar is on the screen to drag the window back. */
function titleBarVisible(state: WindowState, screen: Area): boolean {
  const grip = 100;
  return (
    state.x + state.width >= screen.x + grip &&
    state.x <= screen.x + screen.width - grip &&
    state.y >= screen.y &&
    state.y <= screen.y + screen.height - 40
  );
}
