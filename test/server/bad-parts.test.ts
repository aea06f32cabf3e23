// What people and scripts send about parts, and the clear error that each must get.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { photo, testSigner } from '../support/test-signer.js';

interface Case {
  readonly title: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
}

const part = (partNumber: unknown) => ({ requests: [{ ticket: 'x', parts: [{ partNumber }] }] });
const many = (parts: number, files: number) => ({
  requests: [
    { ticket: 'x', parts: Array.from({ length: parts }, (_, index) => ({ partNumber: index + 1 })) },
    ...Array.from({ length: files }, () => ({ ticket: 'x' })),
  ],
});
describe('POST /v1/uploads/sign refuses', () => {
  const cases: readonly Case[] = [
    ...[undefined, '1', 1.5, null, true, [1], {}, 2 ** 53].map((value) => ({
      title: `part number ${JSON.stringify(value) ?? 'missing'}`,
      body: part(value),
      status: 400,
      code: 'invalid-part',
      field: 'requests[0].parts[0].partNumber',
    })),
    {
      title: 'part number 1e400',
      body: '{"requests":[{"ticket":"x","parts":[{"partNumber":1e400}]}]}',
      status: 400,
      code: 'invalid-part',
    },
    {
      title: 'an empty list of parts',
      body: { requests: [{ ticket: 'x', parts: [] }] },
      status: 400,
      code: 'invalid-request',
      field: 'requests[0].parts',
    },
    {
      title: 'an unknown field of a part',
      body: { requests: [{ ticket: 'x', parts: [{ partNumber: 1, uploadId: 'x' }] }] },
      status: 400,
      code: 'invalid-request',
      field: 'requests[0].parts[0].uploadId',
    },
    {
      title: 'an MD5 of a part that is none',
      body: { requests: [{ ticket: 'x', parts: [{ partNumber: 1, md5: 'd41d8cd9' }] }] },
      status: 400,
      code: 'invalid-request',
      field: 'requests[0].parts[0].md5',
    },
    { title: '101 parts', body: many(101, 0), status: 400, code: 'invalid-request', field: 'requests' },
    {
      title: '99 parts and 2 files',
      body: many(99, 2),
      status: 400,
      code: 'invalid-request',
      field: 'requests',
    },
    { title: '10 001 parts', body: many(10_001, 0), status: 400, code: 'invalid-request' },
  ];
  for (const { title, body, status, code, field } of cases) {
    it(title, async () => {
      const { post } = testSigner();

      const response = await post('/v1/uploads/sign', body);

      const problem = (await response.json()) as Record<string, unknown>;
      assert.deepEqual([response.status, problem.code], [status, code]);
      if (field !== undefined) assert.equal(problem.field, field);
    });
  }

  it('a hint for the size of parts that is no number of bytes', async () => {
    const { post, site } = testSigner();

    for (const partSizeHint of [0, -1, 0.5, '5MiB', null, 2 ** 53]) {
      const problem = (await (
        await post('/v1/uploads', { siteKey: site.key, files: [photo({ partSizeHint })] })
      ).json()) as {
        field?: string;
      };
      assert.equal(problem.field, 'files[0].partSizeHint');
    }
  });
});
