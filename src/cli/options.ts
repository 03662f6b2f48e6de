/** Option values that several commands take. */
import { InvalidArgumentError } from 'commander';

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
  if (value !== '' && Number.isFinite(seconds) && seconds > 0) return Math.round(seconds * 1_000);
  throw new InvalidArgumentError('It must be a number of seconds, more than 0.');
}
