import { describe, expect, it } from 'vitest';
import type { ReplayControl } from '../ports';
import { Pace } from './pace';

/** A clock that stands still until it is waited for, and somebody who acts at moments of it. */
class FakeControl implements ReplayControl {
  now = 0;
  speed: number | 'max' | null = null;
  paused = false;
  /** Milliseconds waited at a stretch. */
  readonly waits: (number | null)[] = [];
  private readonly acts: [number, () => void][] = [];

  at(moment: number, act: () => void): void {
    this.acts.push([moment, act]);
  }

  wait(milliseconds: number | null): Promise<void> {
    const next = this.acts[0];
    const until = milliseconds === null ? Infinity : this.now + milliseconds;
    const stop = next === undefined ? until : Math.min(until, next[0]);
    this.waits.push(stop - this.now);
    this.now = stop;
    if (next !== undefined && stop === next[0]) {
      this.acts.shift();
      next[1]();
    }
    return Promise.resolve();
  }
}

const seconds = (count: number): bigint => BigInt(count) * 1_000_000n;

describe('the pace of a replay', () => {
  it('is that of the arrivals, so many times as fast', async () => {
    const control = new FakeControl();
    const pace = new Pace(control, 60, () => control.now);
    expect(await pace.due(seconds(100), null)).toBe(true);
    expect(control.now).toBe(0);
    expect(await pace.due(seconds(700), seconds(100))).toBe(true);
    expect(control.now).toBe(10_000);
    // What took long itself is not waited for again.
    control.now = 15_000;
    expect(await pace.due(seconds(1000), seconds(700))).toBe(true);
    expect(control.now).toBe(15_000);
    expect(pace.until(seconds(0))).toBe(seconds(15));
  });

  it('never waits where nobody looks on, or as fast as possible', async () => {
    const alone = new Pace(null, 1, () => 0);
    expect(alone.speed).toBe('max');
    expect(await alone.due(seconds(1_000_000), seconds(0))).toBe(true);
    expect(alone.until(0n)).toBeNull();
    const control = new FakeControl();
    expect(await new Pace(control, 'max', () => 0).due(seconds(9), seconds(0))).toBe(true);
    expect(control.waits).toEqual([]);
  });

  it('takes another speed at once, from the last arrival on', async () => {
    const control = new FakeControl();
    const pace = new Pace(control, 1, () => control.now);
    control.at(2_000, () => (control.speed = 10));
    expect(await pace.due(seconds(100), seconds(0))).toBe(false);
    expect(control.now).toBe(2_000);
    expect(await pace.due(seconds(100), seconds(0))).toBe(true);
    expect(control.now).toBe(12_000);
    control.speed = 'max';
    expect(await pace.due(seconds(10_000), seconds(100))).toBe(true);
    expect(control.now).toBe(12_000);
  });

  it('stands still while it is paused, and the pause costs no time afterwards', async () => {
    const control = new FakeControl();
    const pace = new Pace(control, 1, () => control.now);
    control.at(3_000, () => (control.paused = true));
    expect(await pace.due(seconds(10), seconds(0))).toBe(false);
    control.at(600_000, () => (control.paused = false));
    let told = 0;
    await pace.whilePaused(() => told++);
    expect([told, control.now]).toEqual([1, 600_000]);
    expect(await pace.due(seconds(10), seconds(4))).toBe(true);
    expect(control.now).toBe(606_000);
  });

  it('ends with engine.cancelled, also while it is paused', async () => {
    const control = new FakeControl();
    const stop = new AbortController();
    control.paused = true;
    control.at(5_000, () => stop.abort());
    const pace = new Pace(control, 1, () => control.now, stop.signal);
    await expect(pace.whilePaused(() => {})).rejects.toMatchObject({ code: 'engine.cancelled' });
  });
});
