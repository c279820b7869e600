import { monaco } from './monaco';
import type { EditorDiagnostic } from './types';

const OWNER = 'plumbline';
/** Findings that the YAML service reports too; where it does, its own mark is enough. */
const SHARED_CODES = new Set(['notebook.yaml', 'notebook.schema']);

const SEVERITY = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  info: monaco.MarkerSeverity.Info,
};

function toMarker(diagnostic: EditorDiagnostic): monaco.editor.IMarkerData {
  const { severity, message, hint, code } = diagnostic;
  return {
    severity: SEVERITY[severity],
    message: hint === undefined || message.includes(hint) ? message : `${message}\n${hint}`,
    source: code,
    startLineNumber: diagnostic.line,
    startColumn: diagnostic.column,
    endLineNumber: diagnostic.endLine,
    endColumn: Math.max(
      diagnostic.endColumn,
      diagnostic.endLine === diagnostic.line ? diagnostic.column + 1 : 1,
    ),
  };
}

/** Shows the findings as squiggles; one that the YAML service marks on the same line is left to it. */
export function showMarkers(model: monaco.editor.ITextModel, diagnostics: readonly EditorDiagnostic[]): void {
  const marked = new Set(
    monaco.editor
      .getModelMarkers({ resource: model.uri })
      .filter((marker) => marker.owner !== OWNER)
      .map((marker) => marker.startLineNumber),
  );
  const own = diagnostics.filter(({ code, line }) => !(SHARED_CODES.has(code ?? '') && marked.has(line)));
  monaco.editor.setModelMarkers(model, OWNER, own.map(toMarker));
}

/** Keeps the findings' squiggles in step with those of the YAML service; gives the function that ends it. */
export function followMarkers(
  model: monaco.editor.ITextModel,
  diagnostics: readonly EditorDiagnostic[],
): () => void {
  showMarkers(model, diagnostics);
  let lines = '';
  const listener = monaco.editor.onDidChangeMarkers((uris) => {
    if (!uris.some((uri) => uri.toString() === model.uri.toString())) return;
    const others = monaco.editor
      .getModelMarkers({ resource: model.uri })
      .filter(({ owner }) => owner !== OWNER);
    const now = others.map(({ startLineNumber }) => startLineNumber).join();
    if (now === lines) return;
    lines = now;
    showMarkers(model, diagnostics);
  });
  return () => listener.dispose();
}

/** The first finding of each line as text behind the line's end. */
export function messageDecorations(
  model: monaco.editor.ITextModel,
  diagnostics: readonly EditorDiagnostic[],
): monaco.editor.IModelDeltaDecoration[] {
  const byLine = new Map<number, EditorDiagnostic>();
  for (const diagnostic of diagnostics) {
    const line = Math.min(diagnostic.line, model.getLineCount());
    const known = byLine.get(line);
    if (known === undefined || (known.severity !== 'error' && diagnostic.severity === 'error'))
      byLine.set(line, diagnostic);
  }
  return [...byLine].map(([line, { message, severity, hint }]) => {
    const column = model.getLineMaxColumn(line);
    const words =
      hint !== undefined && /did you mean/i.test(hint) && !message.includes(hint)
        ? `${message}${/[.:;?!]$/.test(message) ? '' : ';'} ${hint}`
        : message;
    return {
      range: new monaco.Range(line, column, line, column),
      options: {
        showIfCollapsed: true,
        after: {
          content: '\u00a0\u00a0\u00a0' + words.replace(/\s+/g, ' '),
          inlineClassName: `editor-message editor-message-${severity}`,
          cursorStops: monaco.editor.InjectedTextCursorStops.None,
        },
      },
    };
  });
}
