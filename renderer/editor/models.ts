import { difference } from './difference';
import { monaco } from './monaco';
import { onRetain } from './retain-models';
import type { EditorLanguage } from './types';

interface Cell {
  id: string;
  kind: string;
  name: string;
}

const models = new Map<string, monaco.editor.ITextModel>();
const cells = new Map<string, Cell>();
const viewStates = new Map<string, monaco.editor.ICodeEditorViewState>();
const EXTENSION: Record<EditorLanguage, string> = { yaml: 'yaml', sql: 'sql', markdown: 'md' };

/** `plumbline://cell/view/c12.yaml`: the kind is in the path because YAML schemas are matched by it. */
export function modelUri(cellId: string, language: EditorLanguage, kind: string): string {
  const folder = kind === '' ? 'text' : encodeURIComponent(kind);
  return `plumbline://cell/${folder}/${encodeURIComponent(cellId)}.${EXTENSION[language]}`;
}

/** The cell's text as Monaco holds it, with its undo history. Made at the first call, and again when the kind changes. */
export function modelFor(
  cellId: string,
  language: EditorLanguage,
  kind: string,
  value: string,
): monaco.editor.ITextModel {
  const uri = monaco.Uri.parse(modelUri(cellId, language, kind));
  const known = models.get(cellId);
  if (known !== undefined && !known.isDisposed() && known.uri.toString() === uri.toString()) return known;
  known?.dispose();
  const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(value, language, uri);
  model.updateOptions({ tabSize: 2, insertSpaces: true });
  model.setEOL(monaco.editor.EndOfLineSequence.LF);
  models.set(cellId, model);
  return model;
}

/** Which cell a model belongs to; null for a model that is not a cell's. */
export function cellOf(model: monaco.editor.ITextModel): Cell | null {
  return cells.get(model.uri.toString()) ?? null;
}

export function nameModel(model: monaco.editor.ITextModel, cell: Cell): void {
  cells.set(model.uri.toString(), cell);
}

/** Drops the models, and with them the text undo, of cells that left the document. */
function retain(keep: ReadonlySet<string>): void {
  for (const [id, model] of models) {
    if (keep.has(id)) continue;
    cells.delete(model.uri.toString());
    viewStates.delete(id);
    model.dispose();
    models.delete(id);
  }
}

/**
 * Gives the model a text that came from outside (undo over cells, reload) by replacing only what differs, so that
 * cursors and undo history survive.
 */
export function replaceText(model: monaco.editor.ITextModel, value: string): void {
  const before = model.getValue();
  if (before === value) return;
  const { start, end, text } = difference(before, value);
  const range = monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end));
  model.pushStackElement();
  model.pushEditOperations(null, [{ range, text }], () => null);
  model.pushStackElement();
}

/** Cursor, selection and folding of an editor that leaves the screen, for when it comes back. */
export function keepViewState(cellId: string, state: monaco.editor.ICodeEditorViewState | null): void {
  if (state !== null) viewStates.set(cellId, state);
}

export function keptViewState(cellId: string): monaco.editor.ICodeEditorViewState | null {
  return viewStates.get(cellId) ?? null;
}

onRetain(retain);
