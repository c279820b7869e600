import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP_MS, emptyStack, record, redo, undo, type UndoStack } from './undo-stack';

const action = fc.oneof(
  fc.record({
    do: fc.constant('edit' as const),
    text: fc.string(),
    group: fc.constantFrom(null, 'a', 'b'),
    wait: fc.nat(2000),
  }),
  fc.record({ do: fc.constant('undo' as const) }),
  fc.record({ do: fc.constant('redo' as const) }),
);

describe('undo stack', () => {
  it('goes all the way back and all the way forward, whatever was done', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(action, { maxLength: 60 }), (start, actions) => {
        let stack: UndoStack<string> = emptyStack();
        let state = start;
        let now = 0;
        for (const step of actions) {
          if (step.do === 'edit') {
            now += step.wait;
            stack = record(stack, {
              label: 'edit',
              before: state,
              after: step.text,
              group: step.group,
              at: now,
            });
            state = step.text;
            continue;
          }
          const result = step.do === 'undo' ? undo(stack) : redo(stack);
          if (result === null) continue;
          stack = result.stack;
          state = result.state;
        }
        for (let result = redo(stack); result !== null; result = redo(stack)) ({ stack, state } = result);
        const newest = state;
        for (let result = undo(stack); result !== null; result = undo(stack)) ({ stack, state } = result);
        expect(state).toBe(start);
        for (let result = redo(stack); result !== null; result = redo(stack)) ({ stack, state } = result);
        expect(state).toBe(newest);
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });

  it('takes typing without a pause as one command, and a pause or another cell as the next', () => {
    let stack: UndoStack<string> = emptyStack();
    stack = record(stack, { label: 'edit', before: '', after: 'a', group: 'x', at: 0 });
    stack = record(stack, { label: 'edit', before: 'a', after: 'ab', group: 'x', at: GROUP_MS });
    expect(stack.past).toHaveLength(1);
    stack = record(stack, { label: 'edit', before: 'ab', after: 'abc', group: 'x', at: GROUP_MS * 2 + 1 });
    stack = record(stack, { label: 'edit', before: 'abc', after: 'abcd', group: 'y', at: GROUP_MS * 2 + 2 });
    expect(stack.past).toHaveLength(3);
    expect(undo(stack)?.state).toBe('abc');
  });

  it('drops what was undone as soon as something new is done', () => {
    let stack: UndoStack<number> = emptyStack();
    stack = record(stack, { label: 'one', before: 0, after: 1, group: null, at: 0 });
    stack = undo(stack)?.stack ?? stack;
    stack = record(stack, { label: 'two', before: 0, after: 2, group: null, at: 1 });
    expect(redo(stack)).toBeNull();
    expect(undo(stack)?.state).toBe(0);
  });
});
