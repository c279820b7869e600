import { describe, expect, it } from 'vitest';
import { PlumblineError } from '../../engine/errors';
import { AUTOSAVE_MS, BACKUP_MS, Persistence, type PersistenceState } from './persistence';
import { fakeClock } from './fake-clock';

function setUp(
  options: { autosave?: boolean; save?: () => Promise<void>; backup?: () => Promise<void> } = {},
) {
  const clock = fakeClock();
  const log: string[] = [];
  const states: PersistenceState['kind'][] = [];
  const notebook = { text: 'one' };
  let serial = 0;
  const persistence = new Persistence(
    () => notebook.text,
    {
      save: async (text, expected, force) => {
        await options.save?.();
        log.push(`save ${text} over ${expected}${force ? ' by force' : ''}`);
        return { sha256: `sha${++serial}` };
      },
      backup: async (text, base) => {
        log.push(`backup ${text} on ${base}`);
        await options.backup?.();
      },
      onState: (state) => states.push(state.kind),
      autosave: () => options.autosave ?? false,
    },
    clock,
    { savedText: 'one', sha256: 'sha0' },
  );
  const type = (text: string) => {
    notebook.text = text;
    persistence.changed();
  };
  return { clock, log, states, notebook, persistence, type };
}

describe('persistence', () => {
  it('backs the text up one second after the last change', async () => {
    const { clock, log, type } = setUp();
    type('two');
    await clock.advance(BACKUP_MS - 1);
    type('three');
    await clock.advance(BACKUP_MS - 1);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log).toEqual(['backup three on sha0']);
  });

  it('saves by itself with autosave, then drops the backup', async () => {
    const { clock, log, states, type } = setUp({ autosave: true });
    type('two');
    await clock.advance(AUTOSAVE_MS);
    expect(log).toEqual(['backup two on sha0', 'save two over sha0', 'backup null on sha1']);
    expect(states).toEqual(['edited', 'saving', 'saved']);
  });

  it('drops the backup of an earlier session when the restored text is saved at once', async () => {
    const { log, notebook, persistence } = setUp();
    notebook.text = 'two';
    persistence.restored();
    await persistence.save();
    expect(log).toEqual(['save two over sha0', 'backup null on sha1']);
  });

  it('drops a backup that is still being written when the save ends', async () => {
    let finish = () => {};
    const slow = new Promise<void>((resolve) => (finish = resolve));
    let calls = 0;
    const { clock, log, persistence, type } = setUp({
      backup: () => (calls++ === 0 ? slow : Promise.resolve()),
    });
    type('two');
    await clock.advance(BACKUP_MS);
    await persistence.save();
    finish();
    await slow;
    expect(log).toEqual(['backup two on sha0', 'save two over sha0', 'backup null on sha1']);
  });

  it('is saved again when the text is undone to what is on disk', async () => {
    const { clock, log, states, type, persistence } = setUp();
    type('two');
    await clock.advance(BACKUP_MS);
    type('one');
    expect(states.at(-1)).toBe('saved');
    expect(persistence.dirty).toBe(false);
    await clock.advance(BACKUP_MS);
    expect(log.at(-1)).toBe('backup null on sha0');
  });

  it('saves what was typed during a save after it', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { log, type, persistence } = setUp({ save: () => gate });
    type('two');
    const first = persistence.save();
    type('three');
    const second = persistence.save();
    release();
    await Promise.all([first, second]);
    expect(log.filter((line) => line.startsWith('save'))).toEqual([
      'save two over sha0',
      'save three over sha1',
    ]);
    expect(persistence.dirty).toBe(false);
  });

  it('keeps the backup and says why when a save fails', async () => {
    const { log, states, type, persistence } = setUp({
      save: () => Promise.reject(new PlumblineError('file.no_space', 'The disk is full.')),
    });
    type('two');
    await persistence.save();
    expect(states.at(-1)).toBe('failed');
    expect(log).toEqual(['backup two on sha0']);
  });

  it('asks when the file changed outside under unsaved edits, and saves by force only when told', async () => {
    const { log, states, type, persistence } = setUp();
    expect(persistence.outsideChange('other')).toBe(false);
    type('two');
    expect(persistence.outsideChange('other')).toBe(true);
    await persistence.save();
    expect(states.at(-1)).toBe('conflict');
    expect(log).toEqual([]);
    await persistence.save({ force: true });
    expect(log[0]).toBe('save two over sha0 by force');
    expect(states.at(-1)).toBe('saved');
  });
});
