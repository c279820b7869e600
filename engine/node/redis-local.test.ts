import { describe, expect, it } from 'vitest';
import { findRedisServer, startLocalRedis } from './redis-local';
import { testConnection } from './redis-probe';

describe('a local redis-server', () => {
  it('starts on the loopback interface, answers, and is gone after stop', async () => {
    const server = await startLocalRedis();
    expect(server.target.host).toBe('127.0.0.1');
    expect(await testConnection(server.target)).toMatchObject({ role: 'master', keys: 0 });
    await server.stop();
    await server.stop();
    expect(() => process.kill(server.pid, 0)).toThrow(/ESRCH/);
  });

  it('is not found on an empty PATH, with a hint', async () => {
    expect(await findRedisServer('/nowhere')).toBeNull();
    await expect(startLocalRedis('/nowhere')).rejects.toMatchObject({
      code: 'redis.unreachable',
      hint: expect.stringContaining('Install Redis'),
    });
  });
});
