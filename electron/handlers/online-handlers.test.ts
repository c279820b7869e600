import { expect, test } from 'vitest';
import { PlumblineError } from '../../engine/errors';
import type { MaterializeResult } from '../../engine/results';
import type { Question } from '../consent/consent-dialogs';
import { writeQuestion } from '../consent/write-consent';
import type { MaterializeJob } from '../../engine/online/job';
import type { OnlineAsk } from '../online/messages';
import type { ServiceLink } from '../online/service-link';
import type { Connections } from '../settings/connections';
import { onlineHandlers } from './online-handlers';

const JOB = '6f2c0c4e-5a54-4c5e-9f0e-0a5f3c3f7d11';
const counts: MaterializeResult = {
  entities: 1200,
  added: 1000,
  changed: 150,
  replaced: 0,
  skipped_older: 40,
  skipped_equal: 10,
  equal_differs: 0,
  null_overwrites: 7,
  orphan_fields: 0,
  unknown_fields: 0,
  int_mismatch: { found: 0, checked: 0 },
  older_by_ms: null,
  bytes: 2048,
  written: false,
  ms: 5,
  verified: null,
  read_back: 0,
  overtaken: 0,
  samples: [],
  findings: [],
  batches: [],
  interrupted: null,
  receipt: null,
};
const spec = {
  cell: 'push',
  redis: 'dev',
  project: 'streamrec',
  views: [
    {
      view: 'user_daily',
      joinKeys: [{ name: 'user_id', type: 'int64' }],
      features: [{ name: 'tier', type: 'string', default: 'free' }],
      ttl: null,
    },
  ],
};

/** Main's handlers with a service and a user that the test plays. */
function play(yes: boolean | Promise<boolean>, result = counts, refusal: PlumblineError | null = null) {
  const asks: OnlineAsk[] = [];
  const questions: Question[] = [];
  const rows: string[] = [];
  let clock = 0;
  const service = {
    ask: (ask: OnlineAsk) => {
      asks.push(ask);
      if (ask.kind === 'checkWrite' && refusal !== null) return Promise.reject(refusal);
      return Promise.resolve({ ...result, written: ask.kind === 'write' });
    },
    sendRows: (job: string, view: string, port: string) => rows.push(`${view} ${port}`),
    cancel: () => undefined,
    close: () => undefined,
  } as unknown as ServiceLink<string>;
  const connections = {
    target: () =>
      Promise.resolve({ host: 'rédis.test', port: 6380, db: 3, tls: true, username: '', password: 'canary' }),
  } as unknown as Connections;
  const online = onlineHandlers<string>({
    connections,
    service,
    ask: (question) => (questions.push(question), Promise.resolve(yes)),
    folder: () => '/workspace',
    now: () => clock,
  });
  return { ...online, asks, questions, rows, wait: (ms: number) => (clock += ms) };
}

test('a write is asked for with server, project, views and counts, then done under the token of its dry run', async () => {
  const { handlers, asks, questions } = play(true);
  await handlers['online.dryRun']({ job: JOB, target: spec });
  expect(await handlers['online.write']({ job: JOB, dropJournal: false })).toMatchObject({ written: true });
  const [dryRun, check, write] = asks;
  expect(dryRun).toMatchObject({ folder: '/workspace' });
  const token = dryRun?.kind === 'dryRun' && dryRun.token;
  expect(check).toEqual({ kind: 'checkWrite', job: JOB, token, dropJournal: false });
  expect(write).toEqual({ kind: 'write', job: JOB, token, dropJournal: false });
  const text = `${questions[0]?.message}\n${questions[0]?.detail}`;
  for (const part of [
    '1,150',
    'r\\u{e9}dis.test:6380',
    'database 3, TLS',
    'streamrec',
    'user_daily',
    'Added: 1,000',
    'Changed: 150',
    'NULL: 7',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('canary');
});

test('a refused write sends nothing and cannot be tried again without a new dry run', async () => {
  const { handlers, asks } = play(false);
  await handlers['online.dryRun']({ job: JOB, target: spec });
  await expect(handlers['online.write']({ job: JOB, dropJournal: false })).rejects.toMatchObject({
    code: 'redis.consent',
  });
  await expect(handlers['online.write']({ job: JOB, dropJournal: false })).rejects.toMatchObject({
    code: 'redis.consent',
  });
  expect(asks.map(({ kind }) => kind)).toEqual(['dryRun', 'checkWrite']);
});

test('what the write would refuse is refused before anyone is asked', async () => {
  const refusal = new PlumblineError('online.write_interrupted', 'something else would be written');
  const { handlers, asks, questions } = play(true, counts, refusal);
  await handlers['online.dryRun']({ job: JOB, target: spec });
  await expect(handlers['online.write']({ job: JOB, dropJournal: false })).rejects.toBe(refusal);
  expect(questions).toEqual([]);
  expect(asks.map(({ kind }) => kind)).toEqual(['dryRun', 'checkWrite']);
  // and the next write is not taken for a second one
  await handlers['online.dryRun']({ job: JOB, target: spec });
  await expect(handlers['online.write']({ job: JOB, dropJournal: false })).rejects.toBe(refusal);
});

const interrupted = {
  startedAt: '2026-01-02T03:04:05.000Z',
  rows: 2_000,
  acknowledged: 1_500,
  same_plan: false,
};

test('a journal is given up only after a question of its own', async () => {
  const no = play(false, { ...counts, interrupted });
  await no.handlers['online.dryRun']({ job: JOB, target: spec });
  await expect(no.handlers['online.write']({ job: JOB, dropJournal: true })).rejects.toMatchObject({
    code: 'redis.consent',
  });
  expect(no.questions.map(({ message }) => message)).toEqual(['Give up the interrupted write of push?']);
  expect(no.questions[0]?.detail).toContain('1,500 of 2,000 rows');
  expect(no.asks.map(({ kind }) => kind)).toEqual(['dryRun', 'checkWrite']);
  const yes = play(true, { ...counts, interrupted });
  await yes.handlers['online.dryRun']({ job: JOB, target: spec });
  await yes.handlers['online.write']({ job: JOB, dropJournal: true });
  expect(yes.questions.map(({ message }) => message.split(' ')[0])).toEqual(['Give', 'Write']);
  const none = play(true);
  await none.handlers['online.dryRun']({ job: JOB, target: spec });
  await none.handlers['online.write']({ job: JOB, dropJournal: true });
  expect(none.questions).toHaveLength(1);
});

test('no write without a dry run, twice, or too late; the user is not even asked', async () => {
  const { handlers, asks, questions, wait } = play(true);
  await expect(handlers['online.write']({ job: JOB, dropJournal: false })).rejects.toMatchObject({
    code: 'redis.consent',
  });
  await handlers['online.dryRun']({ job: JOB, target: spec });
  await handlers['online.write']({ job: JOB, dropJournal: false });
  await expect(handlers['online.write']({ job: JOB, dropJournal: false })).rejects.toMatchObject({
    code: 'redis.consent',
  });
  await handlers['online.dryRun']({ job: JOB, target: spec });
  wait(10 * 60 * 1000 + 1);
  await expect(handlers['online.write']({ job: JOB, dropJournal: false })).rejects.toMatchObject({
    code: 'redis.consent',
  });
  expect(asks.filter(({ kind }) => kind === 'write')).toHaveLength(1);
  expect(questions).toHaveLength(1);
});

test('while one question is open a second write is refused', async () => {
  let answer: (yes: boolean) => void = () => undefined;
  const { handlers, questions } = play(new Promise((resolve) => (answer = resolve)));
  const other = JOB.replace('6f2c', '6f2d');
  await handlers['online.dryRun']({ job: JOB, target: spec });
  await handlers['online.dryRun']({ job: other, target: spec });
  const first = handlers['online.write']({ job: JOB, dropJournal: false });
  await expect(handlers['online.write']({ job: other, dropJournal: false })).rejects.toMatchObject({
    code: 'redis.consent',
  });
  answer(true);
  expect(await first).toMatchObject({ written: true });
  expect(questions).toHaveLength(1);
});

test('rows are taken for a running dry run only, once per view', async () => {
  const { handlers, acceptRows, rows } = play(true);
  const message = { plumbline: 'online-rows', job: JOB, view: 'user_daily' };
  expect(acceptRows(message, 'early')).toBe(false);
  const running = handlers['online.dryRun']({ job: JOB, target: spec });
  expect(acceptRows({ ...message, view: 'other' }, 'p')).toBe(false);
  expect(acceptRows({ ...message, job: 'x' }, 'p')).toBe(false);
  expect(acceptRows(message, 'port')).toBe(true);
  expect(acceptRows(message, 'second')).toBe(false);
  await running;
  expect(acceptRows(message, 'late')).toBe(false);
  expect(rows).toEqual(['user_daily port']);
});

test('an inspection and a comparison only read: nobody is asked, and rows are taken for the comparison alone', async () => {
  const { handlers, acceptRows, asks, questions } = play(true);
  const [view] = spec.views;
  const message = { plumbline: 'online-rows', job: JOB, view: 'user_daily' };
  const look = { redis: 'dev', project: null, views: spec.views, entity: {}, limit: 100, shown: 5 };
  await handlers['online.inspect']({ job: JOB, spec: look });
  expect(acceptRows(message, 'port')).toBe(false);
  const compared = { redis: 'dev', project: 'streamrec', view: view!, limit: 100 };
  const running = handlers['online.difference']({ job: JOB, spec: compared });
  expect(acceptRows(message, 'port')).toBe(true);
  await running;
  expect(acceptRows(message, 'port')).toBe(false);
  expect(asks).toEqual([
    expect.objectContaining({ kind: 'inspect', spec: look }),
    expect.objectContaining({ kind: 'difference', spec: compared }),
  ]);
  expect(questions).toEqual([]);
});

test('the question tells of replacing, of expiry, and of an interrupted write', () => {
  const target = { host: 'h', port: 1, db: 0, tls: false, username: '', password: 'canary' };
  const job = { ...spec, replace: 'equal', expire: 3_600 } as MaterializeJob;
  const dryRun = { ...counts, replaced: 25, interrupted: { ...interrupted, same_plan: true } };
  const { message, detail } = writeQuestion(target, job, dryRun);
  expect(message).toContain('1,175 feature rows');
  for (const part of [
    'Overwritten though the event time is the same (replace: equal): 25',
    'expires 3,600 seconds later',
    'goes on with the write of 2026-01-02T03:04:05.000Z, which stopped after 1,500 of 2,000 rows',
  ])
    expect(detail).toContain(part);
  expect(writeQuestion(target, job, dryRun, true).detail).toContain('gives up the write of');
  expect(writeQuestion(target, spec as MaterializeJob, counts).detail).not.toMatch(
    /replace|expires|write of/,
  );
});

test('the records of a cell come from the workspace, without a password in any path', async () => {
  const { handlers, asks } = play(true);
  expect(await handlers['online.records']({ cell: 'push', redis: 'dev', project: 'p' })).toEqual({
    ends: {},
    receipt: null,
  });
  expect(asks).toEqual([]);
});
