/** A value as text that tells equal values from others, whole numbers of 64 bits among them. */
export function exactKey(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one));
}
