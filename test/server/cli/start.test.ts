// `start` and `bucket` as running processes: one line of JSON, a working service, a clean end.
import { HeadBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runCli, start, startJson, workingFolder } from './run-cli.js';

const ANY_PORT = { PORT: '0' };

describe('b2-uploader start', { concurrency: 2 }, () => {
  it('runs on the local bucket without any configuration, and takes a file', async () => {
    const { cwd, remove } = workingFolder();
    const { json, stop } = await startJson(['start'], { cwd, env: ANY_PORT });
    const { url, site, bucket } = json;

    assert.match(url ?? '', /^http:\/\/localhost:\d+$/);
    assert.equal(site, 'pk_local');
    assert.match(bucket ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
    const headers = { origin: 'http://localhost:5173', 'content-type': 'application/json' };
    const files = [{ name: 'hello.txt', size: 5, type: 'text/plain' }];
    const created = await fetch(`${url}/v1/uploads`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ siteKey: site, files }),
    });
    assert.equal(created.status, 201);
    const { uploads } = await created.json();
    const put = await fetch(uploads[0].request.url, {
      method: 'PUT',
      headers: uploads[0].request.headers,
      body: 'hello',
    });
    assert.equal(put.status, 200);
    const tickets = JSON.stringify({ tickets: [uploads[0].ticket] });
    const completed = await fetch(`${url}/v1/uploads/complete`, { method: 'POST', headers, body: tickets });
    const done = await completed.json();
    assert.ok(done.files[0].url.startsWith(`${url}/v1/files/`), JSON.stringify(done));
    assert.equal(await (await fetch(done.files[0].url)).text(), 'hello');

    const { exitCode, stdout, stderr } = await stop();
    assert.equal(exitCode, 0);
    assert.equal(stdout.split('\n').length, 1);
    assert.doesNotMatch(stderr, /^ +at |hello\.txt/m);
    assert.equal(statSync(join(cwd, 'data/local.json')).mode & 0o777, 0o600);
    remove();
  });

  it('keeps bucket and keys over restarts, and lets one process have the folder', async () => {
    const { cwd, remove } = workingFolder();
    const first = await startJson(['bucket'], { cwd });

    const second = await runCli(['start'], { cwd, env: ANY_PORT });
    assert.deepEqual([second.exitCode, second.stdout], [1, '']);
    assert.match(second.stderr, /Another process uses .*data/);

    assert.equal((await first.stop('SIGINT')).exitCode, 0);
    const again = await startJson(['bucket'], { cwd });
    assert.deepEqual({ ...again.json, endpoint: '' }, { ...first.json, endpoint: '' });
    assert.equal((await again.stop()).exitCode, 0);
    remove();
  });

  it("runs on the article's variables, on one site and no local bucket", async () => {
    const { cwd, remove } = workingFolder();
    const env = {
      ...ANY_PORT,
      HOST: '127.0.0.1',
      B2_ENDPOINT_URL: 'http://127.0.0.1:9',
      B2_BUCKET: 'article-bucket',
      B2_KEY_ID: '0041234567890ab0000000001',
      B2_APPLICATION_KEY: 'K004abcdefghijklmnopqrstuvwxyz0',
    };
    const { json, stop } = await startJson(['start'], { cwd, env });

    assert.deepEqual([json['site'], json['bucket']], ['default', null]);
    const signed = await fetch(`${json['url']}/signed-request?name=a.png`, {
      headers: { origin: 'http://localhost:8080' },
    });
    assert.equal(signed.status, 200);
    const { exitCode, stderr } = await stop();
    assert.equal(exitCode, 0);
    assert.match(stderr, /ALLOWED_ORIGINS: is not set/);
    assert.match(stderr, /\/signed-request is on and can't bind the size/);
    assert.ok(!existsSync(join(cwd, 'data')));
    remove();
  });

  it('says that its port is in use, with exit code 1', async () => {
    const { cwd, remove } = workingFolder();
    const other = workingFolder();
    const first = await startJson(['start'], { cwd, env: ANY_PORT });
    const { port } = new URL(first.json['url'] ?? '');

    const { exitCode, stdout, stderr } = await runCli(['start'], { cwd: other.cwd, env: { PORT: port } });

    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, new RegExp(`^Port ${port} is in use by another program`, 'm'));
    await first.stop();
    remove();
    other.remove();
  });

  it('ends at once on the second signal', async () => {
    const { cwd, remove } = workingFolder();
    const { child, json, stop } = await startJson(['start'], { cwd, env: ANY_PORT });
    // A request whose body never comes keeps the graceful end waiting.
    const { hostname, port } = new URL(json['url'] ?? '');
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write('POST /v1/uploads HTTP/1.1\r\nhost: x\r\norigin: http://localhost\r\n');
    socket.write('content-type: application/json\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n');
    await once(socket, 'data');

    child.kill('SIGTERM');
    await waitUntilUnready(json['url'] ?? '');
    const { exitCode } = await stop();

    assert.equal(exitCode, 1);
    socket.destroy();
    remove();
  });

  it('goes on when nobody reads its output any more', async () => {
    const { cwd, remove } = workingFolder();
    const { child, json, stop } = await startJson(['start'], { cwd, env: ANY_PORT });
    child.stdout.destroy();
    child.stderr.destroy();

    for (let count = 0; count < 3; count += 1) {
      assert.equal((await fetch(`${json['url']}/healthz`)).status, 200);
    }

    assert.equal((await stop()).exitCode, 0);
    remove();
  });

  it('prints addresses for people', async () => {
    const { cwd, remove } = workingFolder();
    const { lines, stop } = await start(['start'], { cwd, env: ANY_PORT, until: /Ctrl\+C/ });

    assert.match(lines[0] ?? '', /^b2-uploader is running on a local bucket/);
    assert.match(lines.join('\n'), /^ {2}Signer +http:\/\/localhost:\d+\/v1$/m);
    assert.match(lines.join('\n'), /^ {2}Bucket +http:\/\/127\.0\.0\.1:\d+\/uploads-/m);
    assert.match(lines.join('\n'), /^ {2}Data folder +\/.*data$/m);
    assert.equal((await stop()).exitCode, 0);
    remove();
  });
});

describe('b2-uploader bucket', () => {
  it('prints what a shell can read', async () => {
    const { cwd, remove } = workingFolder();
    const words = ['bucket', '--dir', 'elsewhere', '--profile', 'b2'];
    const { lines, stop } = await start(words, { cwd, until: /^export BUCKET=/ });

    assert.match(lines.join('\n'), /^export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/m);
    assert.match(lines.join('\n'), /^export AWS_ACCESS_KEY_ID=\w+$/m);
    assert.ok(lines.every((line) => /^(?:#|export \w+=\S+$)/.test(line)));
    assert.ok(existsSync(join(cwd, 'elsewhere/local.json')));
    assert.equal((await stop()).exitCode, 0);
    remove();
  });

  it('serves any S3 client with the keys that it prints', async () => {
    const { cwd, remove } = workingFolder();
    const { json, stop } = await startJson(['bucket'], { cwd });
    const client = new S3Client({
      endpoint: json['endpoint'] ?? '',
      region: json['region'] ?? '',
      forcePathStyle: true,
      credentials: { accessKeyId: json['keyId'] ?? '', secretAccessKey: json['applicationKey'] ?? '' },
    });

    assert.deepEqual(Object.keys(json), ['endpoint', 'region', 'bucket', 'keyId', 'applicationKey']);
    await client.send(new HeadBucketCommand({ Bucket: json['bucket'] ?? '' }));
    const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket: json['bucket'] ?? '' }));
    assert.equal(KeyCount, 0);

    assert.equal((await stop()).exitCode, 0);
    remove();
  });
});

/** The first signal has arrived when no new connection is taken. */
async function waitUntilUnready(url: string): Promise<void> {
  for (;;) if ((await fetch(`${url}/readyz`)).status === 503) return;
}
