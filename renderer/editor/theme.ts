import { onThemeColors, themeColors, type ThemeColors } from '../results/css-colors';
import { monaco } from './monaco';

/** A Monaco theme from the app's colours: names blue, text green, comments faint, as in the rest of the app. */
export function monacoTheme(colors: ThemeColors): monaco.editor.IStandaloneThemeData {
  const token = (name: string, color: string, fontStyle?: string) => ({
    token: name,
    foreground: color.slice(1),
    ...(fontStyle === undefined ? {} : { fontStyle }),
  });
  return {
    base: colors.dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      token('', colors.ink),
      token('type', colors.accent),
      token('keyword', colors.accent),
      token('predefined', colors.accent),
      token('operator', colors.ink),
      token('delimiter', colors.ink),
      token('string', colors.ok),
      token('string.yaml', colors.ink),
      token('string.sql', colors.ok),
      token('predefined.sql', colors.ink),
      token('operator.sql', colors.dim),
      token('string.escape', colors.ok),
      token('number', colors.ink),
      token('comment', colors.faint),
      token('tag', colors.dim),
      token('namespace', colors.dim),
    ],
    colors: {
      'editor.background': colors.raise,
      'editor.foreground': colors.ink,
      'editor.lineHighlightBackground': colors.raise,
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': colors.dark ? '#2d4270' : '#cfdcfa',
      'editor.inactiveSelectionBackground': colors.accentBg,
      'editorCursor.foreground': colors.accent,
      'editorIndentGuide.background1': colors.line,
      'editorIndentGuide.activeBackground1': colors.faint,
      'editorBracketHighlight.foreground1': colors.dim,
      'editorBracketHighlight.foreground2': colors.dim,
      'editorBracketHighlight.foreground3': colors.dim,
      'editorWidget.background': colors.panel,
      'editorWidget.border': colors.line,
      'editorWidget.foreground': colors.ink,
      'editorSuggestWidget.background': colors.raise,
      'editorSuggestWidget.border': colors.line,
      'editorSuggestWidget.foreground': colors.ink,
      'editorSuggestWidget.selectedBackground': colors.accentBg,
      'editorSuggestWidget.selectedForeground': colors.ink,
      'editorSuggestWidget.highlightForeground': colors.accent,
      'editorSuggestWidget.focusHighlightForeground': colors.accent,
      'editorHoverWidget.background': colors.raise,
      'editorHoverWidget.border': colors.line,
      'editorHoverWidget.foreground': colors.ink,
      'editorError.foreground': colors.bad,
      'editorWarning.foreground': colors.warn,
      'editorInfo.foreground': colors.accent,
      'input.background': colors.raise,
      'input.foreground': colors.ink,
      'input.border': colors.line,
      focusBorder: colors.accent,
      'list.activeSelectionBackground': colors.accentBg,
      'list.activeSelectionForeground': colors.ink,
      'list.hoverBackground': colors.panel,
      'menu.background': colors.raise,
      'menu.foreground': colors.ink,
      'widget.shadow': '#00000022',
    },
  };
}

/** Keeps Monaco's theme equal to the app's. Monaco has one theme for all editors. */
export function followTheme(): void {
  const apply = () => {
    const colors = themeColors();
    const name = colors.dark ? 'plumbline-dark' : 'plumbline-light';
    monaco.editor.defineTheme(name, monacoTheme(colors));
    monaco.editor.setTheme(name);
  };
  apply();
  onThemeColors(apply);
}
