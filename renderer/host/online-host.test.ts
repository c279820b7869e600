import { MessageChannel as NodeMessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MaterializeJob } from '../../engine/online/job';
import { appOnlineHost, dryRun } from './online-host';

const job: MaterializeJob = {
  cell: 'push',
  redis: 'dev',
  project: 'p',
  views: [{ view: 'v', joinKeys: [{ name: 'k', type: 'int64' }], features: [], ttl: null }],
};

/** Main, played: what it was asked, and the far end of the rows port. */
let calls: string[];
let answers: Record<string, (request: unknown) => Promise<unknown>>;
let onPort: (port: MessagePort) => void;
beforeEach(() => {
  calls = [];
  answers = {};
  onPort = () => undefined;
  vi.stubGlobal('MessageChannel', NodeMessageChannel);
  vi.stubGlobal('window', {
    origin: 'app://plumbline',
    postMessage: (_message: unknown, _origin: string, [port]: MessagePort[]) => onPort(port!),
    plumbline: {
      on: () => () => undefined,
      call: (channel: string, request: unknown) => {
        calls.push(channel);
        return (answers[channel] ?? (() => Promise.resolve({ ok: true, value: {} })))(request);
      },
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

async function* batches(count: number, onTaken: () => void) {
  for (let i = 0; i < count; i++) {
    onTaken();
    yield Uint8Array.of(i);
  }
}

test('at most two batches are ahead of main, and all arrive in order', async () => {
  let taken = 0;
  let acknowledged = 0;
  const arrived: number[] = [];
  const done = new Promise<void>((finish) => {
    onPort = (port) => {
      port.onmessage = ({ data }: MessageEvent<Uint8Array | { end: true }>) => {
        if (!(data instanceof Uint8Array)) {
          port.postMessage({ stop: true });
          return finish();
        }
        arrived.push(data[0]!);
        // The generator has run one step further than what was sent.
        expect(taken - acknowledged).toBeLessThanOrEqual(3);
        port.postMessage({ ack: ++acknowledged });
      };
    };
  });
  answers['online.dryRun'] = () => done.then(() => ({ ok: true, value: { written: false } }));
  const result = await dryRun('id', job, () => batches(20, () => taken++));
  expect(result).toEqual({ written: false });
  expect(arrived).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('rows that fail cancel the job and are what is reported', async () => {
  let refuse: (answer: unknown) => void = () => undefined;
  answers['online.dryRun'] = () => new Promise((settle) => (refuse = settle));
  answers['online.cancel'] = () => {
    refuse({ ok: false, error: { code: 'engine.cancelled', message: 'The run was cancelled.' } });
    return Promise.resolve({ ok: true, value: {} });
  };
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1);
    throw new Error('the snapshot broke');
  };
  await expect(dryRun('id', job, broken)).rejects.toThrow('the snapshot broke');
  expect(calls).toEqual(['online.dryRun', 'online.cancel']);
});

test('a dry run that main refuses does not wait for its rows', async () => {
  answers['online.dryRun'] = () =>
    Promise.resolve({ ok: false, error: { code: 'redis.unknown_connection', message: 'No dev.' } });
  let ended = false;
  const rows = async function* () {
    try {
      yield* batches(20, () => undefined);
    } finally {
      ended = true;
    }
  };
  await expect(appOnlineHost.materialize(job, rows, { write: true })).rejects.toMatchObject({
    code: 'redis.unknown_connection',
  });
  expect(calls).toEqual(['online.dryRun']);
  await vi.waitFor(() => expect(ended).toBe(true));
});

test('a cancelled lookup rejects at once', async () => {
  answers['online.lookup'] = () => new Promise(() => undefined);
  const cancel = new AbortController();
  const looking = appOnlineHost.lookup({ ...job, entities: [], repeat: 1 }, { signal: cancel.signal });
  cancel.abort();
  await expect(looking).rejects.toMatchObject({ code: 'engine.cancelled' });
});
