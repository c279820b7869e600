import { useEffect } from 'react';
import { useApp, useAppStore } from '../store/context';

interface Props {
  value: string;
  onChange(name: string): void;
}

/** One of the profile's Redis connections. A name that is not set up is shown, and marked as such. */
export function ConnectionSelect({ value, onChange }: Props) {
  const store = useAppStore();
  const list = useApp((state) => state.connections.list);
  useEffect(() => {
    // A failure shows when the connection is used.
    store
      .getState()
      .connections.refresh()
      .catch(() => undefined);
  }, [store]);
  const known = list.some(({ name }) => name === value);
  return (
    <label className="field">
      Redis
      <select
        className="select"
        data-testid="connection-select"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {!known && (
          <option value={value}>
            {value === '' ? 'choose one' : `${value} (not set up in this profile)`}
          </option>
        )}
        {list.map(({ name, host, port, db }) => (
          <option key={name} value={name}>
            {name}: {host}:{port}, database {db}
          </option>
        ))}
      </select>
    </label>
  );
}
