// The plainest PUT and sign call a page can make, for the floor and for peers that bring none of their own.

/** @throws When storage answers anything but success. */
export function put(url: string, body: Blob, contentType: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('PUT', url);
    if (contentType) xhr.setRequestHeader('content-type', contentType);
    xhr.addEventListener('load', () => {
      if (xhr.status === 200) resolve();
      else reject(new Error(`PUT answered ${xhr.status}`));
    });
    xhr.addEventListener('error', () => reject(new Error('PUT got no answer')));
    xhr.send(body);
  });
}

export async function post<T>(url: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as T;
}
