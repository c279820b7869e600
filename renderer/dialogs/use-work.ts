import { useEffect, useRef, useState } from 'react';
import { toErrorRecord, type ErrorRecord } from '../../engine/errors';
import type { Progress } from '../../engine/ports';
import { formatCount } from '../app/format';
import { useAppStore } from '../store/context';
import type { EngineSession, LongWork } from '../store/session';
import { ENGINE_STARTING } from './ErrorNotice';

export const progressText = ({ phase, rows, totalRows }: Progress): string =>
  rows === undefined
    ? phase
    : `${phase}: ${formatCount(rows)}${totalRows === undefined ? '' : ` of ${formatCount(totalRows)}`}`;

/** One piece of long work at a time: how far it is, how it failed, and the way to stop it. A dialog that closes ends it. */
export function useWork() {
  const store = useAppStore();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<ErrorRecord | null>(null);
  const [stopped, setStopped] = useState(false);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const start = async (work: (session: EngineSession, options: LongWork) => Promise<void>) => {
    const { session } = store.getState().engine;
    if (session === null) return setProblem(ENGINE_STARTING);
    const own = new AbortController();
    controller.current = own;
    setProblem(null);
    setStopped(false);
    setProgress({ phase: 'starting' });
    try {
      await work(session, { signal: own.signal, onProgress: setProgress });
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      if (error.code === 'engine.cancelled') setStopped(true);
      else setProblem(error);
    } finally {
      setProgress(null);
    }
  };
  return { progress, problem, stopped, start, stop: () => controller.current?.abort() };
}
