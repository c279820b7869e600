import { toErrorRecord } from '../../engine/errors';
import type { SliceContext } from './slice';
import type { ConnectionsSlice } from './state';

/** Redis connections of the user's profile. Passwords go to main and never come back. */
export function createConnectionsSlice({ get, put, change, deps }: SliceContext): ConnectionsSlice {
  return {
    list: [],
    canStoreSecrets: false,
    localServer: null,
    tests: {},
    lastCalled: null,
    noteCall(name, ok, text) {
      change('connections', (draft) => {
        draft.tests[name] = { ok, text };
        draft.lastCalled = name;
      });
    },
    initialize() {},
    destroy() {},
    async refresh() {
      const { connections, canStoreSecrets, localServer } = await deps.host.call('redis.list', {});
      put('connections', { list: connections, canStoreSecrets, localServer });
    },
    async save(request) {
      await deps.host.call('redis.save', request);
      change('connections', (draft) => {
        delete draft.tests[request.connection.name];
      });
      await get().connections.refresh();
    },
    async remove(name) {
      await deps.host.call('redis.remove', { name });
      await get().connections.refresh();
    },
    async test(name) {
      change('connections', (draft) => {
        draft.tests[name] = 'testing';
        draft.lastCalled = name;
      });
      let outcome: { ok: boolean; text: string };
      try {
        const answer = await deps.host.call('redis.test', { name });
        const latency = answer.latencyMs.toFixed(1);
        outcome = {
          ok: true,
          text: `Redis ${answer.version}, ${answer.role}, ${answer.keys} keys, ${latency} ms`,
        };
      } catch (thrown) {
        const error = toErrorRecord(thrown);
        outcome = {
          ok: false,
          text: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
        };
      }
      change('connections', (draft) => {
        draft.tests[name] = outcome;
      });
    },
    async startLocal(name) {
      await deps.host.call('redis.startLocal', { name });
      await get().connections.refresh();
      await get().connections.test(name);
    },
    records: (query) => deps.host.call('online.records', query),
  };
}
