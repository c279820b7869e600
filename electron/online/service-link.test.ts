import { expect, test } from 'vitest';
import type { FromService, ToService } from './messages';
import { createServiceLink, type ServiceProcess } from './service-link';

const target = { host: 'h', port: 1, db: 0, tls: false, username: '', password: '' };

/** Processes that the test plays, in the order in which they were started. */
function play() {
  const processes: { received: ToService[]; say(message: FromService): void; die(): void }[] = [];
  const progress: unknown[] = [];
  const start = (): ServiceProcess<string> => {
    const received: ToService[] = [];
    let say: (message: FromService) => void = () => undefined;
    let die = () => undefined as void;
    processes.push({ received, say: (message) => say(message), die: () => die() });
    return {
      post: (message) => void received.push(message),
      onMessage: (listener) => void (say = listener),
      onExit: (listener) => void (die = listener),
      kill: () => die(),
    };
  };
  return { link: createServiceLink(start, (message) => progress.push(message)), processes, progress };
}

const probe = { version: '7.0.15', role: 'master', latencyMs: 1, keys: 0 };

test('answers and failures find their asks, in any order', async () => {
  const { link, processes } = play();
  const first = link.ask({ kind: 'probe', target });
  const second = link.ask({ kind: 'probe', target });
  expect(processes).toHaveLength(1);
  processes[0]!.say({ kind: 'failure', id: 2, error: { code: 'redis.auth', message: 'No.' } });
  processes[0]!.say({ kind: 'answer', id: 1, value: probe });
  expect(await first).toEqual(probe);
  await expect(second).rejects.toMatchObject({ code: 'redis.auth', message: 'No.' });
});

test('when the process dies every open ask fails, and the next one starts another process', async () => {
  const { link, processes } = play();
  const open = [
    link.ask({ kind: 'probe', target }),
    link.ask({ kind: 'write', job: 'j', token: 't', dropJournal: false }),
  ];
  processes[0]!.die();
  for (const ask of open)
    await expect(ask).rejects.toMatchObject({ code: 'redis.retryable', retryable: true });
  const next = link.ask({ kind: 'probe', target });
  expect(processes).toHaveLength(2);
  processes[1]!.say({ kind: 'answer', id: 3, value: probe });
  expect(await next).toEqual(probe);
});

test('progress passes through; cancelling without a process starts none', () => {
  const { link, processes, progress } = play();
  link.cancel('j');
  expect(processes).toHaveLength(0);
  link.sendRows('j', 'v', 'port');
  const message = {
    kind: 'progress',
    job: 'j',
    phase: 'writing',
    rows: 1,
    totalRows: 2,
    rate: 3,
    secondsLeft: 4,
  } as const;
  processes[0]!.say(message);
  expect(progress).toEqual([message]);
});
