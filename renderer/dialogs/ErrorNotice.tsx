import type { ErrorRecord } from '../../engine/errors';

/** For work that needs the engine before it is there. */
export const ENGINE_STARTING: ErrorRecord = {
  code: 'engine.start_failed',
  message: 'The engine is not ready yet.',
  hint: 'Try again in a moment.',
};

/** What went wrong and the way out; nothing for null. */
export function ErrorNotice({ error }: { error: ErrorRecord | null }) {
  if (error === null) return null;
  return (
    <div className="notice" role="alert">
      <span>
        {error.message} {error.hint !== undefined && <span className="dim">{error.hint}</span>}{' '}
        <span className="faint code">{error.code}</span>
      </span>
    </div>
  );
}
