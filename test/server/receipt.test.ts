// Receipts as a site's backend checks them: real ones pass, everything else has a code.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jwtVerify } from 'jose';
import { issueReceipt, ReceiptError, verifyReceipt, type ReceiptClaims } from '../../server/receipt.js';

const SECRET = 'a receipt secret of the tests that is long enough';
const CLAIMS: ReceiptClaims = {
  iss: 'https://uploads.example.com',
  sub: '01JD0000000000000000000000',
  site: 'pk_1',
  key: 'uploads/2026/11/22/01JD0000000000000000000000.jpg',
  name: 'photo.jpg',
  size: 1000,
  type: 'image/jpeg',
  etag: 'abc',
  iat: 1_795_000_000,
};

async function codeOf(receipt: string, secrets: string | string[], site = 'pk_1'): Promise<string> {
  try {
    await verifyReceipt(receipt, secrets, { site });
    return 'ok';
  } catch (error) {
    assert.ok(error instanceof ReceiptError);
    return error.code;
  }
}

describe('verifyReceipt', () => {
  it('gives the claims of a real receipt, which any JWT library can read too', async () => {
    const receipt = await issueReceipt(CLAIMS, SECRET);

    assert.deepEqual(await verifyReceipt(receipt, SECRET, { site: 'pk_1' }), CLAIMS);
    const { protectedHeader, payload } = await jwtVerify(receipt, new TextEncoder().encode(SECRET));
    assert.deepEqual(
      [protectedHeader.alg, protectedHeader.typ, typeof protectedHeader.kid],
      ['HS256', 'receipt+jwt', 'string'],
    );
    assert.deepEqual(payload, CLAIMS);
  });

  it('accepts the previous secret while rotating', async () => {
    assert.equal(
      await codeOf(await issueReceipt(CLAIMS, SECRET), [
        'a new secret of the tests that is long enough too',
        SECRET,
      ]),
      'ok',
    );
  });

  it('takes the secrets as the configuration writes them', async () => {
    assert.equal(await codeOf(await issueReceipt(CLAIMS, SECRET), `a new one, ${SECRET}`), 'ok');
  });

  it('refuses other secrets, other sites and what is no receipt', async () => {
    const receipt = await issueReceipt(CLAIMS, SECRET);
    const [header = '', payload = ''] = receipt.split('.');
    const none = Buffer.from('{"alg":"none","typ":"receipt+jwt"}').toString('base64url');

    assert.equal(
      await codeOf(receipt, 'another secret of the tests that is long enough'),
      'receipt-signature',
    );
    assert.equal(await codeOf(receipt, SECRET, 'pk_2'), 'receipt-site');
    assert.equal(await codeOf(`${none}.${payload}.`, SECRET), 'receipt-signature');
    assert.equal(await codeOf(`${header}.${payload}.`, SECRET), 'receipt-signature');
    for (const text of ['', 'x', 'a.b.c', 'é.é.é'])
      assert.equal(await codeOf(text, SECRET), 'receipt-malformed');
  });

  it('refuses a receipt with any one character changed, spare bits of the last one included', async () => {
    const receipt = await issueReceipt(CLAIMS, SECRET);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

    for (let index = 0; index < receipt.length; index += 1) {
      const char = receipt[index] ?? '';
      const other = alphabet[(alphabet.indexOf(char) + 1) % 64] ?? 'A';
      assert.notEqual(await codeOf(receipt.slice(0, index) + other + receipt.slice(index + 1), SECRET), 'ok');
    }
  });
});
