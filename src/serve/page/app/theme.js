// @ts-check
// Light or dark: the system's choice until the switch says otherwise. Only this word is remembered.

import { t } from './messages.js';

const KEY = 'cuibono.theme';
const ORDER = ['auto', 'light', 'dark'];

function stored() {
  try { return localStorage.getItem(KEY) ?? 'auto'; } catch { return 'auto'; }
}

/** @param {HTMLElement} button */
export function themeSwitch(button) {
  let theme = ORDER.includes(stored()) ? stored() : 'auto';
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = { auto: '◐', light: '☀', dark: '☾' }[theme] ?? '';
    const label = t('theme.now', { theme: t(`theme.${theme}`) });
    button.setAttribute('aria-label', label);
    button.title = label;
  };
  button.addEventListener('click', () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    try { localStorage.setItem(KEY, theme); } catch { /* private windows may forbid it */ }
    apply();
  });
  apply();
}
