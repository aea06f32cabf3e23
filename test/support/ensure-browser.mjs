// Finds a Chrome or Chromium for the tests; on Debian as root installs one, else says what to install and exits with 1.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge'];
const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const WINDOWS_PATHS = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];

const HELP = `The browser tests need Chrome, Chromium or Edge.
  Debian:  sudo apt-get install chromium
  Ubuntu:  https://www.google.com/chrome/ (.deb)
  macOS:   brew install --cask google-chrome
  or set CHROME_PATH to a Chrome binary.`;

/** Path of a browser, or undefined. CHROME_PATH wins. */
export function findChrome() {
  const { CHROME_PATH } = process.env;
  return CHROME_PATH ? [CHROME_PATH].find(isRunnable) : candidates().find(isRunnable);
}

/** A browser's path for certain. */
function ensureChrome() {
  const found = findChrome();
  if (found || !canInstall()) return found;
  console.error('No Chrome found; installing Debian’s chromium …');
  const install = () => apt('install', '-y', '--no-install-recommends', 'chromium');
  if (!install() && apt('update')) install();
  return findChrome();
}

function candidates() {
  if (process.platform === 'darwin')
    return MAC_APPS.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => process.env[name]);
    return roots.filter(Boolean).flatMap((root) => WINDOWS_PATHS.map((path) => join(root, path)));
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isRunnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Ubuntu's chromium package is a stub for snap, so Debian proper only. */
function canInstall() {
  if (process.platform !== 'linux' || process.getuid() !== 0 || !existsSync('/etc/debian_version'))
    return false;
  return !readFileSync('/etc/os-release', 'utf8').includes('ID=ubuntu');
}

function apt(...command) {
  const { status } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const chrome = ensureChrome();
  console.error(chrome ? `browser: ${chrome}` : HELP);
  process.exit(chrome ? 0 : 1);
}
