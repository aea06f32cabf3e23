// Derived secrets: stable, unrelated per purpose, and what HKDF-SHA256 gives elsewhere.
import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { it } from 'node:test';
import { deriveSecret } from '../../server/derive-secret.js';

it('gives what HKDF-SHA256 gives elsewhere, as base64url', async () => {
  const expected = Buffer.from(hkdfSync('sha256', 'a secret', 'b2-uploader', 'receipt:pk_1', 32));

  assert.equal(await deriveSecret('a secret', 'receipt:pk_1'), expected.toString('base64url'));
});

it('gives unrelated secrets for other purposes and other secrets', async () => {
  const all = await Promise.all([
    deriveSecret('a', 'receipt:x'),
    deriveSecret('a', 'receipt:y'),
    deriveSecret('b', 'receipt:x'),
  ]);

  assert.equal(new Set(all).size, 3);
  assert.ok(all.every((secret) => /^[\w-]{43}$/.test(secret)));
});
