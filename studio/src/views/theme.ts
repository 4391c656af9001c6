export type Theme = 'dark' | 'light';

const KEY = 'emoeditor.studio.theme';

/** What was chosen last, else dark: photographs are judged on dark grey, as in Photoshop. */
export function firstTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' ? 'light' : 'dark';
}

export function currentTheme(): Theme {
  return document.documentElement.getAttribute('data-theme') === 'light' ? 'light' : 'dark';
}

export function setTheme(theme: Theme): void {
  document.documentElement.setAttribute('data-theme', theme);
}

export function switchTheme(): void {
  const next = currentTheme() === 'light' ? 'dark' : 'light';
  setTheme(next);
  localStorage.setItem(KEY, next);
}
