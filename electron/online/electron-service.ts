import { utilityProcess, type MessagePortMain } from 'electron';
import log from 'electron-log/main';
import { join } from 'node:path';
import type { FromService } from './messages';
import type { ServiceProcess } from './service-link';

/** Starts the Redis process. It gets no environment of ours beyond what Node needs: secrets come by message. */
export function startOnlineService(): ServiceProcess<MessagePortMain> {
  const child = utilityProcess.fork(join(__dirname, 'online.cjs'), [], {
    serviceName: 'Plumbline Redis',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  return {
    post: (message, ports) => child.postMessage(message, ports),
    onMessage: (listener) => void child.on('message', (message: FromService) => listener(message)),
    onExit: (listener) =>
      void child.on('exit', (code) => {
        log.info(`the Redis process ended with code ${code}`);
        listener();
      }),
    kill: () => void child.kill(),
  };
}
