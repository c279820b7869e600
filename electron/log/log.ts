import log from 'electron-log/main';
import { version } from '../../package.json';
import { redactValue } from './redact';

/** One log file in the profile and the terminal; every message is redacted first. */
export function setupLog(): void {
  log.transports.file.maxSize = 2 * 1024 * 1024;
  log.transports.console.format = '{h}:{i}:{s}.{ms} {level} {text}';
  log.hooks.push((message) => ({ ...message, data: message.data.map(redactValue) }));
  log.errorHandler.startCatching({ showDialog: false });
  const { electron, chrome, node } = process.versions;
  log.info(`Plumbline ${version} on Electron ${electron} (Chromium ${chrome}, Node ${node})`);
}
