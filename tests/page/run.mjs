// Browser tests of the local page, with the built-in data served, and once more with hostile.csv of this folder:
//   CUIBONO_NODE_MODULES=… node tests/page/run.mjs 'http://127.0.0.1:PORT/#token=…' [words of test names]
// CUIBONO_PICTURES names a folder for pictures, CUIBONO_BROWSER the browser.

import { begin } from './support.mjs';

const [address, ...words] = process.argv.slice(2);
if (!address) throw new Error('the address that the program printed is missing');
const session = await begin(address);
let failed = 0;
const files = session.about.built_in ? ['scenario', 'keyboard', 'access', 'pictures', 'security'] : ['crowd', 'security'];
for (const file of files) {
  const { tests } = await import(`./${file}.mjs`);
  for (const [name, test] of Object.entries(tests)) {
    if (words.length && !words.some((word) => name.includes(word))) continue;
    try {
      const said = await test(session);
      console.log(`ok    ${name}${said ? ` (${said})` : ''}`);
    } catch (error) {
      failed += 1;
      for (const page of session.context.pages()) await page.close();
      console.log(`FAIL  ${name}\n      ${String(error.stack ?? error).split('\n').slice(0, 24).join('\n      ')}`);
    }
  }
}
await session.browser.close();
console.log(failed ? `${failed} failed` : 'all passed');
process.exit(failed ? 1 : 0);
