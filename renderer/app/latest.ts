/**
 * Does the newest of what is asked for, one thing at a time. What is under way when something newer is asked for gets `grace`
 * milliseconds to end, so that a fast stream of wishes still shows some of them; then it is cancelled.
 */
export class Latest<T> {
  private next: { wish: T } | null = null;
  private current: { controller: AbortController; startedAt: number } | null = null;
  private timer: (() => void) | null = null;
  private stopped = false;

  constructor(
    private readonly work: (wish: T, signal: AbortSignal) => Promise<void>,
    private readonly grace: number,
    private readonly clock: { now(): number; after(ms: number, run: () => void): () => void },
  ) {}

  want(wish: T): void {
    this.next = { wish };
    if (this.stopped) return;
    if (this.current === null) return void this.pump();
    const { controller, startedAt } = this.current;
    const left = Math.max(0, startedAt + this.grace - this.clock.now());
    this.timer ??= this.clock.after(left, () => controller.abort());
  }

  /** Nothing begins any more, and what is under way is cancelled. */
  stop(): void {
    this.stopped = true;
    this.next = null;
    this.current?.controller.abort();
    this.timer?.();
  }

  private async pump(): Promise<void> {
    while (this.next !== null && !this.stopped) {
      const { wish } = this.next;
      this.next = null;
      const controller = new AbortController();
      this.current = { controller, startedAt: this.clock.now() };
      try {
        await this.work(wish, controller.signal);
      } catch {
        // Whoever does the work tells what went wrong; the next wish is another matter.
      }
      this.timer?.();
      this.timer = null;
    }
    this.current = null;
  }
}
