import { cancelled } from '../database/engine-connection';
import type { ReplayControl } from '../ports';

/** How much of real time one batch of a paced replay covers, microseconds. */
const TICK_US = 250_000;

/** Holds a replay back to the pace that is asked for, and while it is paused. */
export class Pace {
  /** The arrival that was due at a moment of real time, since which the speed has not changed. */
  private anchor: { real: number; arrival: bigint; speed: number } | null = null;

  constructor(
    /** null: nobody looks on, and nothing is waited for. */
    private readonly control: ReplayControl | null,
    /** What the cell says. */
    private readonly own: number | 'max',
    /** Milliseconds. */
    private readonly now: () => number,
    private readonly signal?: AbortSignal,
  ) {}

  get speed(): number | 'max' {
    return this.control === null ? 'max' : (this.control.speed ?? this.own);
  }

  get paused(): boolean {
    return this.control?.paused ?? false;
  }

  /** Resolves when the replay may go on; `onPause` is told when it may not. Errors: `engine.cancelled`. */
  async whilePaused(onPause: () => void): Promise<void> {
    if (this.control === null || !this.control.paused) return;
    onPause();
    this.anchor = null;
    while (this.control.paused) await this.wait(null);
  }

  /**
   * Waits until a row that arrived at `arrival` (microseconds) is due. False: pause or speed changed meanwhile. `last`
   * is when the row before it arrived, null for the first one. Errors: `engine.cancelled`.
   */
  async due(arrival: bigint, last: bigint | null): Promise<boolean> {
    const { control, speed } = this;
    if (control === null || speed === 'max') return true;
    if (this.anchor?.speed !== speed) this.anchor = { real: this.now(), arrival: last ?? arrival, speed };
    const { real, arrival: from } = this.anchor;
    const at = real + Number(arrival - from) / 1000 / speed;
    for (let left = at - this.now(); left > 0; left = at - this.now()) {
      await this.wait(left);
      if (control.paused || this.speed !== speed) return false;
    }
    return true;
  }

  /** The first arrival that is no more part of a batch which begins at `arrival`; null = only its rows bound it. */
  until(arrival: bigint): bigint | null {
    const { speed } = this;
    return speed === 'max' ? null : arrival + BigInt(Math.max(1, Math.round(speed * TICK_US)));
  }

  private async wait(milliseconds: number | null): Promise<void> {
    await this.control!.wait(milliseconds, this.signal);
    if (this.signal?.aborted) throw cancelled();
  }
}
