/** What is typed reaches the host in order and whole, however slow it is and however much comes at once. */
import { expect, it } from 'vitest';
import { TypedQueue } from '../../../src/tui/shells/typed-queue.ts';

function openQueue() {
  const sent: string[] = [];
  const failures: string[] = [];
  const answers: { resolve(): void; reject(error: Error): void }[] = [];
  const queue = new TypedQueue({
    send: (bytes) => {
      sent.push(Buffer.from(bytes).toString());
      return new Promise<void>((resolve, reject) => void answers.push({ resolve, reject }));
    },
    handleFailure: (sentence) => failures.push(sentence),
  });
  const type = (text: string): void => queue.push(Buffer.from(text));
  /** The request that runs is answered. */
  const answer = async (error?: Error): Promise<void> => {
    const running = answers.shift();
    if (error) running?.reject(error);
    else running?.resolve();
    await new Promise(setImmediate);
  };
  return { sent, failures, type, answer };
}

it('has one request on its way; what is typed meanwhile goes with the next one', async () => {
  const { sent, type, answer } = openQueue();
  for (const key of 'abc') type(key);
  expect(sent).toEqual(['a']);
  await answer();
  expect(sent).toEqual(['a', 'bc']);
  type('');
  await answer();
  type('d');
  expect(sent).toEqual(['a', 'bc', 'd']);
});

it('cuts a long paste into requests that the host takes', async () => {
  const { sent, type, answer } = openQueue();
  const paste = 'x'.repeat(70_000);
  type(paste);
  await answer();
  await answer();
  await answer();
  expect(sent.map((text) => text.length)).toEqual([32_768, 32_768, 4_464]);
});

it('drops what waits when the host refuses, says so once, and goes on with what is typed then', async () => {
  const { sent, failures, type, answer } = openQueue();
  type('a');
  type('b');
  await answer(new Error('There is no shell shell-1 any more; open another one.'));
  type('c');
  expect([sent, failures]).toEqual([['a', 'c'], ['There is no shell shell-1 any more; open another one.']]);
});

it('takes no more than a host could keep', () => {
  const { sent, failures, type } = openQueue();
  type('x'.repeat(5 * 1024 * 1024));
  expect([sent, failures]).toEqual([[], ['The shell takes in less than was pasted; the rest of it was left out.']]);
});
