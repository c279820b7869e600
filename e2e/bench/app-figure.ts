/** One measured figure; `value` and `goal` in milliseconds, the goal is not to be exceeded. */
export interface AppFigure {
  figure: string;
  value: number;
  goal: number | null;
}
