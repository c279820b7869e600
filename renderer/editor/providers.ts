import { editorContext, sqlFunctions } from './editor-context';
import { hoverAt } from './hover';
import { monaco } from './monaco';
import { cellOf } from './models';
import { replacementFor } from './quick-fix';
import { formatSql } from './format-sql';
import { SQL_KEYWORDS } from './sql-keywords';
import {
  namesSomething,
  sqlSuggestions,
  yamlSuggestions,
  type Suggestion,
  type SuggestionKind,
} from './suggestions';
import { yamlPathAt } from './yaml-path';

const { CompletionItemKind } = monaco.languages;
const KINDS: Record<SuggestionKind, monaco.languages.CompletionItemKind> = {
  view: CompletionItemKind.Class,
  feature: CompletionItemKind.Property,
  source: CompletionItemKind.Struct,
  entity: CompletionItemKind.Interface,
  column: CompletionItemKind.Field,
  relation: CompletionItemKind.Module,
  query: CompletionItemKind.Module,
  connection: CompletionItemKind.Reference,
  file: CompletionItemKind.File,
  function: CompletionItemKind.Function,
};

function toItem(
  suggestion: Suggestion,
  position: monaco.Position,
  order: number,
): monaco.languages.CompletionItem {
  return {
    label: { label: suggestion.label, description: suggestion.detail.slice(0, 60) },
    kind: KINDS[suggestion.kind],
    documentation: { value: suggestion.documentation },
    insertText: suggestion.label,
    filterText: suggestion.label,
    sortText: `0${String(order).padStart(5, '0')}`,
    range: new monaco.Range(
      position.lineNumber,
      position.column - suggestion.replace,
      position.lineNumber,
      position.column,
    ),
  };
}

async function functionItems(
  word: string,
  position: monaco.Position,
): Promise<monaco.languages.CompletionItem[]> {
  if (word === '') return [];
  return (await sqlFunctions()).map((fn) => ({
    label: { label: fn.name, description: fn.signature.slice(0, 60) },
    kind: CompletionItemKind.Function,
    documentation: { value: fn.description },
    insertText: `${fn.name}($0)`,
    insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
    sortText: `2${fn.name}`,
    range: new monaco.Range(
      position.lineNumber,
      position.column - word.length,
      position.lineNumber,
      position.column,
    ),
  }));
}

const SQL_KEYS = new Set(['where', 'expression', 'sum', 'avg', 'min', 'max', 'last', 'of', 'over']);

const yamlCompletion: monaco.languages.CompletionItemProvider = {
  triggerCharacters: [' ', ':', '"', "'", '['],
  async provideCompletionItems(model, position) {
    const cell = cellOf(model);
    if (cell === null) return null;
    const text = model.getValue();
    const place = yamlPathAt(text, position.lineNumber, position.column);
    const key = place.keys.at(-1) ?? '';
    const context = editorContext();
    const word = /\w*$/.exec(place.before)![0];
    if (place.inValue && key === 'sql') {
      const before = model.getValueInRange(new monaco.Range(1, 1, position.lineNumber, position.column));
      if (namesSomething(before)) return null;
      const start = Math.max(0, before.search(/\bsql:/));
      const suggestions = sqlSuggestions(before.slice(start + 4), text.slice(start + 4), context);
      const items = suggestions.map((suggestion, order) => toItem(suggestion, position, order));
      return { suggestions: [...items, ...(await functionItems(word, position))] };
    }
    const items = yamlSuggestions(place, text, cell, context).map((suggestion, order) =>
      toItem(suggestion, position, order),
    );
    const functions =
      place.inValue && SQL_KEYS.has(key) && cell.kind === 'view' ? await functionItems(word, position) : [];
    return { suggestions: [...items, ...functions] };
  },
};

const sqlCompletion: monaco.languages.CompletionItemProvider = {
  triggerCharacters: ['.', ' '],
  async provideCompletionItems(model, position, trigger) {
    if (cellOf(model) === null) return null;
    const before = model.getValueInRange(new monaco.Range(1, 1, position.lineNumber, position.column));
    if (namesSomething(before)) return null;
    const context = editorContext();
    const suggestions = sqlSuggestions(before, model.getValue(), context);
    // A space opens the list only where a relation must follow; anywhere else it would be in the way.
    const afterFrom = /\b(from|join)\s+\w*$/i.test(before);
    if (trigger.triggerCharacter === ' ' && !afterFrom) return null;
    const items = suggestions.map((suggestion, order) => toItem(suggestion, position, order));
    const word = /\w*$/.exec(before)![0];
    if (word === '' || afterFrom || /\.\w*$/.test(before)) return { suggestions: items };
    const range = new monaco.Range(
      position.lineNumber,
      position.column - word.length,
      position.lineNumber,
      position.column,
    );
    const keywords = SQL_KEYWORDS.map((keyword) => ({
      label: keyword,
      kind: CompletionItemKind.Keyword,
      insertText: keyword,
      sortText: `1${keyword}`,
      range,
    }));
    return { suggestions: [...items, ...keywords, ...(await functionItems(word, position))] };
  },
};

const hover: monaco.languages.HoverProvider = {
  provideHover(model, position) {
    const cell = cellOf(model);
    if (cell === null) return null;
    const found = hoverAt(
      model.getValue(),
      model.getLineContent(position.lineNumber),
      position,
      cell,
      editorContext(),
    );
    if (found === null) return null;
    return {
      contents: [{ value: found.markdown }],
      range: new monaco.Range(position.lineNumber, found.column, position.lineNumber, found.endColumn),
    };
  },
};

const quickFix: monaco.languages.CodeActionProvider = {
  provideCodeActions(model, _range, { markers }) {
    const actions = markers.flatMap((marker): monaco.languages.CodeAction[] => {
      const replacement = replacementFor(marker.message, model.getValueInRange(marker));
      if (replacement === null) return [];
      return [
        {
          title: `Change to ${replacement}`,
          kind: 'quickfix',
          diagnostics: [marker],
          isPreferred: true,
          edit: {
            edits: [
              {
                resource: model.uri,
                versionId: model.getVersionId(),
                textEdit: { range: marker, text: replacement },
              },
            ],
          },
        },
      ];
    });
    return { actions, dispose: () => undefined };
  },
};

const sqlFormat: monaco.languages.DocumentFormattingEditProvider = {
  async provideDocumentFormattingEdits(model) {
    const text = await formatSql(model.getValue());
    return text === null ? [] : [{ range: model.getFullModelRange(), text }];
  },
};

/** Registers completion, hover, quick fixes and SQL formatting for cell models. Once per window. */
export function registerProviders(): void {
  const { languages } = monaco;
  languages.registerCompletionItemProvider('yaml', yamlCompletion);
  languages.registerCompletionItemProvider('sql', sqlCompletion);
  for (const language of ['yaml', 'sql']) {
    languages.registerHoverProvider(language, hover);
    languages.registerCodeActionProvider(language, quickFix);
  }
  languages.registerDocumentFormattingEditProvider('sql', sqlFormat);
}
