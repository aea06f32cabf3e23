// MD5 by WebAssembly and without it: the same digests.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { createRunningMd5, type RunningMd5 } from '../../../../widget/engine/md5/running-md5.js';

const pieces = [0, 1, 63, 64, 65, 16_384, 65_537].map((size) => randomBytes(size));
const expected = createHash('md5').update(Buffer.concat(pieces)).digest('base64');

function digestPieces(md5: RunningMd5): string {
  md5.start();
  for (const piece of pieces) md5.update(piece);
  return md5.digest();
}

it('uses WebAssembly where it may, for one body after the other', async (t) => {
  const instantiate = t.mock.method(WebAssembly, 'instantiate');

  const md5 = await createRunningMd5();

  assert.deepEqual([digestPieces(md5), digestPieces(md5)], [expected, expected]);
  assert.equal(instantiate.mock.callCount(), 1);
});

it('gives the same digests where WebAssembly is refused', async (t) => {
  const refused = new WebAssembly.CompileError('Refused by the content security policy.');
  const instantiate = t.mock.method(WebAssembly, 'instantiate', () => Promise.reject(refused));

  const md5 = await createRunningMd5();

  assert.deepEqual([digestPieces(md5), digestPieces(md5)], [expected, expected]);
  assert.equal(instantiate.mock.callCount(), 1);
});
