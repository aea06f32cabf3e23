// `b2-uploader bucket`: the local bucket alone, for tests of any S3 code.
import { openLocalBucket } from '../runtime/local-site.js';
import { EXIT } from '../runtime/failure.js';
import { JSON_OPTION, usageFailure, type Command, type CommandWorld, type Values } from './command.js';

export const bucket: Command = {
  name: 'bucket',
  summary: 'Runs the local S3-compatible bucket alone, for tests of any S3 code.',
  details: `Listens on this machine only and keeps everything in one folder. Signatures are verified as AWS does;
the bucket has no CORS rules until you set them.`,
  options: {
    dir: { type: 'string', value: 'FOLDER', help: 'Where objects and keys are kept (default: data).' },
    port: { type: 'string', value: 'PORT', help: 'Port to listen on; 0, the default, takes any free one.' },
    profile: {
      type: 'string',
      value: 's3|b2',
      help: 'What it can do: all of S3 (default), or what Backblaze B2 can.',
    },
    json: JSON_OPTION,
  },
  run,
};

async function run(values: Values, { print, stopped }: CommandWorld): Promise<number> {
  const { dir = 'data', port = '0', profile = 's3' } = values;
  if (!/^\d{1,5}$/.test(String(port)) || Number(port) > 65_535) {
    throw usageFailure(bucket, `--port is "${port}"; expected 0 to 65535`);
  }
  if (profile !== 's3' && profile !== 'b2') {
    throw usageFailure(bucket, `--profile is "${profile}"; expected s3 or b2`);
  }
  const open = await openLocalBucket({ folder: String(dir), port: Number(port), profile });
  const { endpoint, region, bucket: name, keyId, applicationKey } = open;
  if (values['json']) print(JSON.stringify({ endpoint, region, bucket: name, keyId, applicationKey }));
  else {
    print(`# Local bucket "${name}" in ${open.folder}; end it with Ctrl+C.
export AWS_ENDPOINT_URL=${endpoint}
export AWS_REGION=${region}
export AWS_ACCESS_KEY_ID=${keyId}
export AWS_SECRET_ACCESS_KEY=${applicationKey}
export BUCKET=${name}`);
  }
  await stopped;
  await open.close();
  return EXIT.ok;
}
