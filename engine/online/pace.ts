import type { OnProgress } from '../ports';

/** Tells how far a phase is, how fast it goes and how long it takes yet. */
export class Pace {
  private readonly started: number;

  constructor(
    private readonly phase: string,
    private readonly totalRows: number,
    private readonly onProgress: OnProgress | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.started = now();
  }

  /** `rows` done so far; `before`: those of them that an earlier run did. */
  tell(rows: number, before = 0): void {
    const { phase, totalRows } = this;
    const seconds = (this.now() - this.started) / 1000;
    const rate = seconds > 0 ? (rows - before) / seconds : 0;
    const paced = rate > 0 ? { rate, secondsLeft: (totalRows - rows) / rate } : {};
    this.onProgress?.({ phase, rows, totalRows, ...paced });
  }
}
