// A journalist's way: from a name to an exported chart.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { clickBox, clickLine, close, drawn, onScreen, openPage, picture, redrawn, setDay } from './support.mjs';

const DAY = '2021-05-31';
const view = (page) => new URL(page.url()).searchParams;

export const tests = {
  'search tells parties apart and opens the chosen one': async (session) => {
    const page = await openPage(session);
    await page.fill('#ui-search', 'triangle');
    await page.waitForSelector('#ui-hits [role=option]');
    assert.match(await page.textContent('#ui-hits [role=option]'), /Triangle Holdings.*company.*LU/);
    await redrawn(page, () => page.click('#ui-hits [role=option]'));
    assert.equal(view(page).get('subject'), 'triangle-holdings-sa');
    await redrawn(page, () => page.goBack());
    assert.equal(view(page).get('subject'), 'nso-group-technologies-ltd');
    await page.fill('#ui-search', 'no such party whatever');
    await page.waitForSelector('#ui-hits .none');
    await close(session, page);
  },

  'an input method is left alone until it is done': async (session) => {
    const page = await openPage(session);
    let asked = 0;
    page.on('request', (request) => { if (request.url().includes('/api/v1/search')) asked += 1; });
    await page.focus('#ui-search');
    const tools = await session.context.newCDPSession(page);
    await tools.send('Input.imeSetComposition', { text: 'trian', selectionStart: 5, selectionEnd: 5 });
    await page.waitForTimeout(300);
    assert.equal(asked, 0, 'nothing is asked while a word is composed');
    await tools.send('Input.insertText', { text: 'triangle' });
    await page.waitForSelector('#ui-hits [role=option]');
    assert.equal(asked, 1);
    await close(session, page);
  },

  'owners are counted before they are drawn, and placed boxes stay': async (session) => {
    const page = await openPage(session, `?subject=nso-group-technologies-ltd&as_of=${DAY}&up=1`);
    const before = await picture(page);
    await clickBox(page, 'triangle-holdings-sa');
    const button = page.locator('#ui-actions button').first();
    const promised = Number(/\((\d+)\)/.exec(await button.textContent())[1]);
    assert.ok(promised > 0, 'the button counts the owners that are not drawn');
    const place = await onScreen(page, 'triangle-holdings-sa');
    await redrawn(page, () => button.click());
    const after = await picture(page);
    assert.ok(after.length > before.length);
    assert.ok(view(page).getAll('expand_owners').includes('triangle-holdings-sa'));
    assert.equal(view(page).getAll('keep').length, before.length, 'the places of all boxes are in the address');
    const now = await onScreen(page, 'triangle-holdings-sa');
    assert.ok(Math.abs(now.x - place.x) < place.width && Math.abs(now.y - place.y) < place.width, 'the box at hand stays where it is');
    await redrawn(page, () => page.getByRole('button', { name: 'Undo' }).click());
    assert.deepEqual(await picture(page), before, 'undo gives the same picture');
    await redrawn(page, () => page.getByRole('button', { name: 'Redo' }).click());
    assert.deepEqual(await picture(page), after, 'redo gives the same picture');
    await page.reload();
    await drawn(page);
    assert.deepEqual(await picture(page), after, 'reload gives the same picture');
    await close(session, page);
  },

  'the day can be moved, played and compared': async (session) => {
    const page = await openPage(session, `?subject=nso-group-technologies-ltd&as_of=${DAY}`);
    await setDay(page, '2019-01-01');
    assert.equal(view(page).get('as_of'), '2019-01-01');
    assert.match(await page.textContent('#ui-as-at'), /1 Jan 2019/);
    assert.ok((await page.$$('#ui-marks span')).length > 5, 'changes are marked');
    await redrawn(page, () => page.click('#ui-next'));
    assert.ok(view(page).get('as_of') > '2019-01-01');
    await redrawn(page, () => page.fill('#ui-compare', DAY).then(() => page.dispatchEvent('#ui-compare', 'change')));
    assert.equal(view(page).get('compare_to'), DAY);
    assert.match(await page.textContent('#ui-status'), /Compared with/);
    await redrawn(page, () => page.check('#ui-history'));
    assert.equal(view(page).get('history'), '1');
    assert.equal(view(page).get('compare_to'), null);
    await close(session, page);
  },

  'a line shows its statements with sources in one click, a party in two': async (session) => {
    const page = await openPage(session, `?subject=nso-group-technologies-ltd&as_of=${DAY}`);
    const symbol = await page.$eval('svg.chart .line[aria-label^="NOAL SCSp owns Triangle"]', (line) => line.id);
    await clickLine(page, symbol);
    await page.waitForSelector('#ui-panel .card .sources li');
    const text = await page.textContent('#ui-panel');
    assert.match(text, /NOAL SCSp → Triangle Holdings/);
    assert.match(text, /70 %/);
    assert.match(text, /Computed: 70 %/);
    const links = await page.$$eval('#ui-panel .sources a', (all) => all.map((a) => [a.protocol, a.rel, a.target]));
    assert.ok(links.every(([protocol, rel, target]) => /^https?:$/.test(protocol) && rel === 'noopener noreferrer' && target === '_blank'));
    await session.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy citation' }).first().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /NOAL SCSp → Triangle Holdings.*70 %/);
    await clickBox(page, 'nso-group-technologies-ltd');
    await page.waitForSelector('#ui-panel tbody button');
    await page.locator('#ui-panel tbody button', { hasText: 'Square 2' }).click();
    await page.waitForSelector('#ui-panel .computed');
    assert.match(await page.textContent('#ui-panel'), /No source states this tie; it is computed/);
    await close(session, page);
  },

  'verdicts say what would settle them': async (session) => {
    const page = await openPage(session, `?subject=triangle-holdings-sa&as_of=${DAY}`);
    await page.locator('#ui-panel summary', { hasText: 'Beneficial owners under a rule' }).click();
    await page.waitForSelector('#ui-panel .verdict');
    assert.match(await page.textContent('#ui-panel'), /cannot tell/);
    assert.match(await page.textContent('#ui-panel'), /What would settle it\?/);
    await close(session, page);
  },

  'chains between two parties': async (session) => {
    const page = await openPage(session, `?subject=noal-scsp&as_of=${DAY}`);
    const before = (await picture(page)).length;
    await page.getByRole('button', { name: 'Path to…' }).click();
    await page.fill('#ui-party', 'NSO Group Tech');
    await page.waitForSelector('#ui-party-hits [role=option][aria-selected=true]');
    await redrawn(page, () => page.press('#ui-party', 'Enter'));
    assert.equal(view(page).get('path_to'), 'nso-group-technologies-ltd');
    assert.ok((await picture(page)).length >= 2 && before > 0);
    await page.waitForSelector('#ui-panel .card');
    assert.match(await page.textContent('#ui-panel'), /chains? on 31 May 2021/);
    await close(session, page);
  },

  'hide, isolate and pin; what is hidden is counted': async (session) => {
    const page = await openPage(session, `?subject=nso-group-technologies-ltd&as_of=${DAY}`);
    assert.equal(await page.textContent('#ui-hidden'), '0 hidden');
    await clickBox(page, 'yana-peel');
    await redrawn(page, () => page.getByRole('button', { name: 'Hide', exact: true }).click());
    assert.equal(await page.textContent('#ui-hidden'), '1 hidden');
    assert.equal(await page.locator('svg.chart .box[data-id="yana-peel"]').count(), 0);
    await clickBox(page, 'noal-scsp');
    await redrawn(page, () => page.getByRole('button', { name: 'Isolate' }).click());
    assert.ok(view(page).getAll('hide').length > 1);
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    await page.waitForSelector('svg.chart .pin');
    await page.click('#ui-hidden');
    await redrawn(page, () => page.getByRole('button', { name: 'Show all again' }).click());
    assert.equal(await page.textContent('#ui-hidden'), '0 hidden');
    await close(session, page);
  },

  'the table has the same lines, totals, and can be sorted': async (session) => {
    const page = await openPage(session, `?subject=nso-group-technologies-ltd&as_of=${DAY}`);
    const lines = await page.$$eval('svg.chart .line', (all) => all.length);
    await page.click('#ui-to-table');
    await page.waitForSelector('#ui-lines tbody tr');
    assert.equal((await page.$$('#ui-lines tbody tr')).length, lines);
    assert.ok((await page.$$('#ui-totals tbody tr')).length > 0);
    const order = () => page.$$eval('#ui-lines tbody tr', (rows) => rows.map((row) => row.cells[0].textContent));
    await page.locator('#ui-lines th button', { hasText: 'Owner' }).click();
    const up = await order();
    assert.deepEqual(up, [...up].sort(new Intl.Collator('en-GB', { numeric: true }).compare));
    assert.equal(await page.getAttribute('#ui-lines th:first-child', 'aria-sort'), 'ascending');
    await page.locator('#ui-lines th button', { hasText: 'Owner' }).click();
    assert.equal((await order())[0], up.at(-1));
    await page.locator('#ui-lines tbody button').first().click();
    await page.waitForSelector('#ui-panel h2');
    await close(session, page);
  },

  'exports are of exactly this view': async (session) => {
    const page = await openPage(session, `?subject=nso-group-technologies-ltd&as_of=${DAY}`);
    const boxes = (await picture(page)).length;
    await page.click('#ui-export');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'SVG' }).click()]);
    const svg = fs.readFileSync(await download.path(), 'utf8');
    assert.match(svg, /<svg /);
    assert.equal((svg.match(/class="box /g) ?? []).length, boxes);
    assert.match(await page.textContent('#ui-dialog pre'), /^cuibono diagram/);
    for (const name of ['PNG', 'PDF', 'CSV', 'JSON', 'BODS', 'DOT', 'Mermaid', 'HTML']) assert.ok(await page.getByRole('link', { name }).count(), name);
    await close(session, page);
  },

  'filters are parameters of the address': async (session) => {
    const page = await openPage(session, `?subject=nso-group-technologies-ltd&as_of=${DAY}`);
    const before = (await picture(page)).length;
    await page.locator('.menu summary').click();
    await redrawn(page, () => page.fill('#ui-f-least', '60').then(() => page.dispatchEvent('#ui-f-least', 'change')));
    assert.equal(view(page).get('min_share'), '60');
    assert.ok((await picture(page)).length < before);
    await redrawn(page, () => page.selectOption('#ui-f-layer', 'votes'));
    assert.equal(view(page).get('layer'), 'votes');
    await redrawn(page, () => page.locator('#ui-actions button', { hasText: 'Reset' }).click());
    assert.equal(view(page).get('min_share'), null);
    await close(session, page);
  },
};
