import { useEffect, useState } from 'react';
import { useAppStore } from '../store/context';

const DATA = /\.(parquet|csv|json|jsonl|ndjson)$/i;

/** Data files dropped anywhere on the window become source cells. */
export function DropTarget() {
  const store = useAppStore();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])].filter((file) => DATA.test(file.name));
      files.forEach((file) => void store.getState().workspace.adopt(file));
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [store]);
  if (!over) return null;
  return (
    <div className="drop-target" role="status">
      Drop Parquet, CSV or JSON files to make source cells
    </div>
  );
}
