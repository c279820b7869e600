/** Milliseconds between two pieces of work: a frame, so that what the one changed is on screen before the next. */
const FRAME_MS = 16;

const waiting = new Set<() => void>();
let running = false;

/**
 * Calls `work` when it is its turn: one piece a frame over the whole page, in the order asked, so that keys are heard in
 * between. For what is costly and not needed at once. Gives the way to call it off.
 */
export function takeTurn(work: () => void): () => void {
  // Its own function, so that the same work may wait twice.
  const piece = () => work();
  waiting.add(piece);
  if (!running) next();
  return () => waiting.delete(piece);
}

/** The same to wait for; `signal` ends the waiting, without an error. */
export function turn(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const off = takeTurn(resolve);
    signal?.addEventListener('abort', () => {
      off();
      resolve();
    });
  });
}

function next(): void {
  running = waiting.size > 0;
  if (!running) return;
  setTimeout(() => {
    const [piece] = waiting;
    if (piece === undefined) return next();
    waiting.delete(piece);
    try {
      piece();
    } finally {
      next();
    }
  }, FRAME_MS);
}
