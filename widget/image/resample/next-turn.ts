// Lets what waits in the event loop have its turn, at once: a timer would wait for milliseconds.

/**
 * Resolves in a later task. In turn with messages: `scheduler.yield` comes before them, and a worker would hear of no abort.
 */
export async function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const turn = new Promise((resolve) => {
    port1.addEventListener('message', resolve, { once: true });
  });
  port1.start();
  port2.postMessage(null);
  await turn;
  port1.close();
}
