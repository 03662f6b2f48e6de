/** Option values that several commands take. */
import { InvalidArgumentError } from 'commander';
import { limits } from '../core/limits.ts';

/** Repeated, or with commas. */
export function collectWords(value: string, before: readonly string[]): readonly string[] {
  return [...before, ...value.split(',').filter((word) => word !== '')];
}

/** A whole number that is not negative. */
export function toCount(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number.');
}

/** Seconds, as milliseconds; parts of a second are possible. */
export function toMilliseconds(value: string): number {
  const seconds = Number(value);
  const milliseconds = Math.round(seconds * 1_000);
  const isWithin = milliseconds >= limits.commandTimeoutMsMin && milliseconds <= limits.commandTimeoutMsMax;
  if (value.trim() !== '' && isWithin) return milliseconds;
  const [least, most] = [limits.commandTimeoutMsMin / 1_000, limits.commandTimeoutMsMax / 1_000];
  throw new InvalidArgumentError(`It must be a number of seconds from ${least} to ${most}.`);
}

/** A host name or an address, as the form on the screen takes it. */
export function toAddress(value: string): string {
  if (value.includes('@')) throw new InvalidArgumentError('It is the address alone; give the user with --user.');
  if (/^[^:]+:\d+$/.test(value)) throw new InvalidArgumentError('It is the address alone; give the port with --port.');
  if (value !== '' && !/[\s/]/.test(value)) return value;
  throw new InvalidArgumentError('It must be a name or an address, without blanks and slashes.');
}
