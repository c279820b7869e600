import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens to one piece of a request on its way to the server. */
export type ProxyFault =
  /** It does not reach the server; the connection is cut. */
  | { kind: 'cut-before' }
  /** Half of it reaches the server; the connection is cut. */
  | { kind: 'half-request' }
  /** It reaches the server, its reply is swallowed, the connection is cut. */
  | { kind: 'cut-after' }
  /** Half of its reply comes back before the connection is cut. */
  | { kind: 'half-reply' }
  /** It reaches the server; no reply comes, ever, and the connection stays open. */
  | { kind: 'silent' }
  /** Its reply comes late. */
  | { kind: 'late'; ms: number }
  /** It does not reach the server; this error comes back, and the connection is cut. */
  | { kind: 'says'; error: string }
  /** The connection is cut, and new ones are for some time. */
  | { kind: 'away'; ms: number };

/** A proxy in front of a server that can lose replies and connections on demand. */
export interface TcpProxy {
  port: number;
  /**
   * From the next request that contains `marker`: the request reaches the server, its reply is swallowed, and the
   * connection is cut. Happens `times` times.
   */
  loseReplies(marker: string, times?: number): void;
  /** Asked at every piece of a request; null = let it pass. */
  inject(choose: (request: Buffer) => ProxyFault | null): void;
  /** Requests that met a fault so far. */
  lost(): number;
  /** From now on requests get no reply and the connection stays open. */
  freeze(): void;
  close(): Promise<void>;
}

export function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let choose: (request: Buffer) => ProxyFault | null = () => null;
  let lost = 0;
  let awayUntil = 0;

  const proxy = createServer((client) => {
    if (Date.now() < awayUntil) return void client.destroy();
    const server = connect(serverPort, '127.0.0.1');
    let onReply = (reply: Buffer): void => void client.write(reply);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (request) => {
      const fault = choose(request);
      if (fault === null) return void server.write(request);
      lost++;
      switch (fault.kind) {
        case 'cut-before':
          return void client.destroy();
        case 'half-request':
          return void server.write(request.subarray(0, request.length >> 1), () => client.destroy());
        case 'cut-after':
          onReply = () => client.destroy();
          break;
        case 'half-reply':
          onReply = (reply) => client.end(reply.subarray(0, reply.length >> 1));
          break;
        case 'silent':
          onReply = () => undefined;
          break;
        case 'late':
          onReply = (reply) => void setTimeout(() => client.destroyed || client.write(reply), fault.ms);
          break;
        case 'says':
          return void client.end(`-${fault.error}\r\n`);
        case 'away':
          awayUntil = Date.now() + fault.ms;
          return void client.destroy();
      }
      server.write(request);
    });
    server.on('data', (reply) => onReply(reply));
  });

  return new Promise((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', () =>
      resolve({
        port: (proxy.address() as AddressInfo).port,
        loseReplies: (marker, times = 1) => {
          let left = times;
          choose = (request) => (request.includes(marker) && left-- > 0 ? { kind: 'cut-after' } : null);
        },
        inject: (chosen) => (choose = chosen),
        lost: () => lost,
        freeze: () => (choose = () => ({ kind: 'silent' })),
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            proxy.close(() => done());
          }),
      }),
    );
  });
}
