import type { NotebookDocument } from '../../engine/notebook/document';
import { editYaml } from '../../engine/notebook/yaml-edit';
import type { CauseEdit } from '../../engine/skew/causes/attribution';
import type { SliceContext } from './slice';
import type { RunsSlice } from './state';

/** One cell's text after the edits; `line` is the first that is another one, counted from 1. */
export interface EditedCell {
  id: string;
  name: string;
  body: string;
  line: number;
}

/** What the edits make of the document's cells; null where one of them cannot be made here. */
export function editedCells(document: NotebookDocument, edits: readonly CauseEdit[]): EditedCell[] | null {
  const cells: EditedCell[] = [];
  for (const name of new Set(edits.map(({ cell }) => cell))) {
    const block = document.blocks.find((one) => one.type === 'cell' && one.name === name);
    if (block?.type !== 'cell') return null;
    const body = editYaml(
      block.body,
      edits.filter(({ cell }) => cell === name),
    );
    if (body === null) return null;
    cells.push({ id: block.id, name, body, line: firstDifference(block.body, body) });
  }
  return cells;
}

function firstDifference(before: string, after: string): number {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const at = now.findIndex((line, index) => line !== old[index]);
  return at < 0 ? now.length : at + 1;
}

/** One-click edits of definitions. */
export function causeEdits({ get, deps }: SliceContext): Pick<RunsSlice, 'applyCause'> {
  return {
    applyCause(cell, edits) {
      const { current, included } = get().document;
      if (current === null || current.readOnly)
        return deps.notify('error', 'The notebook is read-only.', 'Nothing was changed.');
      const cells = editedCells(current, edits);
      const [first] = cells ?? [];
      if (cells === null || first === undefined) {
        const names = edits.map((one) => one.cell);
        const elsewhere = included.find(({ blocks }) =>
          blocks.some((block) => block.type === 'cell' && names.includes(block.name)),
        );
        const hint =
          elsewhere === undefined
            ? 'Its layout leaves no certain place for the change: make it by hand.'
            : `It is defined in ${elsewhere.file}: make the change there.`;
        return deps.notify('error', `${names.join(', ')} cannot be changed from here.`, hint);
      }
      get().document.setBodies('apply cause', cells);
      get().analysis.flush();
      get().selection.goTo(first.name, first.line);
      const done = edits.map(({ label }) => label).join(', ');
      deps.notify('success', `${done} in ${first.name}.`, 'Undo takes it back.', {
        label: `Run ${cell} again`,
        run: () => void get().runs.run(cell),
      });
    },
  };
}
