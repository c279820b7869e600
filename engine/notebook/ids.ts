let counter = 0;

/** A block id that no other block of this process has. */
export function freshId(): string {
  counter += 1;
  return `block-${counter}`;
}
