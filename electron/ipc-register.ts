import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type MessagePortMain } from 'electron';
import log from 'electron-log/main';
import { APP_ORIGIN } from './app-origin';
import { CHANNELS, type ChannelName } from './contract';
import { ipcName, isTrustedSender, passGate, type Handlers, type Sender } from './ipc-gate';

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

/** Rows ports of a dry run, which cannot travel through `invoke`. A port that nobody expects is closed. */
export function registerRows(accept: (message: unknown, port: MessagePortMain) => boolean): void {
  ipcMain.on('plumbline-rows', (event: IpcMainEvent, message: unknown) => {
    const [port] = event.ports;
    const trusted = isTrustedSender(senderOf(event), APP_ORIGIN);
    if (port && !(trusted && accept(message, port))) {
      log.warn('rows refused');
      port.close();
    }
  });
}

/** Who sent it, as Electron says. */
export function senderOf(event: Pick<IpcMainInvokeEvent | IpcMainEvent, 'senderFrame' | 'sender'>): Sender {
  const frame = event.senderFrame;
  return {
    origin: frame?.origin ?? null,
    isMainFrame: frame !== null && frame !== undefined && frame === event.sender.mainFrame,
  };
}
