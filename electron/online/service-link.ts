import { fromErrorRecord, PlumblineError } from '../../engine/errors';
import type { FromService, OnlineAnswers, OnlineAsk, ToService } from './messages';

/** A running Redis process, as far as the link needs it. `Port` is what can be handed over to it. */
export interface ServiceProcess<Port> {
  post(message: ToService, ports: Port[]): void;
  onMessage(listener: (message: FromService) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
}

export type OnProgressMessage = (progress: Extract<FromService, { kind: 'progress' }>) => void;

/** Asks of the Redis process. It starts with the first one; when it dies, all open asks fail and the next starts a new one. */
export interface ServiceLink<Port> {
  ask<A extends OnlineAsk>(ask: A): Promise<OnlineAnswers[A['kind']]>;
  sendRows(job: string, view: string, port: Port): void;
  cancel(job: string): void;
  close(): void;
}

export function createServiceLink<Port>(
  start: () => ServiceProcess<Port>,
  onProgress: OnProgressMessage,
): ServiceLink<Port> {
  let service: ServiceProcess<Port> | null = null;
  let nextId = 1;
  const open = new Map<number, { resolve(value: never): void; reject(error: PlumblineError): void }>();

  const running = (): ServiceProcess<Port> => {
    if (service) return service;
    const started = start();
    service = started;
    started.onMessage((message) => {
      if (message.kind === 'progress') return onProgress(message);
      const call = open.get(message.id);
      open.delete(message.id);
      if (message.kind === 'answer') call?.resolve(message.value as never);
      else call?.reject(fromErrorRecord(message.error));
    });
    started.onExit(() => {
      if (service !== started) return;
      service = null;
      for (const [id, call] of [...open]) {
        open.delete(id);
        call.reject(serviceDied());
      }
    });
    return started;
  };

  return {
    ask: (ask) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        open.set(id, { resolve: resolve as (value: never) => void, reject });
        running().post({ kind: 'ask', id, ask }, []);
      }),
    sendRows: (job, view, port) => running().post({ kind: 'rows', job, view }, [port]),
    cancel: (job) => service?.post({ kind: 'cancel', job }, []),
    close: () => service?.kill(),
  };
}

function serviceDied(): PlumblineError {
  return new PlumblineError('redis.retryable', 'The process that talks to Redis ended unexpectedly.', {
    hint: 'It starts again by itself. Make a new dry run: it shows what was written, and writing again is safe.',
    retryable: true,
  });
}
