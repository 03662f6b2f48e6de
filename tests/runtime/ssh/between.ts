/** Something that happens on a server right between two messages of ours: before the n-th request of a kind leaves. */
import { type MockInstance, vi } from 'vitest';
import { SftpChannel } from '../../../src/runtime/ssh/sftp-channel.ts';

type Send = Parameters<SftpChannel['request']>[0];
type Wrapper = Parameters<Send>[0];

/**
 * `act` runs in the turn in which the request is sent, and must be done when it returns. `method` is as ssh2 calls it. One at a
 * time; undone by `vi.restoreAllMocks`.
 */
export function beforeRequest(
  method: keyof Wrapper & string,
  nth: number | 'each',
  act: (count: number) => void,
): MockInstance {
  let count = 0;
  const request = SftpChannel.prototype.request;
  const watched = (wrapper: Wrapper): Wrapper =>
    new Proxy(wrapper, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== 'function') return value;
        return (...words: unknown[]): unknown => {
          if (property === method) {
            count += 1;
            if (nth === 'each' || count === nth) act(count);
          }
          return Reflect.apply(value, target, words);
        };
      },
    });
  return vi.spyOn(SftpChannel.prototype, 'request').mockImplementation(function (this: SftpChannel, send: Send) {
    return request.call(this, (wrapper, done) => send(watched(wrapper), done));
  });
}
