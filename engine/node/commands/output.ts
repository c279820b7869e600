/** Where a command prints. Tests pass their own. */
export interface Output {
  /** Standard output. */
  line(text: string): void;
  /** Standard error. */
  problem(text: string): void;
  /** Called on Ctrl+C. */
  onInterrupt(stop: () => void): void;
}

export const consoleOutput: Output = {
  line: (text) => process.stdout.write(`${text}\n`),
  problem: (text) => process.stderr.write(`${text}\n`),
  onInterrupt: (stop) => process.once('SIGINT', stop),
};
