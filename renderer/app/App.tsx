import { useEffect, useState } from 'react';
import { Toaster } from 'sonner';
import { Dialogs } from '../dialogs/Dialogs';
import { Palette } from '../palette/Palette';
import { useApp } from '../store/context';
import { DropTarget } from './DropTarget';
import { EditorLink } from './EditorLink';
import { Keys } from './Keys';
import { Layout } from './Layout';
import { StatusBar } from './StatusBar';
import { TitleBar } from './TitleBar';

/** `system` follows the desktop; the result is on the root element, where the CSS variables look. */
function useTheme(): 'light' | 'dark' {
  const wanted = useApp((state) => state.settings.values.theme);
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  const theme = wanted === 'system' ? (dark ? 'dark' : 'light') : wanted;
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return theme;
}

export function App() {
  const theme = useTheme();
  const fontSize = useApp((state) => state.settings.values.fontSize);
  useEffect(() => {
    document.documentElement.style.setProperty('--code-size', `${fontSize}px`);
  }, [fontSize]);
  return (
    <>
      <div className="app">
        <TitleBar />
        <Layout />
        <StatusBar />
      </div>
      <Keys />
      <EditorLink />
      <DropTarget />
      <Palette />
      <Dialogs />
      <Toaster theme={theme} position="bottom-right" offset={{ bottom: 40, right: 16 }} closeButton />
    </>
  );
}
