import type { BrowserWindow } from 'electron';
import type { EventName, EventPayload } from './contract';

/** Sends an event of the contract to the page. */
export type SendEvent = <E extends EventName>(event: E, payload: EventPayload<E>) => void;

/** Events for a window that may not be there yet, or not any more. */
export function eventSender(window: () => BrowserWindow | null): SendEvent {
  return (event, payload) => {
    const target = window();
    if (target && !target.isDestroyed()) target.webContents.send(`plumbline-event:${event}`, payload);
  };
}
