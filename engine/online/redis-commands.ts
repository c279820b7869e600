/**
 * The port to one Redis connection, small enough for a host to build on any client and for a test to fake.
 * Arguments and bulk replies are bytes: keys, fields and values of the online store are no text.
 */

export type RedisArgument = string | Uint8Array;
export type RedisCommand = readonly [name: string, ...args: RedisArgument[]];
/** A bulk or status reply is bytes, an integer a number, an absent value null. */
export type RedisValue = Uint8Array | number | null | RedisValue[];
/** One command's answer; an error keeps the server's or the client's own words. */
export type RedisReply = { value: RedisValue } | { error: Error };

export interface RedisConnection {
  /**
   * Sends the commands as one pipeline and gives one reply per command, in order. `asBytes`: each value that is no
   * error is the bytes that came, not taken apart. Settles within the connection's
   * own deadline whatever the server does; rejects when the connection is lost or silent.
   */
  send(commands: readonly RedisCommand[], asBytes?: boolean): Promise<RedisReply[]>;
  /** Ends the connection at once. */
  close(): void;
}

/** Opens one connection, authenticated and with its database selected. Errors: `redis.unreachable`, `redis.auth`. */
export type OpenRedis = () => Promise<RedisConnection>;
