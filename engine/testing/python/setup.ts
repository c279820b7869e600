import type { TestProject } from 'vitest/node';
import { ensurePython, type PythonEnvironment } from './environment.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    python: PythonEnvironment;
  }
}

/** Finds or makes the Python environment once, before the first test. */
export default function setup(project: TestProject): void {
  project.provide('python', ensurePython());
}
