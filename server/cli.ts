#!/usr/bin/env node
// The program `b2-uploader`: connects the commands to this process, its streams and its signals.
import { main, unexpected } from './cli/main.js';

// The SDK's word on coming Node versions is for developers, not for who runs the service.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** A reader that went away (`b2-uploader start | head -1`) must not end the service with a trace. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const warn = (text: string): void => void process.stderr.write(`${text}\n`);

/** The first signal asks for a graceful end, the second one ends at once. */
const stopped = new Promise<void>((resolve) => {
  let signals = 0;
  const stop = (): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    resolve();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
});

const crash = (error: unknown): void => {
  warn(unexpected(error, process.env['LOG_LEVEL'] === 'debug'));
  process.exit(1);
};
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  warn(`Node ${process.versions.node} is too old: b2-uploader needs 20.19 or newer.`);
  process.exit(1);
}

const exitCode = await main(process.argv.slice(2), { env: process.env, print, warn, stopped });
// Ends what may still be open, once both streams have taken their last lines.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
