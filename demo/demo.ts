// Shows what the form would send, and the snippet that this very page uses.
const form = find('#form', HTMLFormElement);
const sent = find('#sent', HTMLOutputElement);
const entries = find('#entries', HTMLElement);
const snippet = find('#snippet', HTMLElement);
const copy = find('#copy', HTMLButtonElement);
const uploader = find('b2-uploader', HTMLElement);

const siteKey = uploader.getAttribute('site-key') ?? '';
snippet.textContent = `<script type="module" src="${location.origin}/b2-uploader.js"></script>
<b2-uploader site-key="${siteKey}" name="photos" accept="image/*" multiple required></b2-uploader>`;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const lines = [...new FormData(form)].map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? value : value.name}`,
  );
  entries.textContent = lines.join('\n');
  sent.hidden = false;
  sent.scrollIntoView({ block: 'nearest' });
});

form.addEventListener('reset', () => {
  sent.hidden = true;
});

copy.addEventListener('click', () => void copySnippet());

async function copySnippet(): Promise<void> {
  await navigator.clipboard.writeText(snippet.textContent);
  copy.textContent = 'Copied';
  copy.addEventListener('blur', () => (copy.textContent = 'Copy'), { once: true });
}

function find<T extends Element>(selector: string, type: new () => T): T {
  const element = document.querySelector(selector);
  if (element instanceof type) return element;
  throw new Error(`${selector} is missing.`);
}
