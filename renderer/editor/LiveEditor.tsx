import { useEffect, useEffectEvent, useRef } from 'react';
import { EDITOR_FONT, EDITOR_PADDING, lineHeight, textHeight, useEditorOptions } from './editor-options';
import { offerFormat } from './formatters';
import { bindKeys } from './keys';
import { followMarkers, messageDecorations } from './markers';
import { keepViewState, keptViewState, modelFor, nameModel, replaceText } from './models';
import { monaco } from './monaco';
import { overflowHost, startEditors } from './start';
import type { CellEditorProps } from './types';

const FIXED_OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  accessibilitySupport: 'auto',
  automaticLayout: true,
  bracketPairColorization: { enabled: false },
  contextmenu: true,
  fixedOverflowWidgets: true,
  folding: false,
  glyphMargin: false,
  guides: { indentation: false },
  hideCursorInOverviewRuler: true,
  lineDecorationsWidth: 0,
  lineNumbers: 'off',
  lineNumbersMinChars: 0,
  minimap: { enabled: false },
  occurrencesHighlight: 'singleFile',
  overviewRulerBorder: false,
  overviewRulerLanes: 0,
  padding: { top: EDITOR_PADDING, bottom: EDITOR_PADDING },
  quickSuggestions: { other: true, strings: true, comments: false },
  renderLineHighlight: 'none',
  scrollBeyondLastLine: false,
  scrollBeyondLastColumn: 2,
  scrollbar: {
    alwaysConsumeMouseWheel: false,
    horizontalScrollbarSize: 8,
    ignoreHorizontalScrollbarInContentHeight: true,
    useShadows: false,
    vertical: 'hidden',
  },
  stickyScroll: { enabled: false },
  suggest: { showWords: false },
  unicodeHighlight: { ambiguousCharacters: false },
  wordBasedSuggestions: 'off',
};

/** A real Monaco editor over the cell's model, as high as its text. */
export default function LiveEditor(props: CellEditorProps & { onHeight(height: number): void }) {
  const { cellId, name, language, kind, value, diagnostics, autoFocus, readOnly, caret } = props;
  const { fontSize, wordWrap } = useEditorOptions();
  const host = useRef<HTMLDivElement>(null);
  const editorRef = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const applying = useRef(false);

  const onHeight = useEffectEvent((height: number) => props.onHeight(height));
  const onCommand = useEffectEvent<CellEditorProps['onCommand']>((command, text) =>
    props.onCommand(command, text),
  );
  const onFocus = useEffectEvent(() => props.onFocus?.());
  const onBlur = useEffectEvent(() => props.onBlur?.());
  const onText = useEffectEvent((text: string) => {
    if (!applying.current && text !== props.value) props.onChange(text);
  });
  const firstValue = useEffectEvent(() => value);
  const appearance = useEffectEvent(() => ({
    ariaLabel: `${name}, ${language} cell`,
    readOnly: readOnly ?? false,
    fontSize,
    lineHeight: lineHeight(fontSize),
    wordWrap: wordWrap ? ('on' as const) : ('off' as const),
  }));

  useEffect(() => {
    startEditors();
    const model = modelFor(cellId, language, kind, firstValue());
    replaceText(model, firstValue());
    const editor = monaco.editor.create(host.current!, {
      ...FIXED_OPTIONS,
      ...appearance(),
      fontFamily: EDITOR_FONT,
      model,
      overflowWidgetsDomNode: overflowHost(),
    });
    editorRef.current = editor;
    const state = keptViewState(cellId);
    if (state !== null) editor.restoreViewState(state);
    const grow = () => onHeight(editor.getContentHeight());
    grow();
    editor.onDidContentSizeChange(grow);
    editor.onDidChangeModelContent(() => onText(model.getValue()));
    editor.onDidFocusEditorWidget(() => onFocus());
    editor.onDidBlurEditorWidget(() => onBlur());
    bindKeys(editor, (command, text) => onCommand(command, text));
    const withdraw = offerFormat(cellId, () => void editor.getAction('editor.action.formatDocument')?.run());
    return () => {
      withdraw();
      keepViewState(cellId, editor.saveViewState());
      editorRef.current = null;
      editor.dispose();
    };
  }, [cellId, language, kind]);

  useEffect(() => {
    const model = editorRef.current?.getModel();
    if (model) nameModel(model, { id: cellId, kind, name });
    editorRef.current?.updateOptions(appearance());
  }, [cellId, kind, language, name, readOnly, fontSize, wordWrap]);

  useEffect(() => {
    const model = editorRef.current?.getModel();
    if (!model) return;
    applying.current = true;
    replaceText(model, value);
    applying.current = false;
  }, [value]);

  useEffect(() => {
    const editor = editorRef.current;
    const model = editor?.getModel();
    if (!editor || !model) return;
    const found = diagnostics ?? [];
    const messages = editor.createDecorationsCollection(messageDecorations(model, found));
    const stop = followMarkers(model, found);
    return () => {
      stop();
      messages.clear();
    };
  }, [cellId, language, kind, diagnostics]);

  useEffect(() => {
    if (autoFocus) editorRef.current?.focus();
  }, [autoFocus]);

  useEffect(() => {
    const editor = editorRef.current;
    if (!caret || !editor) return;
    const position = { lineNumber: caret.line, column: caret.column };
    editor.setPosition(position);
    editor.revealPosition(position);
    editor.focus();
  }, [caret]);

  return <div ref={host} className="cell-editor-live" style={{ minHeight: textHeight('', fontSize) }} />;
}
