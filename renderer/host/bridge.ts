import type {
  ChannelName,
  EventName,
  EventPayload,
  PlumblineBridge,
  Request,
  Response,
} from '../../electron/contract';
import { fromErrorRecord } from '../../engine/errors';

declare global {
  interface Window {
    readonly plumbline: PlumblineBridge;
  }
}

/** Calls main and gives the answer's value. Throws a `PlumblineError` with main's code, message and hint. */
export async function call<C extends ChannelName>(channel: C, request: Request<C>): Promise<Response<C>> {
  const answer = await window.plumbline.call(channel, request);
  if (answer.ok) return answer.value;
  throw fromErrorRecord(answer.error);
}

/** Listens to an event of main; gives the way to stop. */
export function onEvent<E extends EventName>(
  event: E,
  listener: (payload: EventPayload<E>) => void,
): () => void {
  return window.plumbline.on(event, listener);
}

/** The absolute path of a dropped file, or null when it has none. */
export function pathForFile(file: File): string | null {
  return window.plumbline.pathForFile(file);
}
