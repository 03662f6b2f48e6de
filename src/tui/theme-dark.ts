/** The built-in dark theme, compiled in so that the first frame reads no file. `themes/dark.json` says the same, for people to copy. */

/** The accent is one blue; environments have their own hues, and always a word beside them. */
export const darkThemeSource = {
  comment: "signalbox's own, for a terminal with a dark background, which shows through.",
  name: 'dark',
  tokens: {
    text: { fg: 'default' },
    muted: { fg: '#9aa4ae' },
    border: { fg: '#4d5661' },
    focus: { fg: '#6cb6ff', bold: true },
    accent: { fg: '#6cb6ff' },
    ok: { fg: '#6bc46d' },
    warn: { fg: '#e0b050' },
    danger: { fg: '#ff857c', bold: true },
    production: { fg: '#ff7b72', bold: true },
    staging: { fg: '#e3b341' },
    development: { fg: '#56d4dd' },
    diffAdd: { fg: '#7ee787', bg: '#12261e' },
    diffRemove: { fg: '#ffa198', bg: '#2d1518' },
    diffHunk: { fg: '#a5b4fc' },
    selection: { bg: '#263752' },
    key: { fg: '#e6c07b', bold: true },
    title: { bold: true },
    code: { fg: '#c9b8ff' },
  },
} as const;
