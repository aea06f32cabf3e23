// PutBucketVersioning, GetBucketVersioning: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
import { bucketOf } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { receiveSmallBody } from '../http/receive-body.js';
import { parseXml, text, xmlDocument } from '../http/xml.js';
import { S3Error } from '../s3-error.js';

const MAX_CONFIGURATION_BYTES = 4096;

export async function putBucketVersioning(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const configuration = parseXml(
    await receiveSmallBody(call, MAX_CONFIGURATION_BYTES),
    'VersioningConfiguration',
  );
  const status = configuration.text('Status');
  if (configuration.text('MfaDelete') === 'Enabled')
    throw new S3Error('NotImplemented', 'MFA delete is not implemented');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new S3Error('MalformedXML');
  }
  if (status === 'Suspended' && call.service.profile === 'b2') {
    throw new S3Error('NotImplemented', 'Backblaze B2 keeps versions in every bucket.');
  }
  bucket.changeSettings({ ...bucket.settings, versioning: status });
  return { status: 200 };
}

export function getBucketVersioning(call: Call): Answer {
  const { versioning } = bucketOf(call).settings;
  return {
    status: 200,
    xml: xmlDocument('VersioningConfiguration', [
      text('Status', versioning === 'Off' ? undefined : versioning),
    ]),
  };
}
