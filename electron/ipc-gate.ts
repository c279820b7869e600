import { z } from 'zod';
import { PlumblineError, toErrorRecord } from '../engine/errors';
import { CHANNELS, type Answer, type ChannelName, type Parsed, type Response } from './contract';

/** One function per channel of the contract; a missing or an unknown one does not compile. */
export type Handlers = {
  [C in ChannelName]: (request: Parsed<C>) => Promise<Response<C>> | Response<C>;
};

/** Who sent a message: taken from Electron's event, nothing of it from the message itself. */
export interface Sender {
  /** Origin of the frame, for instance `app://plumbline`; null when the frame is gone. */
  origin: string | null;
  /** Whether the frame is the top frame of a window of this app. */
  isMainFrame: boolean;
}

export interface GateEffects {
  trustedOrigin: string;
  /** Called for each refusal and each failed call, for the log. Gets no request content. */
  onFailure(channel: string, error: PlumblineError): void;
}

/** Only the top frame of a page of the app itself. */
export function isTrustedSender(sender: Sender, trustedOrigin: string): boolean {
  return sender.origin === trustedOrigin && sender.isMainFrame;
}

/** The name under which a channel is registered with Electron. */
export function ipcName(channel: string): string {
  return `plumbline:${channel}`;
}

/**
 * The one way from a renderer into main: checks the sender, parses the request, calls, and answers with a value or
 * a typed error. Never throws and never answers `undefined`.
 */
export async function passGate<C extends ChannelName>(
  channel: C,
  sender: Sender,
  request: unknown,
  handlers: Handlers,
  effects: GateEffects,
): Promise<Answer<C>> {
  try {
    if (!isTrustedSender(sender, effects.trustedOrigin))
      throw new PlumblineError(
        'ipc.rejected',
        `${channel} was called from a page that is not Plumbline's own.`,
      );
    const value = await handlers[channel](parseRequest(channel, request));
    return { ok: true, value };
  } catch (thrown) {
    const record = toErrorRecord(thrown);
    effects.onFailure(
      channel,
      thrown instanceof PlumblineError ? thrown : new PlumblineError(record.code, record.message),
    );
    return { ok: false, error: record };
  }
}

function parseRequest<C extends ChannelName>(channel: C, request: unknown): Parsed<C> {
  const parsed = CHANNELS[channel].request.safeParse(request);
  if (!parsed.success)
    throw new PlumblineError('ipc.invalid', `${channel} got a request that it cannot read.`, {
      hint: z.prettifyError(parsed.error).slice(0, 1_000),
    });
  return parsed.data as Parsed<C>;
}
