import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { takeTurn } from '../app/turns';
import { textHeight, useEditorOptions } from './editor-options';
import './editor.css';
import { StaticText } from './StaticText';
import type { CellEditorProps } from './types';

const LiveEditor = lazy(() => import('./LiveEditor'));

/** Pixels beyond the visible part of the notebook in which editors are kept ready. */
const MARGIN = 400;

/**
 * A cell's text. On screen, or with the focus, it is a Monaco editor; elsewhere highlighted text of the same height.
 * Monaco itself is loaded after the first paint, and editors that nobody has asked for are made one by one.
 */
export function CellEditor(props: CellEditorProps) {
  const { cellId, name, language, value, autoFocus, onFocus, onBlur } = props;
  const { fontSize, wordWrap } = useEditorOptions();
  const frame = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [focused, setFocused] = useState(false);
  const [wanted, setWanted] = useState(false);
  const [measured, setMeasured] = useState<{ text: string; height: number } | null>(null);

  useEffect(() => {
    let callOff = () => {};
    const margins = { rootMargin: `${MARGIN}px`, scrollMargin: `${MARGIN}px` };
    const observer = new IntersectionObserver((entries) => {
      callOff();
      if (entries.at(-1)?.isIntersecting !== true) setNear(false);
      else callOff = takeTurn(() => setNear(true));
    }, margins);
    observer.observe(frame.current!);
    return () => {
      callOff();
      observer.disconnect();
    };
  }, [cellId]);

  const live = near || focused || wanted || autoFocus === true;
  // A wrapped text is as high as it was last measured; an unwrapped one is known from its lines alone.
  const height = wordWrap && measured !== null ? measured.height : textHeight(value, fontSize);
  const stand = (
    <StaticText
      text={value}
      language={language}
      label={`${name}, ${language} cell`}
      onWanted={() => setWanted(true)}
    />
  );

  return (
    <div ref={frame} className="cell-editor" data-cell-editor={name} style={{ height, fontSize }}>
      {live ? (
        <Suspense fallback={stand}>
          <LiveEditor
            {...props}
            autoFocus={autoFocus === true || wanted}
            onHeight={(next) => setMeasured({ text: value, height: next })}
            onFocus={() => {
              setFocused(true);
              onFocus?.();
            }}
            onBlur={() => {
              setFocused(false);
              setWanted(false);
              onBlur?.();
            }}
          />
        </Suspense>
      ) : (
        stand
      )}
    </div>
  );
}
