/** Counts work that goes first, and lets other work wait for its pauses. */
export class Activity {
  private running = 0;
  private waiting: (() => void)[] = [];

  /**
   * `quiet`: milliseconds without such work that make a pause. A run is many statements: without them the other work
   * would take the engine between each two, for a slice every time.
   */
  constructor(private readonly quiet = 0) {}

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
      if (this.running === 0) this.wake();
    }
  }

  /** Settles at once when nothing runs, else when nothing has run for the quiet time. */
  async pause(): Promise<void> {
    while (this.running > 0) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
      if (this.quiet > 0) await new Promise<void>((resolve) => setTimeout(resolve, this.quiet));
    }
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
