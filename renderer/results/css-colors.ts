import { useSyncExternalStore } from 'react';

/** The theme's colours as `#rrggbb`, for what cannot read CSS variables: Monaco and Vega. */
export interface ThemeColors {
  dark: boolean;
  bg: string;
  panel: string;
  raise: string;
  line: string;
  ink: string;
  dim: string;
  faint: string;
  accent: string;
  accentBg: string;
  ok: string;
  warn: string;
  bad: string;
  train: string;
  serve: string;
}

const VARIABLES: Record<Exclude<keyof ThemeColors, 'dark'>, [variable: string, light: string]> = {
  bg: ['--bg', '#fbfbfa'],
  panel: ['--panel', '#f4f4f2'],
  raise: ['--raise', '#ffffff'],
  line: ['--line', '#e2e1dd'],
  ink: ['--ink', '#1f2328'],
  dim: ['--dim', '#6a6f76'],
  faint: ['--faint', '#9aa0a6'],
  accent: ['--accent', '#2f5fd0'],
  accentBg: ['--accent-bg', '#e8eefc'],
  ok: ['--ok', '#2f7d4f'],
  warn: ['--warn', '#a15c00'],
  bad: ['--bad', '#b3261e'],
  train: ['--train', '#2f5fd0'],
  serve: ['--serve', '#d9822b'],
};

/** A CSS colour in any notation that browsers resolve to `rgb(...)`, as `#rrggbb`; null for anything else. */
export function toHex(color: string): string | null {
  const text = color.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(text)) return text;
  if (/^#[0-9a-f]{3}$/.test(text)) return '#' + [...text.slice(1)].map((digit) => digit + digit).join('');
  const parts = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(text);
  if (parts === null) return null;
  return (
    '#' +
    parts
      .slice(1, 4)
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('')
  );
}

/** How dark a colour is to the eye, 0 to 1 (ITU-R BT.601 luma). */
function luma(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return (0.299 * red! + 0.587 * green! + 0.114 * blue!) / 255;
}

function readColors(): ThemeColors {
  const style = getComputedStyle(document.documentElement);
  const read = ([variable, fallback]: [string, string]) =>
    toHex(style.getPropertyValue(variable)) ?? fallback;
  const colors = Object.fromEntries(
    Object.entries(VARIABLES).map(([key, source]) => [key, read(source)]),
  ) as Omit<ThemeColors, 'dark'>;
  return { ...colors, dark: luma(colors.bg) < 0.5 };
}

let current: ThemeColors | null = null;
const listeners = new Set<() => void>();

function refresh() {
  const next = readColors();
  if (current !== null && JSON.stringify(next) === JSON.stringify(current)) return;
  current = next;
  for (const listener of listeners) listener();
}

let watching = false;
function watch() {
  if (watching) return;
  watching = true;
  new MutationObserver(refresh).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class', 'style'],
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refresh);
}

/** Calls back whenever the theme changes; gives the function that ends it. */
export function onThemeColors(listener: () => void): () => void {
  watch();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function themeColors(): ThemeColors {
  current ??= readColors();
  return current;
}

export function useThemeColors(): ThemeColors {
  return useSyncExternalStore(onThemeColors, themeColors);
}
