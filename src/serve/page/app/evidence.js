// @ts-check
// Statements with their sources, and how computed figures come about.

import { date, share, span, term } from './format.js';
import { copier } from './exports.js';
import { h, link, name } from './dom.js';
import { t } from './messages.js';

/** @typedef {import('./types.js').Evidence} Evidence */
/** @typedef {import('./types.js').Statement} Statement */
/** @typedef {import('./types.js').Source} Source */

/** @param {Evidence} evidence @param {string} asOf */
export function evidenceView(evidence, asOf) {
  const { statements, computed } = evidence;
  return [
    h('h2', { tabindex: '-1' }, name(evidence.owner.name), ' → ', name(evidence.owned.name)),
    h('p', { class: 'muted' }, t('evidence.count', { n: statements.length })),
    ...statements.map((statement) => card(statement, evidence, asOf)),
    ...(statements.length ? [] : [h('p', { class: 'computed' }, t('evidence.none'))]),
    ...(computed ? [derivation(computed, statements.length === 0)] : []),
  ];
}

/** @param {Statement} statement @param {Evidence} evidence @returns {Source[]} */
function sourcesOf(statement, evidence) {
  const known = new Map((evidence.sources ?? []).map((source) => [source.id, source]));
  return (statement.sources ?? []).map((one) => (typeof one === 'string' ? known.get(one) ?? { id: one } : one));
}

/** @param {Statement} s @param {Evidence} evidence @param {string} asOf */
function card(s, evidence, asOf) {
  const said = [term('interest', s.kind), s.share ? share(s.share) : ''].filter(Boolean).join(' ');
  const period = [span(s.start), span(s.end)];
  const facts = [
    period[0] && t('evidence.from', { date: period[0] }), period[1] && t('evidence.to', { date: period[1] }),
    s.stated && t('evidence.stated', { date: date(s.stated) }), s.published && t('evidence.published', { date: date(s.published) }),
    s.retrieved && t('evidence.retrieved', { date: date(s.retrieved) }),
    s.confidence && t('evidence.confidence', { level: term('confidence', s.confidence) }), s.directness && term('directness', s.directness),
  ].filter(Boolean).join(' · ');
  return h('article', { class: 'card' },
    h('h3', {}, said, ...(s.marks ?? []).flatMap((mark) => [' ', h('span', { class: 'badge' }, term('mark', mark))])),
    h('p', { class: 'muted' }, facts),
    s.note && h('p', { dir: 'auto' }, s.note),
    s.reason && h('p', { dir: 'auto' }, t('evidence.reason'), ' ', s.reason),
    h('ol', { class: 'sources' }, ...sourcesOf(s, evidence).map((source) => h('li', {}, ...sourceLine(source)))),
    h('p', { class: 'muted' }, t('evidence.statement'), ' ', h('code', {}, s.id), s.record && [' · ', h('code', {}, s.record)]),
    copier(t('evidence.cite'), () => citation(s, evidence, said, asOf)));
}

/** @param {Source} source */
export function sourceLine(source) {
  const title = source.title || source.id;
  const url = source.url ?? source.urls?.[0];
  const more = [source.publisher, source.date && date(source.date), source.retrieved && t('evidence.retrieved', { date: date(source.retrieved) })].filter(Boolean).join(', ');
  return [h('span', { class: 'number' }, source.id), ' ', h('bdi', { dir: 'auto' }, url ? link(url, title) : title), more && h('span', { class: 'muted' }, ` ${more}`)];
}

/** A footnote that can be pasted as it is. @param {Statement} s @param {Evidence} evidence @param {string} said @param {string} asOf */
function citation(s, evidence, said, asOf) {
  const sources = sourcesOf(s, evidence).map((one) => [one.title || one.id, one.publisher, one.date, one.url ?? one.urls?.[0], one.retrieved && t('evidence.retrieved', { date: one.retrieved })].filter(Boolean).join(', '));
  const head = t('evidence.citation', { owner: evidence.owner.name, owned: evidence.owned.name, said, date: asOf });
  return `${head} ${sources.join('; ')}. [${[s.id, s.record].filter(Boolean).join(', ')}]`;
}

/** @param {any} computed the answer of `explain` @param {boolean} open */
export function derivation(computed, open) {
  const chains = computed.chains ?? [];
  const equations = computed.equations ?? [];
  const proof = computed.because ?? [];
  return h('details', { class: 'card computed', open },
    h('summary', {}, t('computed.title', { share: share(computed.effective) })),
    h('p', {}, t(`computed.control.${computed.control ?? 'none'}`), ' ', computed.votes && t('computed.votes', { share: share(computed.votes) })),
    chains.length > 0 && h('h3', {}, t('computed.chains', { n: chains.length })),
    h('ol', { class: 'steps' }, ...chains.map((/** @type {any} */ chain) => h('li', {}, names(chain.entities), h('div', { class: 'sum' }, chain.arithmetic)))),
    computed.chains_complete === false && h('p', {}, t('computed.cut')),
    equations.length > 0 && h('details', {}, h('summary', {}, t('computed.equations', { n: equations.length })),
      h('ol', { class: 'steps' }, ...equations.map((/** @type {any} */ one) => h('li', { dir: 'auto' }, one.text)))),
    proof.length > 0 && h('h3', {}, t('computed.proof')),
    h('ol', { class: 'steps' }, ...proof.map(step)),
    (computed.set_aside ?? []).length > 0 && h('p', { class: 'muted' }, t('computed.setAside', { n: computed.set_aside.length })));
}

/** @param {any[]} entities */
function names(entities) {
  return h('span', {}, ...entities.flatMap((entity, i) => (i ? [' → ', name(entity.name)] : [name(entity.name)])));
}

/** One step of a proof of control. @param {any} because */
export function step(because) {
  if (typeof because === 'string') return h('li', { dir: 'auto' }, because);
  return h('li', {}, names([because.owner, because.owned]), ': ', [term('interest', because.kind), because.share ? share(because.share) : ''].filter(Boolean).join(' '),
    ' ', h('span', { class: 'number' }, (because.sources ?? []).join(' ')));
}
