import { useState } from 'react';
import type { ListedConnection } from '../../electron/contract';

type PasswordState = ListedConnection['password'];

/** What a password field gives main on save: `keep` = the password that is there stays. */
export interface TypedPassword {
  text: string;
  keep: boolean;
}

/** A password that is being typed; one that is there already is kept until something is typed. */
export function useTypedPassword(state: PasswordState = 'none') {
  return useState<TypedPassword>({ text: '', keep: state !== 'none' });
}

/** What main stores: null = none, or the one that is there. */
export const givenPassword = ({ text, keep }: TypedPassword): string | null =>
  keep || text === '' ? null : text;

interface Props {
  label: string;
  testId: string;
  value: TypedPassword;
  onChange(value: TypedPassword): void;
  help?: string;
}

/** A password: sent to main on save and never shown again. */
export function PasswordField({ label, testId, value, onChange, help }: Props) {
  return (
    <label className="field">
      {label}
      <input
        className="input"
        type="password"
        autoComplete="off"
        data-testid={testId}
        placeholder={value.keep ? 'unchanged' : 'none'}
        value={value.text}
        onChange={(event) => onChange({ text: event.target.value, keep: false })}
      />
      {help !== undefined && <span className="help">{help}</span>}
    </label>
  );
}
