import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlumblineError } from '../engine/errors';
import { CHANNELS, type ChannelName } from './contract';
import { passGate, type GateEffects, type Handlers, type Sender } from './ipc-gate';

const ORIGIN = 'app://plumbline';
const own: Sender = { origin: ORIGIN, isMainFrame: true };
const names = Object.keys(CHANNELS) as ChannelName[];

/** Handlers that only note that they were called. */
function fakes() {
  const calls: { channel: string; request: unknown }[] = [];
  const handlers = Object.fromEntries(
    names.map((channel) => [channel, (request: unknown) => (calls.push({ channel, request }), {})]),
  ) as unknown as Handlers;
  const failures: string[] = [];
  const effects: GateEffects = {
    trustedOrigin: ORIGIN,
    onFailure: (channel, error) => failures.push(`${channel} ${error.code}`),
  };
  return { calls, handlers, failures, effects };
}

describe('the gate', () => {
  test.each(names)('%s: whatever comes is parsed or rejected as ipc.invalid', async (channel) => {
    const { calls, handlers, effects } = fakes();
    const schema = CHANNELS[channel].request;
    await fc.assert(
      fc.asyncProperty(nearlyValid(channel), async (request) => {
        calls.length = 0;
        const answer = await passGate(channel, own, request, handlers, effects);
        const parsed = schema.safeParse(request);
        expect(answer.ok).toBe(parsed.success);
        if (answer.ok) expect(calls).toEqual([{ channel, request: parsed.data }]);
        else {
          expect(answer.error.code).toBe('ipc.invalid');
          expect(calls).toEqual([]);
        }
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });

  test.each(names)('%s: a missing, unknown or wrong field is rejected', async (channel) => {
    const { calls, handlers, effects } = fakes();
    for (const request of [undefined, null, 0, '', [], () => 1, Symbol('x')])
      expect(await passGate(channel, own, request, handlers, effects)).toMatchObject({
        ok: false,
        error: { code: 'ipc.invalid' },
      });
    expect(calls).toEqual([]);
  });

  const strangers: Sender[] = [
    { origin: 'https://plumbline.example.com', isMainFrame: true },
    { origin: 'app://plumbline', isMainFrame: false },
    { origin: 'app://plumbline.example.com', isMainFrame: true },
    { origin: 'file://', isMainFrame: true },
    { origin: 'null', isMainFrame: true },
    { origin: null, isMainFrame: false },
  ];

  test.each(names)('%s: no foreign page and no subframe gets in', async (channel) => {
    const { calls, handlers, failures, effects } = fakes();
    for (const sender of strangers)
      expect(await passGate(channel, sender, {}, handlers, effects)).toMatchObject({
        ok: false,
        error: { code: 'ipc.rejected' },
      });
    expect(calls).toEqual([]);
    expect(failures).toEqual(strangers.map(() => `${channel} ipc.rejected`));
  });

  test('an error of ours crosses with code, hint and place', async () => {
    const { handlers, effects } = fakes();
    handlers['app.recent'] = () => {
      throw new PlumblineError('file.denied', 'No.', { hint: 'Ask.', place: { line: 3 }, retryable: true });
    };
    expect(await passGate('app.recent', own, {}, handlers, effects)).toEqual({
      ok: false,
      error: { code: 'file.denied', message: 'No.', hint: 'Ask.', place: { line: 3 }, retryable: true },
    });
  });

  test('any other error crosses as internal', async () => {
    const { handlers, effects } = fakes();
    handlers['app.recent'] = () => Promise.reject(new TypeError('x is not a function'));
    expect(await passGate('app.recent', own, {}, handlers, effects)).toMatchObject({
      ok: false,
      error: { code: 'internal', message: 'x is not a function' },
    });
  });
});

/** Anything at all, and objects with the channel's own field names holding anything. */
function nearlyValid(channel: ChannelName): fc.Arbitrary<unknown> {
  const shape = (CHANNELS[channel].request as unknown as { shape: Record<string, unknown> }).shape;
  const value = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uuid(),
    fc.constantFrom('dev', 'docs', '../../etc/passwd', '__proto__', 'a\0b', 'x'.repeat(5_000)),
    fc.uint8Array({ maxLength: 8 }),
    fc.object({ maxDepth: 2 }),
  );
  const fields = fc.record(Object.fromEntries(Object.keys(shape).map((key) => [key, value])), {
    requiredKeys: [],
  });
  return fc.oneof(fc.anything({ withBigInt: true, withDate: true, withMap: true }), fields);
}
