/**
 * Key chords in text: `Mod+Shift+P`, `Shift+Enter`, `?`, and sequences such as `d d`. `Mod` is Command on macOS and
 * Control elsewhere. A letter is matched by the character that the layout gives, so that chords follow the keyboard.
 */

export interface KeyStroke {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const NAMED: Record<string, string> = {
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Escape: 'Esc',
};

const MODIFIER_KEYS = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock']);

/** One stroke in the chord notation; null while only a modifier is down. */
export function strokeText(stroke: KeyStroke, mac: boolean): string | null {
  if (MODIFIER_KEYS.has(stroke.key)) return null;
  const key = NAMED[stroke.key] ?? (stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key);
  const parts: string[] = [];
  if (mac ? stroke.metaKey : stroke.ctrlKey) parts.push('Mod');
  if (mac ? stroke.ctrlKey : stroke.metaKey) parts.push(mac ? 'Ctrl' : 'Meta');
  if (stroke.altKey) parts.push('Alt');
  // A sign such as `?` already says that Shift is down; the layout decides which key that is.
  const sign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  if (stroke.shiftKey && !sign) parts.push('Shift');
  return [...parts, key].join('+');
}

const ORDER = ['Mod', 'Ctrl', 'Meta', 'Alt', 'Shift'];

/** One spelling for a chord: modifiers in order, letters in capitals. */
export function normalizeChord(chord: string): string {
  return chord
    .trim()
    .split(/\s+/)
    .map((stroke) => {
      const parts = stroke === '+' ? ['+'] : stroke.split('+');
      const last = parts.pop() ?? '';
      const modifiers = ORDER.filter((name) =>
        parts.some((part) => part.toLowerCase() === name.toLowerCase()),
      );
      return [...modifiers, last.length === 1 ? last.toUpperCase() : last].join('+');
    })
    .join(' ');
}

const MAC_SIGNS: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' };

/** A chord as people read it on their keyboard. */
export function chordLabel(chord: string, mac: boolean): string {
  return chord
    .split(' ')
    .map((stroke) =>
      stroke
        .split('+')
        .map((part) => (mac ? (MAC_SIGNS[part] ?? part) : part === 'Mod' ? 'Ctrl' : part))
        .join(mac ? '' : '+'),
    )
    .join(' ');
}
