// @ts-check
// The panel beside the chart: a party, a line's evidence, or chains between two parties.

import { focusOn } from './actions.js';
import { get, latest } from './api.js';
import { button, byId, fill, h, name } from './dom.js';
import { derivation, evidenceView, sourceLine } from './evidence.js';
import { about, count, date, share, span, term } from './format.js';
import { t } from './messages.js';
import { toggled } from './state.js';
import { verdictSection } from './verdicts.js';

/** @typedef {import('./types.js').App} App */

const FEW = 12;

/** @param {App} app */
export function createPanel(app) {
  const panel = byId('ui-panel');
  const ask = latest();
  const asked = (/** @type {string} */ call, /** @type {Record<string, string>} */ query) => ask(call, { ...query, as_of: app.store.view.as_of });
  const close = () => { panel.hidden = true; };

  /** @param {(Node|string|null|false|undefined)[]} content */
  const show = (content) => {
    panel.hidden = false;
    fill(panel, button('×', close, { class: 'close', 'aria-label': t('panel.close') }), content);
    panel.scrollTop = 0;
  };
  /** @param {() => Promise<(Node|string|null|false|undefined)[]|undefined>} make */
  const run = async (make) => {
    panel.setAttribute('aria-busy', 'true');
    try {
      const content = await make();
      if (content) show(content);
    } catch (error) {
      show([h('p', { class: 'error' }, String(/** @type {Error} */ (error).message))]);
    }
    panel.setAttribute('aria-busy', 'false');
  };

  return {
    close,
    /** @param {string} id */
    party: (id) => run(async () => {
      const answer = await asked('entity', { id });
      return answer && partyView(app, answer);
    }),
    /** @param {{owner: string, owned: string}} line */
    evidence: (line) => run(async () => {
      const answer = await asked('evidence', { owner: line.owner, owned: line.owned });
      return answer && evidenceView(answer, app.store.view.as_of || app.about.as_of);
    }),
    /** @param {string} from @param {string} to */
    paths: (from, to) => run(async () => {
      const answer = await asked('paths', { from, to, limit: '20' });
      return answer && (answer.paths.length ? pathsView(app, answer) : pathsView(app, await get('paths', { from: to, to: from, limit: '20', as_of: app.store.view.as_of })));
    }),
    /** A stack: parties for which the chart has no room. @param {import('./types.js').Box} box */
    stack: (box) => show([h('h2', {}, name(box.name)), h('p', { dir: 'auto' }, box.sentence)]),
  };
}

/** @param {App} app @param {any} answer */
function partyView(app, answer) {
  const shown = answer.entity;
  const party = shown.entity ?? shown;
  const { view } = app.store;
  const box = app.chart?.boxes.find((one) => one.id === party.id);
  app.names.set(party.id, party.name);
  const identifiers = (shown.identifiers ?? []).map((/** @type {any} */ one) => (typeof one === 'string' ? one : [one.scheme, one.id ?? one.value].filter(Boolean).join(' ')));
  const also = [...(shown.aliases ?? []), ...(shown.former_names ?? [])].map((one) => (typeof one === 'string' ? one : one.name));
  const dates = [shown.born && t('party.born', { date: span(shown.born) }), shown.founded && t('party.founded', { date: span(shown.founded) }), shown.dissolved && t('party.dissolved', { date: span(shown.dissolved) })];
  return [
    h('h2', { tabindex: '-1' }, name(party.name), ' ', party.jurisdiction && h('span', { class: 'badge plain' }, party.jurisdiction), box?.listed && [' ', h('span', { class: 'badge listed' }, t('party.listed'))], shown.mixed_script && [' ', h('span', { class: 'badge', title: t('party.mixedScriptWord', { word: shown.mixed_script }) }, t('party.mixedScript'))]),
    h('p', { class: 'muted' }, [about(party), shown.legal_form, ...identifiers, ...dates].filter(Boolean).join(' · ')),
    also.length > 0 && h('p', { class: 'muted', dir: 'auto' }, t('party.also', { names: also.join(', ') })),
    shown.note && h('p', { dir: 'auto' }, shown.note),
    h('div', { class: 'row' },
      party.id !== view.subject && button(t('party.focus'), () => focusOn(app, party.id)),
      button(t(view.listed.includes(party.id) ? 'party.unlist' : 'party.list'), () => app.store.commit({ listed: toggled(view.listed, party.id) }))),
    box?.in_circle && circles(app, party.id),
    part(t('party.owners'), true, () => side(app, party.id, 'owners')),
    part(t('party.holdings', { n: answer.counts?.holdings ?? 0 }), false, () => side(app, party.id, 'holdings')),
    view.subject && party.id !== view.subject && part(t('party.share', { name: app.names.get(view.subject) ?? view.subject }), false, () => computed(app, party.id)),
    verdictSection(app, party.id),
    (shown.facts ?? []).length > 0 && part(t('party.facts', { n: shown.facts.length }), false, async () => facts(shown.facts)),
    (shown.source_list ?? []).length > 0 && part(t('party.sources', { n: shown.source_list.length }), false, async () => h('ol', { class: 'sources' }, shown.source_list.map((/** @type {any} */ one) => h('li', {}, ...sourceLine(one))))),
  ];
}

/** A part of the panel whose content is asked for when it is opened. @param {string} title @param {boolean} open @param {() => Promise<Node>} make */
function part(title, open, make) {
  const body = h('div');
  const details = h('details', { class: 'part', open }, h('summary', {}, title), body);
  const load = async () => {
    if (body.hasChildNodes()) return;
    fill(body, h('p', { class: 'muted' }, t('status.loading')));
    try { fill(body, await make()); } catch (error) { fill(body, h('p', { class: 'error' }, String(/** @type {Error} */ (error).message))); }
  };
  details.addEventListener('toggle', () => { if (details.open) load(); });
  if (open) load();
  return details;
}

/** Who owns a party, or what it owns, directly and through others. @param {App} app @param {string} id @param {'owners'|'holdings'} which */
async function side(app, id, which) {
  const { as_of, layer } = app.store.view;
  const answer = await get(which, { id, as_of, layer });
  const rows = answer[which] ?? [];
  if (!rows.length) return h('p', {}, t(`party.no.${which}`));
  const table = (/** @type {any[]} */ some) => some.map((row) => h('tr', {},
    h('th', { scope: 'row' }, button('', () => app.showEvidence(which === 'owners' ? { owner: row.entity.id, owned: id } : { owner: id, owned: row.entity.id }), { class: 'plain', 'aria-label': t('party.evidence', { name: row.entity.name }) })),
    h('td', { class: 'short' }, row.direct ? share(row.direct) : '–'), h('td', { class: 'short' }, row.control_only ? t('party.controlOnly') : share(row.effective)), h('td', { class: 'short' }, term('control', row.control ?? 'none'))));
  const label = (/** @type {HTMLTableRowElement[]} */ made, /** @type {any[]} */ some) => made.forEach((tr, i) => tr.querySelector('button')?.append(name(some[i].entity.name)));
  const body = h('tbody');
  const add = (/** @type {any[]} */ some) => { const made = table(some); label(made, some); body.append(...made); };
  add(rows.slice(0, FEW));
  const more = rows.length > FEW && button(t('party.more', { n: rows.length - FEW }), (event) => { add(rows.slice(FEW)); /** @type {HTMLElement} */ (event.target).remove(); });
  const open = answer.unaccounted ? h('p', { class: 'muted' }, t('party.undisclosed', { share: share(answer.unaccounted) })) : null;
  const head = ['party.name', 'party.direct', 'party.effective', 'party.control'].map((key) => h('th', { scope: 'col' }, t(key)));
  return h('div', {}, h('table', {}, h('thead', {}, h('tr', {}, ...head)), body), more, open);
}

/** @param {App} app @param {string} owner */
async function computed(app, owner) {
  const answer = await get('evidence', { owner, owned: app.store.view.subject, as_of: app.store.view.as_of });
  return answer.computed ? derivation(answer.computed, true) : h('p', {}, t('party.noShare'));
}

/** Every circle that a party is in, with all its members. @param {App} app @param {string} id */
function circles(app, id) {
  return part(t('party.circles'), true, async () => {
    const answer = await get('circular', { as_of: app.store.view.as_of, layer: app.store.view.layer });
    const groups = (answer.groups ?? []).map((/** @type {any} */ group) => group.members ?? group.entities ?? group).filter((/** @type {any} */ group) => Array.isArray(group) && group.some((member) => (member.entity ?? member).id === id));
    return h('ul', {}, groups.map((/** @type {any[]} */ group) => h('li', {}, ...group.flatMap((member, i) => [i ? ' ↔ ' : '', name((member.entity ?? member).name)]))));
  });
}

/** @param {any[]} list */
function facts(list) {
  return h('ul', { class: 'facts' }, list.map((fact) => h('li', {}, h('b', {}, fact.date ? span(fact.date) : '–'), ' ', h('span', { dir: 'auto' }, fact.text), ' ', h('span', { class: 'number' }, (fact.sources ?? []).join(' ')))));
}

/** @param {App} app @param {any} answer */
function pathsView(app, answer) {
  const day = date(app.store.view.as_of || app.about.as_of);
  const head = h('h2', { tabindex: '-1' }, name(answer.from.name), ' → ', name(answer.to.name));
  if (!answer.paths.length) return [head, h('p', {}, t('path.none', { date: day, n: count(app.about.sources) }))];
  return [head, h('p', { class: 'muted' }, t('path.count', { n: answer.paths.length, date: day })), ...answer.paths.map((/** @type {any} */ one) => chain(app, one))];
}

/** @param {App} app @param {any} one */
function chain(app, one) {
  const steps = one.interests ?? [];
  return h('article', { class: 'card' },
    h('h3', {}, one.arithmetic ?? share(one.product)),
    h('ol', { class: 'steps' }, steps.map((/** @type {any} */ link, /** @type {number} */ i) => {
      const open = button('', () => app.showEvidence({ owner: link.owner, owned: link.owned }), { class: 'plain' });
      open.append(name(one.entities[i].name), ' → ', name(one.entities[i + 1].name));
      return h('li', {}, open, ' ', link.share ? share(link.share) : (link.kinds ?? []).map((/** @type {string} */ kind) => term('interest', kind)).join(', '));
    })));
}
