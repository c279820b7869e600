/** Where a SCAN through all nodes of a cluster is: at a cursor of one of them. */
export interface NodeCursor {
  /** `host:port`. */
  node: string;
  cursor: string;
}

const START = '0';

/**
 * A cursor of the whole cluster taken apart: `17@host:port`, or `0` for its beginning. One of a node that is gone begins
 * anew, which gives keys twice and leaves none out. `nodes`: at least one, always in the same order.
 */
export function nodeCursor(text: string, nodes: readonly string[]): NodeCursor {
  const [, cursor, node] = /^(\d+)@(.+)$/.exec(text) ?? [];
  if (cursor === undefined || node === undefined || !nodes.includes(node))
    return { node: nodes[0] ?? '', cursor: START };
  return { node, cursor };
}

/** The cluster's cursor after a node answered its own: at the next node when it is through, `0` after the last one. */
export function clusterCursor({ node, cursor }: NodeCursor, nodes: readonly string[]): string {
  if (cursor !== START) return `${cursor}@${node}`;
  const next = nodes[nodes.indexOf(node) + 1];
  return next === undefined ? START : `${START}@${next}`;
}
