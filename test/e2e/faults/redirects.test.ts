// Storage that sends elsewhere, as for a bucket in another region: no body follows, and the owner reads where it is.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it, type TestContext } from 'node:test';
import type { LogEntry } from '../../../server/index.js';
import { sendByFetch } from '../../../widget/engine/fetch-transport.js';
import { codesOf, fileInParts, fileOf, IN_PARTS, openStage, upload } from '../../support/fault-run.js';

const BODY = '<Error><Code>TemporaryRedirect</Code><Region>eu-central-9</Region></Error>';

for (const [title, ports] of [
  ['a page', {}],
  ['a program', { send: sendByFetch }],
] as const) {
  it(`a redirect of a PUT ends the file of ${title}, and nobody follows`, async (t) => {
    const stage = await openStage(t);
    const elsewhere = await openElsewhere(t);
    const headers = { location: `${elsewhere.url}/bucket/key` };
    stage.storage.rules.add({ method: 'PUT', action: { status: 307, body: BODY, headers } });

    const run = await upload(t, stage, { files: [fileOf(1000)], ports });

    assert.deepEqual(codesOf(run), ['storage-error']);
    assert.equal(stage.storage.log.select({ method: 'PUT' }).length, 1);
    assert.equal(elsewhere.requests(), 0);
  });
}

it('a bucket in another region ends all files, and the log of the signer names the region', async (t) => {
  const entries: LogEntry[] = [];
  const stage = await openStage(t, {
    site: IN_PARTS,
    signerOptions: { log: (entry) => entries.push(entry) },
  });
  const elsewhere = await openElsewhere(t);
  const headers = { location: `${elsewhere.url}/`, 'x-amz-bucket-region': 'eu-central-9' };
  stage.storage.rules.add({ action: { status: 307, body: BODY, headers } });

  const run = await upload(t, stage, { files: [fileInParts(), fileOf(1000)] });

  assert.deepEqual(codesOf(run), ['storage-error', 'storage-error']);
  assert.ok(entries.some(({ detail }) => detail?.includes('in the region eu-central-9')));
  assert.ok(stage.storage.log.entries.length <= 5);
  assert.equal(elsewhere.requests(), 0);
});

/** Where redirects point, with open doors. */
async function openElsewhere(t: TestContext) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
  };
}
