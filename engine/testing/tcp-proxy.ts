import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy in front of a server that can lose replies and connections on demand. */
export interface TcpProxy {
  port: number;
  /**
   * From the next request that contains `marker`: the request reaches the server, its reply is swallowed, and the
   * connection is cut. Happens `times` times.
   */
  loseReplies(marker: string, times?: number): void;
  /** Requests with `marker` that were cut so far. */
  lost(): number;
  /** From now on requests get no reply and the connection stays open. */
  freeze(): void;
  close(): Promise<void>;
}

export function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let plan: { marker: string; times: number } | null = null;
  let lost = 0;
  let frozen = false;

  const proxy = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    let swallow = false;
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
      if (plan !== null && plan.times > 0 && request.includes(plan.marker)) {
        plan.times--;
        lost++;
        swallow = true;
      }
      server.write(request);
    });
    server.on('data', (reply) => {
      if (swallow) client.destroy();
      else if (!frozen) client.write(reply);
    });
  });

  return new Promise((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', () =>
      resolve({
        port: (proxy.address() as AddressInfo).port,
        loseReplies: (marker, times = 1) => (plan = { marker, times }),
        lost: () => lost,
        freeze: () => (frozen = true),
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            proxy.close(() => done());
          }),
      }),
    );
  });
}
