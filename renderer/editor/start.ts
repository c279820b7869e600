import { jsonSchemas } from './schemas';
import { registerProviders } from './providers';
import { followTheme } from './theme';
import { startYamlService } from './yaml-service';

let started = false;
let overflow: HTMLElement | null = null;

/** Starts everything that all editors share. Only the first call does anything. */
export function startEditors(): void {
  if (started) return;
  started = true;
  followTheme();
  startYamlService(jsonSchemas());
  registerProviders();
}

/** Where lists and hovers of all editors are drawn: outside the cells, which clip their content. */
export function overflowHost(): HTMLElement {
  if (overflow === null) {
    overflow = document.createElement('div');
    overflow.className = 'monaco-editor editor-overflow';
    document.body.append(overflow);
  }
  return overflow;
}
