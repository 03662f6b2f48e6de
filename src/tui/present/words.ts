/**
 * Durations, ages, sizes and states as people say them, and the colour token that goes with a word. Pure.
 */
import type { EnvironmentWord, IsolationWord, ServerView, SessionState } from '../../protocol/view.ts';
import type { Token } from '../styled.ts';

/** 0.3 s, 12 s, 4 min 10 s, 2 h 5 min. */
export function toDuration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A remaining or past time without fractions: 45 s, 9 min, 3 h, 2 d. */
export function toSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

export function toBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KiB`;
  if (bytes < 1_073_741_824) return `${(bytes / 1_048_576).toFixed(1)} MiB`;
  return `${(bytes / 1_073_741_824).toFixed(1)} GiB`;
}

/** The local time of day, to the second. */
export function toTimeOfDay(atMs: number): string {
  const date = new Date(atMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => `${part}`.padStart(2, '0')).join(':');
}

/** The local day and time, to the second. */
export function toDayAndTime(atMs: number): string {
  const date = new Date(atMs);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => `${part}`.padStart(2, '0'));
  return `${day.join('-')} ${toTimeOfDay(atMs)}`;
}

/** "1 server", "3 servers". */
export function toCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Production is written in capitals: it is told apart without colour, too. */
export function toEnvironmentWord(server: Pick<ServerView, 'environment' | 'environmentAssumed'>): string {
  const word = server.environment === 'production' ? 'PRODUCTION' : server.environment;
  return server.environmentAssumed ? `${word} (assumed)` : word;
}

const shortWords: Readonly<Record<EnvironmentWord, string>> = {
  production: 'PROD',
  staging: 'stg',
  development: 'dev',
};

/** For rows that are narrow; a question mark when it is assumed. */
export function toShortWord(server: Pick<ServerView, 'environment' | 'environmentAssumed'>): string {
  return `${shortWords[server.environment]}${server.environmentAssumed ? '?' : ''}`;
}

export function toEnvironmentToken(environment: EnvironmentWord): Token {
  return environment;
}

const serverStateTokens: Readonly<Record<ServerView['state'], Token>> = {
  idle: 'muted',
  connecting: 'warn',
  connected: 'ok',
  lost: 'danger',
  failed: 'danger',
  broken: 'danger',
};

export function toServerStateToken(state: ServerView['state']): Token {
  return serverStateTokens[state];
}

const sessionStateTokens: Readonly<Record<SessionState, Token>> = {
  starting: 'warn',
  restarting: 'warn',
  resting: 'muted',
  idle: 'muted',
  working: 'accent',
  'waiting for you': 'warn',
  failed: 'danger',
  ended: 'muted',
};

export function toSessionStateToken(state: SessionState): Token {
  return sessionStateTokens[state];
}

const isolationTokens: Readonly<Record<IsolationWord, Token>> = {
  isolated: 'ok',
  'isolated, host network': 'ok',
  'tools off': 'warn',
  'NOT CONTAINED': 'danger',
  'not running': 'muted',
};

export function toIsolationToken(state: IsolationWord): Token {
  return isolationTokens[state];
}
