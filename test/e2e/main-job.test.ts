// The main job on the embedded bucket as `npm start` runs it, and on a real S3 server where one is named.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startProcess } from '../support/test-process.js';
import { createTestBucket, namedStore, openBucket, type TestStore } from '../support/test-bucket.js';
import { mainJobContract, type Stage } from './main-job.contract.js';

mainJobContract('the local bucket', openLocalStage);

const named = namedStore();
if (named) mainJobContract('the named S3 server', () => openStageOn(named));
else
  describe('the main job on a real S3 server', () =>
    it('needs RGW_ENDPOINT', { skip: 'no S3 server named' }, () => undefined));

async function openLocalStage(): Promise<Stage> {
  const signer = await startProcess();
  const secrets = JSON.parse(await readFile(join(signer.folder, 'data/local.json'), 'utf8')) as Record<
    string,
    string
  >;
  const { bucket: name = '', keyId = '', applicationKey = '' } = secrets;
  const bucket = openBucket({ endpoint: signer.bucket ?? '', keyId, applicationKey }, name);
  return { signer, bucket, close: () => closeAll(bucket, signer) };
}

/** The article's four variables, pointing at the S3 server. */
async function openStageOn(store: TestStore): Promise<Stage> {
  const bucket = await createTestBucket(store);
  const { endpoint, keyId, applicationKey } = store;
  const signer = await startProcess({
    B2_ENDPOINT_URL: endpoint,
    B2_BUCKET: bucket.settings.bucket,
    B2_KEY_ID: keyId,
    B2_APPLICATION_KEY: applicationKey,
    HOST: '127.0.0.1',
  });
  return { signer, bucket, close: () => closeAll(bucket, signer) };
}

async function closeAll(bucket: Stage['bucket'], signer: Stage['signer']): Promise<void> {
  bucket.close();
  await signer.close();
}
