import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import log from 'electron-log/main';
import { APP_ORIGIN } from './app-origin';
import { CHANNELS, type ChannelName } from './contract';
import { ipcName, passGate, type Handlers, type Sender } from './ipc-gate';

/** The only place that listens to `ipcMain.handle`: every channel of the contract, each behind the gate. */
export function registerGate(handlers: Handlers): void {
  const effects = {
    trustedOrigin: APP_ORIGIN,
    onFailure: (channel: string, error: Error & { code: string }) =>
      log.warn(`${channel} failed: ${error.code} ${error.message}`),
  };
  for (const channel of Object.keys(CHANNELS) as ChannelName[]) {
    ipcMain.handle(ipcName(channel), (event, request: unknown) =>
      passGate(channel, senderOf(event), request, handlers, effects),
    );
  }
}

/** Who sent it, as Electron says. */
export function senderOf(event: Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>): Sender {
  const frame = event.senderFrame;
  return {
    origin: frame?.origin ?? null,
    isMainFrame: frame !== null && frame !== undefined && frame === event.sender.mainFrame,
  };
}
