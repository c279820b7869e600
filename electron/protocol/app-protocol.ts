import { protocol } from 'electron';
import { APP_SCHEME } from '../app-origin';
import { answerAppRequest, type ServedContent } from './app-request';

/** Must run before `ready`, and once: a second call would replace the first. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Serves app://plumbline. Must run after `ready` and before the first window. */
export function serveApp(content: ServedContent): void {
  protocol.handle(APP_SCHEME, (request) =>
    answerAppRequest(
      { url: request.url, method: request.method, range: request.headers.get('range') },
      content,
    ),
  );
}
