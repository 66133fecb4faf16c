// @ts-check
// Questions to the server. Every answer is JSON; every failure is an ApiError with a sentence.

/** @typedef {import('./types.js').Entity} Entity */

export class ApiError extends Error {
  /** @param {number} status @param {string} message @param {Entity[]} candidates */
  constructor(status, message, candidates = []) {
    super(message);
    this.status = status;
    this.candidates = candidates;
  }
}

/**
 * @param {string} call
 * @param {string|Record<string, string|undefined>} query a ready query string, or its parameters
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(call, query = {}, signal) {
  const text = typeof query === 'string' ? query : encode(query);
  const response = await fetch(address(call, text), { signal, credentials: 'same-origin', headers: { Accept: 'application/json' } });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, body?.error ?? `${response.status} ${response.statusText}`, body?.candidates ?? []);
  return body;
}

/** @param {string} call @param {string} query */
export function address(call, query) {
  return `api/v1/${call}${query ? `?${query}` : ''}`;
}

/** @param {Record<string, string|undefined>} parameters */
function encode(parameters) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) if (value) query.set(key, value);
  return query.toString();
}

/** The token leaves the address bar before anything else, so that no copied link holds it. */
export async function openSession() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  await fetch(address('session', ''), {
    method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }),
  });
}

/**
 * A question of which only the last asked one counts: earlier ones are stopped, and their answers dropped.
 * @returns {(call: string, query: string|Record<string, string|undefined>) => Promise<any>} gives undefined for a dropped one
 */
export function latest() {
  let running = new AbortController();
  return async (call, query) => {
    running.abort();
    const mine = new AbortController();
    running = mine;
    try {
      const answer = await get(call, query, mine.signal);
      return mine.signal.aborted ? undefined : answer;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    }
  };
}
