import { monaco } from './monaco';
import { startEditors } from './start';
import type { EditorLanguage } from './types';

/** The text as HTML with token colours, escaped by Monaco. */
export async function colorize(text: string, language: EditorLanguage): Promise<string> {
  startEditors();
  return monaco.editor.colorize(text, language, { tabSize: 2 });
}
