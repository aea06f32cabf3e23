// Holds the budget of the snippet's script: 25 kB gzip at first load, and no code made from text.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 25_000;

const sizes = readdirSync('dist/widget', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .map((name) => {
    const source = readFileSync(`dist/widget/${name}`);
    if (/\beval\(|new Function\b/.test(source.toString())) fail(`${name} makes code from text.`);
    return { name, source: source.toString(), bytes: gzipSync(source, { level: 9 }).length };
  });

for (const { name, bytes } of sizes) console.log(`${String(bytes).padStart(8)} bytes gzip  ${name}`);
const initial = sizes.find(({ name }) => name === 'b2-uploader.js');
if (!initial) fail('dist/widget/b2-uploader.js is missing; run npm run build.');
if (initial.bytes > BUDGET_BYTES) fail(`The initial script exceeds its budget of ${BUDGET_BYTES} bytes.`);
// A chunk that the entry imports at once would belong to the budget too.
if (/\bimport\s*[{*"'\w][^(]*?from\s*["']\.|\bimport\s*["']\./.test(initial.source))
  fail('The initial script imports a chunk at once.');

function fail(message) {
  console.error(message);
  process.exit(1);
}
