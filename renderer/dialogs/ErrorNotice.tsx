import type { ErrorRecord } from '../../engine/errors';

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
