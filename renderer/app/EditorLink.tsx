import { useEffect } from 'react';
import { setEditorContext } from '../editor/editor-context';
import { setEditorOptions } from '../editor/editor-options';
import { retainModels } from '../editor/retain-models';
import { sqlFunctionsOf } from './sql-functions';
import { useApp, useAppStore } from '../store/context';

/** Keeps the editors' knowledge at the state of the store. Draws nothing. */
export function EditorLink() {
  const catalog = useApp((state) => state.analysis.shown);
  const sources = useApp((state) => state.analysis.sourceColumns);
  const runs = useApp((state) => state.runs.byCell);
  const connections = useApp((state) => state.connections.list);
  const files = useApp((state) => state.workspace.info?.dataFiles);
  const session = useApp((state) => state.engine.session);
  const store = useAppStore();
  const file = useApp((state) => state.document.current?.file);
  const fontSize = useApp((state) => state.settings.values.fontSize);
  const wordWrap = useApp((state) => state.settings.values.wordWrap);

  useEffect(() => {
    if (catalog === null) return;
    const columns = new Map(sources);
    for (const [name, { run }] of Object.entries(runs))
      if (run !== null && run.columns.length > 0 && run.relation !== null) columns.set(name, run.columns);
    setEditorContext({
      catalog,
      columns,
      redis: connections.map((connection) => connection.name),
      files: (files ?? []).map((file) => file.path),
      ...(session === null ? {} : { functions: sqlFunctionsOf(session) }),
    });
  }, [catalog, sources, runs, connections, files, session]);

  useEffect(() => setEditorOptions({ fontSize, wordWrap }), [fontSize, wordWrap]);

  useEffect(() => {
    // A deleted cell can come back by undo, so models are dropped when another notebook is opened.
    retainModels(store.getState().document.current?.blocks.map((block) => block.id) ?? []);
  }, [file, store]);
  return null;
}
