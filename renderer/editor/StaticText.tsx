import { useEffect, useState } from 'react';
import { EDITOR_FONT, EDITOR_PADDING, lineHeight, useEditorOptions } from './editor-options';
import type { EditorLanguage } from './types';

/** Stands where an editor is not needed: the same text, colours and height, without the editor's cost. */
export function StaticText(props: {
  text: string;
  language: EditorLanguage;
  label: string;
  onWanted(): void;
}) {
  const { text, language, label, onWanted } = props;
  const { fontSize, wordWrap } = useEditorOptions();
  const [colored, setColored] = useState<{ text: string; html: string } | null>(null);

  useEffect(() => {
    let current = true;
    void import('./colorize').then(async ({ colorize }) => {
      const html = await colorize(text, language);
      if (current) setColored({ text, html });
    });
    return () => {
      current = false;
    };
  }, [text, language]);

  const style = {
    fontFamily: EDITOR_FONT,
    lineHeight: `${lineHeight(fontSize)}px`,
    padding: `${EDITOR_PADDING}px 0`,
    whiteSpace: wordWrap ? ('pre-wrap' as const) : ('pre' as const),
  };
  const shared = {
    className: 'cell-editor-static',
    style,
    role: 'textbox',
    'aria-label': label,
    'aria-multiline': true,
    tabIndex: 0,
    onFocus: onWanted,
    onPointerDown: onWanted,
  };
  // Monaco escapes the text before it wraps the tokens in spans.
  return colored?.text === text ? (
    <div {...shared} dangerouslySetInnerHTML={{ __html: colored.html }} />
  ) : (
    <div {...shared}>{text}</div>
  );
}
