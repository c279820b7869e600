import { describe, expect, it } from 'vitest';
import { chordLabel, normalizeChord, strokeText } from './chord';
import { COMMANDS, chordsOf, keymap } from './registry';

describe('command registry', () => {
  it('gives every command one id and a title', () => {
    expect(new Set(COMMANDS.map((command) => command.id)).size).toBe(COMMANDS.length);
    for (const command of COMMANDS) expect(command.title.trim()).not.toBe('');
  });

  it('gives no chord to two commands that can hear it at once', () => {
    const seen = new Map<string, string>();
    for (const command of COMMANDS)
      for (const chord of chordsOf(command, {})) {
        // Global chords count in command mode too, so one namespace holds all.
        expect(`${chord}: ${seen.get(chord) ?? command.id}`).toBe(`${chord}: ${command.id}`);
        seen.set(chord, command.id);
      }
  });

  it('has no chord that begins another one, else the longer could not be typed', () => {
    const chords = COMMANDS.flatMap((command) => chordsOf(command, {}));
    for (const chord of chords) expect(chords.filter((other) => other.startsWith(`${chord} `))).toEqual([]);
  });

  it('keeps Ctrl+Alt off letters and signs, which AltGr layouts need', () => {
    const chords = COMMANDS.flatMap((command) => chordsOf(command, {}));
    expect(chords.filter((chord) => /Mod\+Alt/.test(chord))).toEqual([]);
  });

  it('lets a user rebind and unbind', () => {
    const maps = keymap({ 'notebook.save': 'Mod+Shift+S', 'run.stale': '', 'run.all': 'F9' });
    expect(maps.global.get('Mod+S')).toBeUndefined();
    expect(maps.global.get('Mod+Shift+S')?.id).toBe('notebook.save');
    expect(maps.global.get('F9')?.id).toBe('run.all');
  });

  it('prefers a user chord over a default', () => {
    expect(keymap({ 'view.problems': 'Mod+S' }).global.get('Mod+S')?.id).toBe('view.problems');
  });
});

describe('chords', () => {
  const stroke = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  it('reads keys as they are written', () => {
    expect(strokeText({ ...stroke, key: 'P', ctrlKey: true, shiftKey: true }, false)).toBe('Mod+Shift+P');
    expect(strokeText({ ...stroke, key: 'p', metaKey: true }, true)).toBe('Mod+P');
    expect(strokeText({ ...stroke, key: '?', shiftKey: true }, false)).toBe('?');
    expect(strokeText({ ...stroke, key: 'ArrowUp', altKey: true }, false)).toBe('Alt+Up');
    expect(strokeText({ ...stroke, key: 'Shift', shiftKey: true }, false)).toBeNull();
  });

  it('writes a chord one way and shows it as on the keyboard', () => {
    expect(normalizeChord('shift+mod+p')).toBe('Mod+Shift+P');
    expect(normalizeChord('d d')).toBe('D D');
    expect(chordLabel('Mod+Shift+P', false)).toBe('Ctrl+Shift+P');
    expect(chordLabel('Mod+Shift+P', true)).toBe('⌘⇧P');
  });
});
