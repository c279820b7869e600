import type { PlumblineError } from '../../engine/errors';
import { toPlumblineError } from '../../engine/errors';
import type { Clock } from './state';

/** Unsaved text is on disk as a backup this long after the last change (milliseconds). */
export const BACKUP_MS = 1_000;
/** With autosave on, the file itself follows this long after the last change (milliseconds). */
export const AUTOSAVE_MS = 4_000;

export type PersistenceState =
  | { kind: 'saved' }
  | { kind: 'edited' }
  | { kind: 'saving' }
  | { kind: 'failed'; error: PlumblineError }
  /** The file on disk is not the one that was read: only the user can decide. */
  | { kind: 'conflict' };

export interface PersistenceAdapter {
  save(text: string, expectedSha256: string | null, force: boolean): Promise<{ sha256: string }>;
  /** null drops the backup. */
  backup(text: string | null, baseSha256: string | null): Promise<void>;
  onState(state: PersistenceState): void;
  autosave(): boolean;
}

/**
 * Keeps one notebook's text on disk. `text()` gives the text as it would be saved. Never two saves at once; a change
 * during a save is saved after it; a save that fails leaves the backup where it is.
 */
export class Persistence {
  private savedText: string;
  private sha256: string | null;
  private saving: Promise<void> | null = null;
  private stopBackup: () => void = () => {};
  private stopAutosave: () => void = () => {};
  private hasBackup = false;
  private conflict = false;

  constructor(
    private readonly text: () => string,
    private readonly adapter: PersistenceAdapter,
    private readonly clock: Clock,
    base: { savedText: string; sha256: string | null },
  ) {
    this.savedText = base.savedText;
    this.sha256 = base.sha256;
  }

  get dirty(): boolean {
    return this.text() !== this.savedText;
  }

  /** Tells that the text may have changed. Undoing back to the saved text makes it saved again. */
  changed(): void {
    this.stopBackup();
    this.stopAutosave();
    if (this.conflict) return this.scheduleBackup();
    if (!this.dirty) {
      if (this.saving === null) this.adapter.onState({ kind: 'saved' });
      if (this.hasBackup) this.scheduleBackup();
      return;
    }
    this.adapter.onState({ kind: 'edited' });
    this.scheduleBackup();
    if (this.adapter.autosave()) this.stopAutosave = this.clock.after(AUTOSAVE_MS, () => void this.save());
  }

  /** The text came out of a backup of an earlier session: unsaved from the start, and on disk already. */
  restored(): void {
    this.hasBackup = true;
    this.changed();
  }

  /** Writes the backup at once; for a window that is about to close. */
  async flushBackup(): Promise<void> {
    this.stopBackup();
    const text = this.dirty ? this.text() : null;
    if (text === null && !this.hasBackup) return;
    // From here on there may be one: a save that ends before this call does must drop it.
    this.hasBackup = true;
    await this.adapter.backup(text, this.sha256);
    this.hasBackup = text !== null;
  }

  async save(options: { force?: boolean } = {}): Promise<void> {
    if (this.saving !== null) {
      await this.saving;
      if (!this.dirty) return;
    }
    if (this.conflict && options.force !== true) return this.adapter.onState({ kind: 'conflict' });
    const before = this.text();
    this.saving = this.write(options.force === true);
    await this.saving;
    this.saving = null;
    if (this.text() !== before) this.changed();
  }

  /** The file changed on disk. True when the user must choose because there are unsaved edits. */
  outsideChange(sha256: string | null): boolean {
    if (sha256 === this.sha256) return false;
    if (!this.dirty) return false;
    this.conflict = true;
    this.stopAutosave();
    this.adapter.onState({ kind: 'conflict' });
    return true;
  }

  knows(sha256: string | null): boolean {
    return sha256 === this.sha256;
  }

  /** The text on disk was taken over. */
  rebase(savedText: string, sha256: string): void {
    this.savedText = savedText;
    this.sha256 = sha256;
    this.conflict = false;
    this.changed();
  }

  stop(): void {
    this.stopBackup();
    this.stopAutosave();
  }

  private scheduleBackup(): void {
    this.stopBackup = this.clock.after(BACKUP_MS, () => void this.flushBackup().catch(() => undefined));
  }

  private async write(force: boolean): Promise<void> {
    this.stopAutosave();
    const text = this.text();
    this.adapter.onState({ kind: 'saving' });
    try {
      const { sha256 } = await this.adapter.save(text, this.sha256, force);
      this.sha256 = sha256;
      this.savedText = text;
      this.conflict = false;
      this.adapter.onState(this.dirty ? { kind: 'edited' } : { kind: 'saved' });
      if (!this.dirty) await this.flushBackup().catch(() => undefined);
    } catch (thrown) {
      const error = toPlumblineError(thrown);
      this.conflict = error.code === 'file.changed_outside';
      this.adapter.onState(this.conflict ? { kind: 'conflict' } : { kind: 'failed', error });
      // The error stays visible; what must not get lost is in the backup.
      await this.flushBackup().catch(() => undefined);
    }
  }
}
