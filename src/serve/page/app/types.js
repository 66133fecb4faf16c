// @ts-check
// Types of what the server answers; nothing of this file runs.

/** @typedef {{min: number, max: number, min_open?: boolean, max_open?: boolean}} Range */
/** @typedef {{id: string, name: string, kind: string, jurisdiction?: string|null}} Entity */
/** @typedef {[string, Record<string, string>, (SvgNode|string)[]]} SvgNode */
/**
 * @typedef {object} Box
 * @property {string} symbol
 * @property {string} id
 * @property {string} name
 * @property {string} kind
 * @property {string|null} [jurisdiction]
 * @property {boolean} [subject]
 * @property {boolean} [listed]
 * @property {boolean} [in_circle]
 * @property {boolean} [stack]
 * @property {string} sentence
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} owners
 * @property {number} holdings
 * @property {number} more_owners
 * @property {number} more_holdings
 */
/** @typedef {{symbol: string, owner: string, owned: string, label: string, sentence: string}} Line */
/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} subtitle
 * @property {number} width
 * @property {number} height
 * @property {string} command
 * @property {SvgNode} svg
 * @property {Box[]} boxes
 * @property {Line[]} lines
 * @property {string[]} omissions
 * @property {number} shown
 * @property {number} total
 */
/** @typedef {{id: string, title: string, from?: string, decides?: string}} Rule */
/**
 * @typedef {object} About
 * @property {string} version
 * @property {string} as_of
 * @property {number} entities
 * @property {number} interests
 * @property {number} sources
 * @property {{name: string, format: string, records: number, rejected: number}[]} inputs
 * @property {number} warnings
 * @property {boolean} built_in
 * @property {Entity} [subject]
 * @property {Rule[]} rules
 * @property {string} command
 */
/** @typedef {{id: string, title?: string, publisher?: string, date?: string, url?: string, urls?: string[], retrieved?: string}} Source */
/**
 * @typedef {object} Statement
 * @property {string} id
 * @property {string} kind
 * @property {Range|null} [share]
 * @property {any} [start]
 * @property {any} [end]
 * @property {string} [stated]
 * @property {string} [published]
 * @property {string} [retrieved]
 * @property {string} [confidence]
 * @property {string} [directness]
 * @property {string[]} [marks]
 * @property {string} [note]
 * @property {string} [reason]
 * @property {string} [record]
 * @property {(Source|string)[]} [sources] sources, or ids of those that stand beside the statements
 */
/** @typedef {{owner: Entity, owned: Entity, statements: Statement[], sources?: Source[], computed?: any}} Evidence */
/** @typedef {{entity: Entity, matched_name: string, reason: string, identifiers?: string[], born?: string}} Match */
/**
 * @typedef {object} Row
 * @property {string} line
 * @property {Entity} owner
 * @property {Entity} owned
 * @property {string} label
 * @property {Range|null} [share]
 * @property {string|string[]} [kinds]
 * @property {string} [style]
 * @property {any} [start]
 * @property {any} [end]
 * @property {string} [confidence]
 * @property {string[]} [marks]
 * @property {(string|number)[]} [sources]
 */
/** @typedef {{rows?: Row[], interests?: Row[], totals: {owned: Entity, stated: Range|null, not_disclosed: Range|null}[], omissions: string[]}} Table */
/** @typedef {{days: {date: string, events: (string|{text: string})[]}[], first: string|null, last: string}} Days */
/**
 * What the modules share: the state, what is drawn, and what one module asks of another.
 * @typedef {object} App
 * @property {import('./state.js').Store} store
 * @property {About} about
 * @property {Chart|null} chart
 * @property {Box|null} selected
 * @property {Map<string, string>} names
 * @property {(box: Box) => void|Promise<void>} select
 * @property {(line: {owner: string, owned: string, symbol?: string}) => Promise<void>} showEvidence
 * @property {(id: string) => void} showParty
 */

export {};
