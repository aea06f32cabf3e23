// How files get in: dialog, drop, folders, paste, API; what is refused, and what takes whose place.
import { expect, waitUntil } from '@open-wc/testing';
import { announced, control, choose, drag, file, part, parts, rowTexts, Stage, transferOf } from './stage.js';

describe('choosing files', () => {
  it('takes files of the dialog and lists them in order', async () => {
    const element = await new Stage().mount();

    await choose(element, file('one.png', 2_100_000), file('two.png', 900));

    expect(element.files.map(({ name }) => name)).to.deep.equal(['one.png', 'two.png']);
    expect(rowTexts(element)[0]).to.contain('one.png').and.contain('2.1 MB');
  });

  it('gives the dialog what the element and its site accept', async () => {
    const stage = new Stage();
    stage.policy = { accept: ['image/*', '.pdf'] };

    const element = await stage.mount({ accept: 'image/png, .zip', capture: 'environment' });

    const input = element.shadowRoot!.querySelector('input')!;
    expect(input.accept).to.equal('image/png');
    expect(input.multiple).to.equal(true);
    expect(input.getAttribute('capture')).to.equal('environment');
  });

  it('takes dropped files and prevents the page from opening them', async () => {
    const element = await new Stage().mount();
    const transfer = transferOf(file('dropped.png'));

    const over = await drag(part(element, 'dropzone'), 'dragover', transfer);
    const drop = await drag(part(element, 'dropzone'), 'drop', transfer);

    expect(over.defaultPrevented && drop.defaultPrevented).to.equal(true);
    expect(element.files.map(({ name }) => name)).to.deep.equal(['dropped.png']);
  });

  it('ignores a drag without files', async () => {
    const element = await new Stage().mount();
    const transfer = new DataTransfer();
    transfer.setData('text/plain', 'hello');

    const over = await drag(element, 'dragenter', transfer);

    expect(over.defaultPrevented).to.equal(false);
    expect(element.matches(':state(dragover)')).to.equal(false);
  });

  it('says what a drag carries, without flicker, until it leaves', async () => {
    const element = await new Stage().mount({ accept: 'image/*' });
    const transfer = transferOf(file('a.png'), file('b.png'));

    await drag(element, 'dragenter', transfer);
    await drag(part(element, 'dropzone'), 'dragenter', transfer);
    await drag(element, 'dragleave', transfer);
    expect(element.matches(':state(dragover)')).to.equal(true);
    expect(part(element, 'dropzone').textContent).to.contain('Drop 2 files');

    await drag(part(element, 'dropzone'), 'dragleave', transfer);
    await element.updateComplete;
    expect(element.matches(':state(dragover)')).to.equal(false);
  });

  it('says before the drop that a type is refused, and what is taken', async () => {
    const element = await new Stage().mount({ accept: 'image/*,.pdf' });

    await drag(element, 'dragenter', transferOf(file('a.mov', 1, 'video/quicktime')));

    expect(part(element, 'dropzone').textContent)
      .to.contain('not accepted')
      .and.contain('Choose photos or PDF.');
  });

  it('hints at the drop area while files are dragged elsewhere on the page', async () => {
    const element = await new Stage().mount();

    await drag(document.body, 'dragenter', transferOf(file('a.png')));
    await element.updateComplete;

    expect(part(element, 'dropzone').className).to.contain('near');
    await drag(document.body, 'dragleave', transferOf(file('a.png')));
  });

  it('refuses a dropped folder, in words, when folders are off', async () => {
    const stage = new Stage();
    const element = await stage.mount();

    await drag(element, 'drop', withEntries([folder('holiday', [])]));

    expect(rowTexts(element)[0]).to.contain('holiday').and.contain('Folders are not accepted.');
    expect(stage.heard).to.deep.equal(['b2-reject']);
  });

  it('reads folders completely, all levels and batches, in order', async () => {
    const element = await new Stage().mount({ directory: true });
    const many = Array.from({ length: 45 }, (_, i) => leaf(`/trip/${i}.png`));
    const trip = folder('trip', [...many, folder('day', [leaf('/trip/day/x.png')]), leaf('/trip/.DS_Store')]);

    await drag(element, 'drop', withEntries([leaf('/first.png'), trip]));
    await waitUntil(() => element.files.length === 47);

    const paths = element.files.map(({ relativePath }) => relativePath);
    expect(paths.slice(0, 2)).to.deep.equal(['first.png', 'trip/0.png']);
    expect(paths.at(-1)).to.equal('trip/day/x.png');
  });

  it('takes pasted files', async () => {
    const element = await new Stage().mount();
    const clipboardData = transferOf(file('image.png'));

    part(element, 'button').dispatchEvent(
      new ClipboardEvent('paste', { bubbles: true, composed: true, cancelable: true, clipboardData }),
    );

    expect(element.files.map(({ name }) => name)).to.deep.equal(['image.png']);
  });

  it('keeps refused files in the list with the reason, beside the taken ones', async () => {
    const element = await new Stage().mount({ accept: 'image/*', 'max-size': '1MB' });

    await choose(
      element,
      file('a.png'),
      file('clip.mov', 1, 'video/quicktime'),
      file('big.gif', 1_000_001, 'image/gif'),
    );

    expect(element.files.map(({ name }) => name)).to.deep.equal(['a.png']);
    const [, clip, big] = rowTexts(element);
    expect(clip).to.contain('Not accepted').and.contain('MOV files are not accepted. Choose photos.');
    expect(big).to.contain('Larger than 1 MB. Choose a smaller file.');
  });

  it('lets refusals be dismissed one by one and all at once', async () => {
    const element = await new Stage().mount({ accept: 'image/*' });
    await choose(element, ...['a', 'b', 'c'].map((name) => file(`${name}.mov`, 1, 'video/quicktime')));

    control(element, 'Dismiss a.mov').click();
    await element.updateComplete;
    expect(parts(element, 'item')).to.have.length(2);

    control(element, 'Dismiss 2 not accepted').click();
    await element.updateComplete;
    expect(parts(element, 'item')).to.have.length(0);
  });

  it('gathers what is over the count into one line', async () => {
    const element = await new Stage().mount({ 'max-files': '2' });

    await choose(element, ...Array.from({ length: 20 }, (_, i) => file(`${i}.png`)));

    expect(element.files).to.have.length(2);
    expect(rowTexts(element).at(-1)).to.contain('15 more files').and.contain('Only 2 files are taken.');
  });

  it('refuses late what only the site refuses', async () => {
    const stage = new Stage();
    stage.policy = { accept: ['image/*'] };
    const element = document.createElement('b2-uploader');
    element.setAttribute('site-key', 'pk_test');
    element.setAttribute('signer', 'https://signer.test');
    document.body.append(element);
    element.addEventListener('b2-reject', () => stage.heard.push('b2-reject'));

    element.add([file('notes.pdf', 10, 'application/pdf')]);
    await waitUntil(() => stage.heard.length > 0);
    await element.updateComplete;

    expect(rowTexts(element)[0]).to.contain('PDF files are not accepted. Choose photos.');
    expect(element.files).to.have.length(0);
    element.remove();
  });

  it('replaces the file when only one is taken, but not by a refused one', async () => {
    const element = await new Stage().mount({ multiple: false, accept: 'image/*' });

    await choose(element, file('old.png'));
    await choose(element, file('film.mov', 1, 'video/quicktime'));
    expect(element.files.map(({ name }) => name)).to.deep.equal(['old.png']);

    await choose(element, file('new.png'));
    expect(element.files.map(({ name }) => name)).to.deep.equal(['new.png']);
  });

  it('takes the same by script, refusals included', async () => {
    const element = await new Stage().mount({ accept: 'image/*' });

    element.add([file('a.png'), file('b.exe', 1, '')]);
    await element.updateComplete;

    expect(rowTexts(element)).to.have.length(2);
    expect(element.files).to.have.length(1);
  });

  it('lists nothing that a handler of b2-add has taken off the list', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    element.addEventListener('b2-add', ({ detail }) => {
      if (detail.file.name === 'b.png') element.clear();
    });

    element.add(['a.png', 'b.png', 'c.png'].map((name) => file(name)));
    await element.updateComplete;

    expect(element.files).to.have.length(0);
    expect(parts(element, 'item')).to.have.length(0);
  });

  it('counts what is added anew after the list was emptied', async () => {
    const element = await new Stage().mount({ 'no-auto': true });

    element.add([file('a.png'), file('b.png')]);
    element.clear();
    element.add([file('c.png')]);
    await waitUntil(() => announced(element) !== '');

    expect(announced(element)).to.equal('1 file added.');
  });

  it('takes nothing by hand while disabled', async () => {
    const element = await new Stage().mount({ disabled: true });

    const over = await drag(element, 'dragover', transferOf(file('a.png')));
    await drag(element, 'drop', transferOf(file('a.png')));

    expect(over.defaultPrevented).to.equal(true);
    expect(element.files).to.have.length(0);
  });

  it('takes over from a fallback input, with the files chosen before', async () => {
    const stage = new Stage();
    const element = document.createElement('b2-uploader');
    const fallback = Object.assign(document.createElement('input'), { type: 'file', name: 'photos' });
    fallback.files = transferOf(file('early.png')).files;
    element.append(fallback);
    element.setAttribute('site-key', 'pk_test');
    element.setAttribute('signer', 'https://signer.test');

    document.body.append(element);
    await element.updateComplete;

    expect(element.files.map(({ name }) => name)).to.deep.equal(['early.png']);
    expect(fallback.disabled).to.equal(true);
    expect(getComputedStyle(fallback).display).to.equal('none');
    expect(stage.sends).to.have.length(0);
    element.remove();
  });

  it('puts slotted content in place of the invitation', async () => {
    const element = await new Stage().mount();
    expect(part(element, 'dropzone').textContent).to.contain('Drop files here');

    element.append('Scans of your passport');
    await waitUntil(
      () => !element.shadowRoot!.querySelector('.invitation span:not([hidden])')?.textContent?.trim(),
    );
  });
});

interface FakeEntry {
  readonly name: string;
  readonly fullPath: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

function leaf(fullPath: string): FakeEntry {
  const name = fullPath.split('/').at(-1)!;
  const read = (resolve: (file: File) => void): void => resolve(file(name));
  return Object.assign({ name, fullPath, isFile: true, isDirectory: false }, { file: read });
}

/** Hands its entries out in batches, as browsers do. */
function folder(name: string, entries: readonly FakeEntry[]): FakeEntry {
  const createReader = (): object => {
    let read = 0;
    return {
      readEntries: (resolve: (batch: readonly FakeEntry[]) => void) => {
        resolve(entries.slice(read, read + 10));
        read += 10;
      },
    };
  };
  return Object.assign({ name, fullPath: `/${name}`, isFile: false, isDirectory: true }, { createReader });
}

function withEntries(entries: readonly FakeEntry[]): DataTransfer {
  const transfer = transferOf(...entries.map(({ name }) => file(name)));
  const items = entries.map((entry) => ({
    kind: 'file',
    webkitGetAsEntry: () => entry,
    getAsFile: () => file(entry.name),
  }));
  Object.defineProperty(transfer, 'items', { value: items });
  return transfer;
}
