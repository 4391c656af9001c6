/** Photoshop's four colour themes (Preferences › Interface), the darkest first. */
export const THEMES = ['darkest', 'dark', 'light', 'lightest'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'emoeditor.studio.theme';
const isTheme = (text: string | null): text is Theme => THEMES.some((theme) => theme === text);

/** What was chosen last, else dark: photographs are judged on dark grey, as in Photoshop. */
export function firstTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return isTheme(stored) ? stored : 'dark';
}

export function currentTheme(): Theme {
  const shown = document.documentElement.getAttribute('data-theme');
  return isTheme(shown) ? shown : 'dark';
}

export function setTheme(theme: Theme): void {
  document.documentElement.setAttribute('data-theme', theme);
}

/** The next one of the four. */
export function switchTheme(): void {
  const next = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length] ?? 'dark';
  setTheme(next);
  localStorage.setItem(KEY, next);
}
