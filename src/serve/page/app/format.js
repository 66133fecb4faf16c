// @ts-check
// Shares, days, names of kinds: how facts become words.

import { LOCALE, has, t } from './messages.js';

/** @typedef {import('./types.js').Range} Range */

const number = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const DAY = 86_400_000;

/** @param {number} value */
export function count(value) {
  return number.format(value);
}

/** What is not known is said so, and never becomes 0 or nothing. @param {Range|null|undefined} range */
export function share(range) {
  if (!range || typeof range.min !== 'number' || typeof range.max !== 'number') return '–';
  const { min, max } = range;
  if (min <= 0 && max >= 100) return t('share.unknown');
  if (min === max) return t('share.exact', { n: number.format(min) });
  if (min <= 0) return t(range.max_open ? 'share.below' : 'share.upto', { n: number.format(max) });
  if (max >= 100 && range.min_open) return t('share.above', { n: number.format(min) });
  return t('share.range', { min: number.format(min), max: number.format(max) });
}

/** @param {string} text a day as YYYY-MM-DD; months and years stay as they are */
export function date(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? day.format(new Date(`${text}T00:00:00Z`)) : text;
}

/** A day that is known, or the days between which it must lie. @param {any} span */
export function span(span) {
  if (!span) return '';
  if (typeof span === 'string') return date(span);
  const { not_before: from, not_after: to } = span;
  if (from && to) return t('date.between', { from: date(from), to: date(to) });
  if (from) return t('date.notBefore', { from: date(from) });
  return to ? t('date.notAfter', { to: date(to) }) : '';
}

/** @param {string} text */
export function toNumber(text) {
  return Math.round(Date.parse(`${text}T00:00:00Z`) / DAY);
}

/** @param {number} days */
export function fromNumber(days) {
  return new Date(Math.floor(days) * DAY).toISOString().slice(0, 10);
}

/** A word of the data model in words of people; unknown ones are shown as they are. @param {string} group @param {string} word */
export function term(group, word) {
  return has(`${group}.${word}`) ? t(`${group}.${word}`) : word.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().replaceAll('-', ' ');
}

/** @param {import('./types.js').Entity} entity */
export function about(entity) {
  return [term('kind', entity.kind), entity.jurisdiction].filter(Boolean).join(' · ');
}
