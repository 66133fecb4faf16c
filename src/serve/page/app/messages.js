// @ts-check
// Every word of the page, by key. A translation is another catalogue with the same keys.

import { seen } from './dom.js';

export const LOCALE = 'en-GB';

/** A form for each plural category of the language; `n` chooses. @typedef {{zero?: string, one?: string, two?: string, few?: string, many?: string, other: string}} Plural */

/** @type {Record<string, string|Plural>} */
const CATALOGUE = {
  'page.title': '{name} – cuibono',
  'page.skip': 'Skip to the chart',
  'page.noSession': 'This page has no session. Open the address that the program printed when it started.',
  'page.empty': 'Search for a party to begin.',
  'page.data': 'About the data',
  'page.panel': 'Details',
  'page.chart': 'Chart of owners and holdings',
  'page.chartHelp': 'Owners stand above what they own. Arrow keys go along ownership, Enter opens the details, question mark lists all keys.',
  'page.tools': 'Actions on the chosen party',
  'page.mode': 'Chart or table',
  'view.table': 'Table',
  'view.chart': 'Chart',
  'view.export': 'Export…',
  'view.all': 'Everything',
  'view.help': 'Help and keys',
  'view.in': 'Zoom in',
  'view.out': 'Zoom out',
  'view.fit': 'Show all',
  'view.left': 'Move left',
  'view.right': 'Move right',
  'view.up': 'Move up',
  'view.down': 'Move down',
  'search.label': 'Search names and numbers',
  'search.hint': 'Search names and numbers  ( / )',
  'search.list': 'Parties found',
  'search.none': 'Nobody of that name or number',
  'search.found': { one: '{n} party found', other: '{n} parties found' },
  'search.born': 'b. {date}',
  'search.since': 'since {date}',
  'search.matched': 'found as',
  'tool.owners': 'Owners ↑ ({n})',
  'tool.holdings': 'Holdings ↓ ({n})',
  'tool.unstack': 'Open the stack',
  'tool.hide': 'Hide',
  'tool.pin': 'Pin',
  'tool.isolate': 'Isolate',
  'tool.path': 'Path to…',
  'tool.undo': 'Undo',
  'tool.redo': 'Redo',
  'tool.tidy': 'Tidy up',
  'tool.reset': 'Reset',
  'status.loading': 'Loading…',
  'status.shown': 'Showing {shown} of {total}',
  'status.stacks': { one: '{n} stack', other: '{n} stacks' },
  'status.hidden': { one: '{n} hidden', other: '{n} hidden' },
  'status.pinned': { one: '{n} pinned', other: '{n} pinned' },
  'status.pathTo': 'Only chains to',
  'status.compare': 'Compared with {date}',
  'status.takeOff': 'Take this restriction off',
  'announce.added': { one: '{n} party added', other: '{n} parties added' },
  'announce.gone': { one: '{n} party no longer shown', other: '{n} parties no longer shown' },
  'announce.omitted': { one: '{n} note on what is left out', other: '{n} notes on what is left out' },
  'box.moreOwners': { one: '{n} more owner', other: '{n} more owners' },
  'box.moreHoldings': { one: '{n} more holding', other: '{n} more holdings' },
  'box.pinned': 'pinned',
  'expand.title': 'Expand',
  'expand.ask': { one: '{name} has {n} more. How many shall be drawn?', other: '{name} has {n} more. How many shall be drawn?' },
  'expand.largest': 'The {n} largest first',
  'expand.all': 'All {n}',
  'expand.nothing': 'Everything known is on the chart already',
  'path.title': 'Path to another party',
  'path.from': 'Chains between {name} and:',
  'path.none': 'No chain between the two in these data on {date} ({n} sources searched).',
  'path.count': { one: '{n} chain on {date}', other: '{n} chains on {date}' },
  'hidden.show': 'Show again',
  'hidden.showAll': 'Show all again',
  'omissions.ask': 'what is left out?',
  'omissions.title': 'What is left out',
  'omissions.none': 'Nothing that these data hold for this view.',
  'filter.title': 'Filters',
  'filter.active': { one: 'Filters ({n})', other: 'Filters ({n})' },
  'filter.layer': 'Layer',
  'filter.layer.default': 'capital: who gets the money',
  'filter.layer.votes': 'votes: who decides',
  'filter.up': 'Levels of owners',
  'filter.up.default': 'all', 'filter.up.0': 'none', 'filter.up.1': '1', 'filter.up.2': '2', 'filter.up.3': '3', 'filter.up.5': '5',
  'filter.down': 'Levels of holdings',
  'filter.down.default': '1', 'filter.down.0': 'none', 'filter.down.2': '2', 'filter.down.3': '3', 'filter.down.all': 'all',
  'filter.min_confidence': 'Confidence at least',
  'filter.min_confidence.default': 'low: everything',
  'filter.min_confidence.medium': 'medium',
  'filter.min_confidence.high': 'high',
  'filter.min_share': 'Least share in %',
  'filter.only_control': 'only what may give control',
  'filter.cluster': 'frames by jurisdiction',
  'filter.no_sources': 'no source numbers',
  'legend.title': 'Legend',
  'time.asAt': 'As at {date}',
  'time.label': 'Day',
  'time.exact': 'Exact day',
  'time.today': 'today',
  'time.previous': 'Previous change',
  'time.next': 'Next change',
  'time.play': 'Play changes',
  'time.stop': 'Stop',
  'time.compare': 'Compare with',
  'time.beside': 'side by side',
  'time.history': 'ended interests as ghosts',
  'time.noChange': 'No more changes in that direction',
  'time.events': { one: '{n} event', other: '{n} events' },
  'time.region': 'Time',
  'panel.close': 'Close the details',
  'party.listed': 'LISTED', 'party.mixedScript': 'MIXED SCRIPT', 'party.mixedScriptWord': 'The word {word} mixes letters of scripts that are not written together',
  'party.list': 'Mark as listed',
  'party.unlist': 'Not listed',
  'party.focus': 'Draw the chart of this party',
  'party.also': 'Also: {names}',
  'party.born': 'born {date}',
  'party.founded': 'founded {date}',
  'party.dissolved': 'dissolved {date}',
  'party.owners': 'Who owns it',
  'party.holdings': { one: 'What it holds ({n})', other: 'What it holds ({n})' },
  'party.no.owners': 'No owner is known on this day.',
  'party.no.holdings': 'No holding is known on this day.',
  'party.name': 'Party',
  'party.direct': 'Direct',
  'party.effective': 'In all',
  'party.control': 'Control',
  'party.controlOnly': 'no share',
  'party.evidence': '{name}: show the evidence',
  'party.more': { one: '{n} more', other: '{n} more' },
  'party.undisclosed': 'Not disclosed: {share}',
  'party.share': 'How much of {name} is its?',
  'party.noShare': 'Nothing that can be computed leads from one to the other on this day.',
  'party.circles': 'Circles of ownership that it is in',
  'party.facts': { one: '{n} fact', other: '{n} facts' },
  'party.sources': { one: '{n} source', other: '{n} sources' },
  'evidence.count': { zero: 'no statement', one: '{n} statement', other: '{n} statements' },
  'evidence.none': 'No source states this tie; it is computed from others.',
  'evidence.from': 'from {date}',
  'evidence.to': 'to {date}',
  'evidence.stated': 'stated {date}',
  'evidence.published': 'published {date}',
  'evidence.retrieved': 'retrieved {date}',
  'evidence.confidence': 'confidence {level}',
  'evidence.reason': 'Why no better:',
  'evidence.statement': 'statement',
  'evidence.cite': 'Copy citation',
  'evidence.citation': '{owner} → {owned}: {said}, as at {date}.',
  'computed.title': 'Computed: {share}',
  'computed.control.certain': 'Control: certain.',
  'computed.control.possible': 'Control: possible.',
  'computed.control.none': 'Control: none.',
  'computed.votes': 'Votes held by it and what it controls: {share}.',
  'computed.chains': { one: '{n} chain', other: '{n} chains' },
  'computed.cut': 'There are more chains than are listed.',
  'computed.equations': { one: '{n} equation', other: '{n} equations' },
  'computed.proof': 'Why there is control',
  'computed.setAside': { one: '{n} rival statement set aside', other: '{n} rival statements set aside' },
  'verdict.title': 'Beneficial owners under a rule',
  'verdict.rule': 'Rule',
  'verdict.nobody': 'Nobody meets a test, certainly or possibly.',
  'verdict.not': { one: '{n} party meets no test', other: '{n} parties meet no test' },
  'verdict.because': 'Because',
  'verdict.settle': 'What would settle it?',
  'verdict.fact': 'the share of {owner} in {owned} (now {share})',
  'verdict.metFrom': 'met from {n} %',
  'verdict.notBelow': 'not met below {n} %',
  'verdict.advice': 'A computation from these data, not legal advice.',
  'verdict.yes': 'yes', 'verdict.met': 'yes', 'verdict.no': 'no', 'verdict.not met': 'no', 'verdict.cannot tell': 'cannot tell', 'verdict.possible': 'possibly', 'verdict.certain': 'yes',
  'measure.effective': 'effective share',
  'measure.control': 'control',
  'measure.attributed': 'attributed share',
  'measure.held-by-controlled': 'share held by what the party controls',
  'measure.in-controller': 'share in an entity that controls it',
  'table.caption': { one: '{n} line of the chart', other: '{n} lines of the chart' },
  'table.lines': 'Lines of the chart',
  'table.totals': 'Totals',
  'table.sentences': 'Read as sentences',
  'table.owner': 'Owner', 'table.owned': 'Owned', 'table.share': 'Share', 'table.kinds': 'Kind', 'table.start': 'From', 'table.end': 'To',
  'table.confidence': 'Confidence', 'table.marks': 'Marks', 'table.sources': 'Sources', 'table.evidence': 'Evidence',
  'table.evidenceOf': 'Evidence: {owner} → {owned}',
  'table.stated': 'Stated', 'table.undisclosed': 'Not disclosed',
  'export.title': 'Export this view',
  'export.same': 'Each file holds exactly this view, as the command line would write it.',
  'export.svg': 'SVG drawing', 'export.png': 'PNG picture', 'export.pdf': 'PDF document', 'export.html': 'HTML page', 'export.csv': 'CSV table', 'export.json': 'JSON',
  'export.bods': 'BODS statements', 'export.dot': 'DOT graph', 'export.mmd': 'Mermaid diagram', 'export.graphml': 'GraphML',
  'export.link': 'The link holds the ids of the parties (names, where the data have no ids) and the settings of the view. It works only where the same data are served.',
  'export.command': 'The command that draws the same',
  'export.copyLink': 'Copy link',
  'export.copyCommand': 'Copy as command line',
  'export.print': 'Print…',
  'copy.done': 'Copied',
  'copy.failed': 'Copying was not allowed',
  'dialog.close': 'Close',
  'data.title': 'The data',
  'data.line': '{entities} parties · {interests} interests · {sources} sources',
  'data.warnings': { zero: 'no warnings', one: '{n} data warning', other: '{n} data warnings' },
  'data.file': 'File', 'data.format': 'Format', 'data.records': 'Records', 'data.rejected': 'Rejected',
  'theme.now': 'Colours: {theme}',
  'theme.auto': 'as the system', 'theme.light': 'light', 'theme.dark': 'dark',
  'share.unknown': '?', 'share.exact': '{n} %', 'share.below': '< {n} %', 'share.upto': '0–{n} %', 'share.above': '> {n} %', 'share.range': '{min}–{max} %',
  'date.between': '{from} – {to}', 'date.notBefore': 'not before {from}', 'date.notAfter': 'not after {to}',
  'kind.person': 'person', 'kind.company': 'company', 'kind.arrangement': 'arrangement', 'kind.state': 'state', 'kind.state-body': 'state body', 'kind.unknown': 'unknown party',
  'control.certain': 'certain', 'control.possible': 'possible', 'control.none': '–',
  'mark.dates-inferred': 'days inferred', 'mark.low-confidence': 'low confidence', 'mark.approx': 'about',
  'directness.direct': 'held directly', 'directness.indirect': 'held indirectly', 'directness.unknown': 'directly or not: not known',
  'help.title': 'Help and keys',
  'help.letters': 'Single letters are commands (besides Tab, Enter and arrows)',
  'help.pointer': 'Drag to move, wheel or pinch to zoom, Shift and wheel to move sideways. Click a party or a line for its evidence.',
  'help.keys': `↑|to an owner (of a line: its owner)
↓|to what is owned
← →|to the next party of the row
Home|to the subject of the chart
Enter|details and evidence
L|from line to line of a party
E|expand owners
Shift+E|expand holdings
H|hide
P|pin
G|path to another party
/|search
T|table or chart
+ - 0|zoom in, out, show all
Shift+↑↓←→|move the drawing
Ctrl+Z|undo; with Shift redo
?|this help`,
};

const plural = new Intl.PluralRules(LOCALE);

/** @param {string} key */
export function has(key) {
  return Object.hasOwn(CATALOGUE, key);
}

/** @param {string} key @param {Record<string, string|number>} [values] @returns {string} */
export function t(key, values = {}) {
  const entry = has(key) ? CATALOGUE[key] : key;
  const text = typeof entry === 'string' ? entry : form(entry, Number(values.n));
  return text.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ field) => isolated(String(values[field] ?? '')));
}

/** @param {Plural} entry @param {number} n */
function form(entry, n) {
  return (n === 0 ? entry.zero : undefined) ?? entry[plural.select(n)] ?? entry.other;
}

/** Right-to-left writing inside a sentence must not turn what stands around it. @param {string} text */
function isolated(text) {
  const shown = seen(text);
  return /[\u0590-\u08ff\ufb1d-\ufefc]/.test(shown) ? `\u2068${shown}\u2069` : shown;
}

/** Gives the words to the elements of the page that were there from the start. */
export function translatePage() {
  document.documentElement.lang = LOCALE;
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.getAttribute('data-t') ?? '');
  for (const name of ['aria-label', 'title', 'placeholder']) {
    for (const element of document.querySelectorAll(`[data-t-${name}]`)) element.setAttribute(name, t(element.getAttribute(`data-t-${name}`) ?? ''));
  }
}
