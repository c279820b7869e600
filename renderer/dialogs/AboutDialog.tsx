import { useApp } from '../store/context';
import { DialogFrame } from './DialogFrame';

export function AboutDialog() {
  const version = useApp((state) => state.workspace.version);
  const engine = useApp((state) => state.engine.version);
  return (
    <DialogFrame title="About Plumbline" testId="dialog-about">
      <div>
        Plumbline {version}
        <div className="dim">
          DuckDB-WASM {engine === '' ? 'not started' : engine}. Everything runs on this machine; nothing is
          sent anywhere.
        </div>
      </div>
    </DialogFrame>
  );
}
