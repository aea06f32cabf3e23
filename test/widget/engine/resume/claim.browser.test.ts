// Claims between pages: each frame is a page of its own to the locks of the browser.
import { expect } from '@open-wc/testing';
import { dropClaim, holdClaim, withClaim } from '../../../../widget/engine/run/claims.js';
import type { SiteAccess } from '../../../../widget/engine/site-access.js';
import * as claims from '../../../../widget/engine/resume/claim.js';

const SITE = {} as SiteAccess;

type Claims = typeof claims;

const { claimUpload, heldElsewhere } = claims;
const MODULE = new URL('../../../../widget/engine/resume/claim.ts', import.meta.url).href;

/** Another page of the same site, with its own copy of the module. */
async function openPage(): Promise<{ readonly claims: Claims; readonly close: () => void }> {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const page = frame.contentWindow as Window & { claims?: Claims };
  const script = page.document.createElement('script');
  script.type = 'module';
  script.textContent = `import * as claims from '${MODULE}'; window.claims = claims; frameElement.dispatchEvent(new Event('ready'));`;
  const ready = new Promise((resolve) => frame.addEventListener('ready', resolve, { once: true }));
  page.document.body.append(script);
  await ready;
  if (!page.claims) throw new Error('The frame did not load the module.');
  return { claims: page.claims, close: () => frame.remove() };
}

/** Locks of another page are given back a moment later, as the browser likes. */
async function claimSoon(id: string): Promise<() => unknown> {
  for (;;) {
    const release = await claimUpload(id);
    if (release) return release;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

describe('a claim', () => {
  it('is granted to one page at a time', async () => {
    const other = await openPage();

    const first = await claimUpload('a');
    const second = await other.claims.claimUpload('a');
    const another = await other.claims.claimUpload('b');

    expect(first).to.be.a('function');
    expect(second).to.equal(undefined);
    expect(another).to.be.a('function');
    await first?.();
    other.close();
  });

  it('is granted once in a page too', async () => {
    const first = await claimUpload('once');
    const second = await claimUpload('once');

    expect(second).to.equal(undefined);
    await first?.();
  });

  it('can be had again when it is released, and when its page is closed', async () => {
    const other = await openPage();
    const [released, closed] = await Promise.all(['c', 'd'].map((id) => other.claims.claimUpload(id)));

    void released?.();
    const first = await claimSoon('c');
    other.close();
    const second = await claimSoon('d');

    expect(closed).to.be.a('function');
    await first();
    await second();
  });

  it('is free again once its release has ended', async () => {
    const first = await claimUpload('again');
    await first?.();
    const second = await claimUpload('again');

    expect(second).to.be.a('function');
    await second?.();
  });

  it('shows to other pages, not to its own', async () => {
    const other = await openPage();
    const mine = await claimUpload('mine');
    const theirs = await other.claims.claimUpload('theirs');

    const ids = ['mine', 'theirs', 'nobody’s'];
    const [here, there] = [await heldElsewhere(ids), await other.claims.heldElsewhere(ids)];

    expect([[...here], [...there]]).to.deep.equal([['theirs'], ['mine']]);
    await mine?.();
    await theirs?.();
    other.close();
  });

  it('is always granted where locks refuse to work', async () => {
    const frame = document.createElement('iframe');
    frame.sandbox.add('allow-scripts');
    const answer = new Promise((resolve) =>
      window.addEventListener('message', ({ data }) => resolve(data), { once: true }),
    );
    const source = await (await fetch(MODULE)).text();
    const script = `${source.replaceAll('export ', '')}
      claimUpload('e').then(async (release) => {
        const elsewhere = await heldElsewhere(['e']);
        parent.postMessage([typeof release, elsewhere.size], '*');
      });`;
    frame.srcdoc = `<script type="module">${script}</script>`;
    document.body.append(frame);

    expect(await answer).to.deep.equal(['function', 0]);
    frame.remove();
  });
});

describe('what only the holder of a claim may do', () => {
  it('is done right after the run that held it was stopped', async () => {
    const holder = { site: SITE };
    const done: string[] = [];
    await holdClaim('stopped', holder);

    dropClaim('stopped', holder);
    await withClaim('stopped', SITE, () => done.push('stopped'));

    expect(done).to.deep.equal(['stopped']);
  });

  it('is not done while another page holds it', async () => {
    const other = await openPage();
    const theirs = await other.claims.claimUpload('taken over');
    const done: string[] = [];

    await withClaim('taken over', SITE, () => done.push('by mistake'));

    expect(done).to.deep.equal([]);
    await theirs?.();
    other.close();
  });
});
