let release: ((cellIds: ReadonlySet<string>) => void) | null = null;

/** Where the models live registers itself here, so that calling `retainModels` does not load Monaco. */
export function onRetain(callback: (cellIds: ReadonlySet<string>) => void): void {
  release = callback;
}

/** Call with the ids of all blocks after one was removed for good: other cells' models and text undo are dropped. */
export function retainModels(cellIds: Iterable<string>): void {
  release?.(new Set(cellIds));
}
