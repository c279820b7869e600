import { clusterCursor, nodeCursor } from '../online/cluster-cursor';
import { commandKey, keySlot, SLOTS } from '../online/cluster-slot';
import type { RedisCommand, RedisConnection, RedisReply, RedisValue } from '../online/redis-commands';
import { connectionLost } from '../online/redis-failure';
import { SocketConnection, type ConnectionTimes } from './redis-socket';
import type { RedisTarget } from './redis-target';

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const ASK = /^ASK \d+ (\S+)$/;

/** A part of a pipeline that goes to one node. */
interface Share {
  node: string;
  places: number[];
  commands: RedisCommand[];
}

/**
 * The nodes of a Redis Cluster as one connection: each command goes to the node of its key's slot, one that loads a script
 * to all of them, and SCAN goes through one primary after the other. A slot that has moved is told as a lost connection: whoever opens anew learns where it is now.
 */
export class ClusterConnection implements RedisConnection {
  private readonly nodes = new Map<string, SocketConnection>();
  private readonly owners: string[] = [];
  /** The nodes that own slots, in the order in which SCAN goes through them. */
  private primaries: string[] = [];

  private constructor(
    private readonly target: RedisTarget,
    private readonly times: ConnectionTimes,
  ) {}

  /** Asks one node where the slots are, and connects to their owners. Errors: those of `SocketConnection.open`. */
  static async open(target: RedisTarget, times: ConnectionTimes): Promise<ClusterConnection> {
    const cluster = new ClusterConnection(target, times);
    const first = await SocketConnection.open(target, times);
    try {
      const [reply] = await first.send([['CLUSTER', 'SLOTS']]);
      if (reply === undefined || 'error' in reply) throw reply?.error ?? connectionLost('no reply');
      cluster.learn(reply.value);
      cluster.primaries = [...new Set(cluster.owners)].sort();
      for (const node of cluster.primaries) await cluster.connect(node);
      return cluster;
    } catch (thrown) {
      cluster.close();
      throw thrown;
    } finally {
      first.close();
    }
  }

  /** Reads the answer of CLUSTER SLOTS: ranges, each with its primary first. */
  private learn(ranges: RedisValue): void {
    for (const range of Array.isArray(ranges) ? ranges : []) {
      const [from, to, primary] = Array.isArray(range) ? range : [];
      const [address, port] = Array.isArray(primary) ? primary : [];
      const host = address instanceof Uint8Array ? decoder.decode(address) : '';
      const node = `${host === '' ? this.target.host : host}:${String(port)}`;
      for (let slot = Number(from); slot <= Number(to); slot++) this.owners[slot] = node;
    }
    for (let slot = 0; slot < SLOTS; slot++)
      if (this.owners[slot] === undefined) throw new Error(`CLUSTERDOWN slot ${slot} has no owner`);
  }

  private async connect(node: string): Promise<SocketConnection> {
    const known = this.nodes.get(node);
    if (known !== undefined) return known;
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(node) ?? [];
    const connection = await SocketConnection.open({ ...this.target, host, port: Number(port) }, this.times);
    this.nodes.set(node, connection);
    return connection;
  }

  async send(commands: readonly RedisCommand[], asBytes = false): Promise<RedisReply[]> {
    const replies: RedisReply[] = [];
    await Promise.all(
      this.shares(commands).map(async ({ node, places, commands: own }) => {
        const answers = await (await this.connect(node)).send(own, asBytes);
        for (const [i, place] of places.entries()) {
          const settled = await this.settled(own[i]!, answers[i]!, asBytes);
          const reply = this.onward(node, own[i]!, settled);
          replies[place] = merged(replies[place], reply);
        }
      }),
    );
    return replies;
  }

  private shares(commands: readonly RedisCommand[]): Share[] {
    const shares = new Map<string, Share>();
    const give = (node: string, place: number, command: RedisCommand): void => {
      const share = shares.get(node) ?? { node, places: [], commands: [] };
      share.places.push(place);
      share.commands.push(command);
      shares.set(node, share);
    };
    for (const [place, command] of commands.entries()) {
      const key = commandKey(command);
      const [name, cursor, ...rest] = command;
      if (name === 'SCAN') {
        const at = nodeCursor(String(cursor), this.primaries);
        give(at.node, place, [name, at.cursor, ...rest]);
      } else if (key !== null) give(this.owners[keySlot(key)]!, place, command);
      else for (const node of this.nodes.keys()) give(node, place, command);
    }
    return [...shares.values()];
  }

  /** Follows a key that is on its way to another node; a slot that has moved for good needs a new look at the cluster. */
  private async settled(command: RedisCommand, reply: RedisReply, asBytes: boolean): Promise<RedisReply> {
    if (!('error' in reply)) return reply;
    const node = ASK.exec(reply.error.message)?.[1];
    if (node !== undefined) {
      const [, answer] = await (await this.connect(node)).send([['ASKING'], command], asBytes);
      return answer ?? { error: connectionLost('no reply') };
    }
    return reply.error.message.startsWith('MOVED ') ? { error: connectionLost(reply.error) } : reply;
  }

  /** A node's answer to SCAN with the cursor that goes on through the cluster; any other answer as it is. */
  private onward(node: string, [name]: RedisCommand, reply: RedisReply): RedisReply {
    if (name !== 'SCAN' || 'error' in reply || !Array.isArray(reply.value)) return reply;
    const [cursor, ...keys] = reply.value;
    if (!(cursor instanceof Uint8Array)) return reply;
    const next = clusterCursor({ node, cursor: decoder.decode(cursor) }, this.primaries);
    return { value: [encoder.encode(next), ...keys] };
  }

  close(): void {
    for (const connection of this.nodes.values()) connection.close();
    this.nodes.clear();
  }
}

/** One reply for a command that went to all nodes: an error before a value, numbers added up. */
function merged(before: RedisReply | undefined, reply: RedisReply): RedisReply {
  if (before === undefined || 'error' in reply) return reply;
  if ('error' in before) return before;
  const [left, right] = [before.value, reply.value];
  return typeof left === 'number' && typeof right === 'number' ? { value: left + right } : before;
}
