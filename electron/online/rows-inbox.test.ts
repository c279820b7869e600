import { expect, test } from 'vitest';
import type { RowsFromPage, RowsToPage } from './messages';
import { createRowsInbox, type RowsPort } from './rows-inbox';

/** A port whose other end the test holds. */
function port() {
  let onMessage: (message: RowsFromPage) => void = () => undefined;
  let onClose: () => void = () => undefined;
  const posted: RowsToPage[] = [];
  let closed = false;
  const end: RowsPort = {
    onMessage: (listener) => void (onMessage = listener),
    onClose: (listener) => void (onClose = listener),
    post: (message) => void posted.push(message),
    close: () => void (closed = true),
  };
  return {
    end,
    posted,
    send: (message: RowsFromPage) => onMessage(message),
    drop: () => onClose(),
    isClosed: () => closed,
  };
}

const batch = (value: number) => new Uint8Array([value]);
const never = new AbortController().signal;

test.each(['port first', 'reader first'])(
  'rows come in order and are acknowledged one by one (%s)',
  async (order) => {
    const inbox = createRowsInbox();
    const { end, posted, send, isClosed } = port();
    if (order === 'port first') inbox.offer('j', 'v', end);
    const rows = inbox.rows('j', 'v', never)[Symbol.asyncIterator]();
    const first = rows.next();
    if (order === 'reader first') inbox.offer('j', 'v', end);
    // The reader takes the port in a task of its own before it listens.
    await Promise.resolve();
    await new Promise((next) => setImmediate(next));
    send(batch(1));
    send(batch(2));
    expect((await first).value).toEqual(batch(1));
    expect(posted).toEqual([]);
    expect((await rows.next()).value).toEqual(batch(2));
    expect(posted).toEqual([{ ack: 1 }]);
    send({ end: true });
    expect((await rows.next()).done).toBe(true);
    expect(posted).toEqual([{ ack: 1 }, { ack: 2 }, { stop: true }]);
    expect(isClosed()).toBe(true);
  },
);

test.each(['failed', 'closed', 'cancelled before', 'cancelled while reading'])(
  'a reader of rows that end early (%s) is told',
  async (how) => {
    const inbox = createRowsInbox();
    const cancel = new AbortController();
    const { end, send, drop } = port();
    if (how === 'cancelled before') cancel.abort();
    else inbox.offer('j', 'v', end);
    const failure = inbox
      .rows('j', 'v', cancel.signal)
      [Symbol.asyncIterator]()
      .next()
      .catch((thrown: unknown) => thrown);
    await new Promise((after) => setImmediate(after));
    if (how === 'failed') send({ failed: true });
    if (how === 'closed') drop();
    if (how === 'cancelled while reading') cancel.abort();
    expect(await failure).toMatchObject({ code: 'engine.cancelled' });
  },
);

test('ports that nobody read are closed with their job; a second port of a view is refused', () => {
  const inbox = createRowsInbox();
  const first = port();
  const second = port();
  const other = port();
  inbox.offer('j', 'v', first.end);
  inbox.offer('j', 'v', second.end);
  inbox.offer('k', 'v', other.end);
  expect([first.isClosed(), second.isClosed()]).toEqual([false, true]);
  inbox.drop('j');
  expect([first.isClosed(), other.isClosed()]).toEqual([true, false]);
});
