import type { ThemeColors } from './css-colors';

/** Colours for tests of specifications, where no style sheet is. */
export const TEST_COLORS: ThemeColors = {
  dark: false,
  bg: '#ffffff',
  panel: '#eeeeee',
  raise: '#ffffff',
  line: '#dddddd',
  ink: '#111111',
  dim: '#555555',
  faint: '#999999',
  accent: '#2f5fd0',
  accentBg: '#e8eefc',
  ok: '#2f7d4f',
  warn: '#a15c00',
  bad: '#b3261e',
  train: '#2f5fd0',
  serve: '#d9822b',
};
