/** The story of a connection as steps for a person: one line each, with what else was seen as notes. Pure. */
import { toMs } from '../../base/display/milliseconds.ts';
import type { Code, OperationError } from '../../core/codes.ts';
import type { TestStep } from '../../core/ports.ts';
import { toTilde } from '../registry/ssh-config-text.ts';
import type { ConnectStory, LoginAttempt } from './connect-story.ts';
import { toWhose } from './host-keys.ts';
import { toPlace } from './open-socket.ts';

/** Of the hops, nearest first, and of the server itself, up to the step that failed; `error` null: none did. */
export function toConnectSteps(story: ConnectStory, error: OperationError | null): readonly TestStep[] {
  const hops: ConnectStory[] = [];
  for (let hop = story.through; hop !== null; hop = hop.through) hops.unshift(hop);
  const steps: TestStep[] = [];
  for (const hop of hops) {
    const isFailed = error !== null && !hop.isDone;
    steps.push(toHopStep(hop, isFailed ? error : null));
    if (isFailed) return steps;
  }
  const own = [toNetworkStep(story), toKeyStep(story), toLoginStep(story)];
  if (error === null) return [...steps, ...own];
  const at = stepOf(error.code);
  if (at === null) return [...steps, { name: 'Settings', ok: false, detail: error.message }];
  return [
    ...steps,
    ...own.slice(0, at + 1).map((step, index) => (index === at ? { ...step, ok: false, detail: error.message } : step)),
  ];
}

function stepOf(code: Code): number | null {
  if (code === 'UNREACHABLE' || code === 'TIMEOUT' || code === 'CONNECTION_LOST') return 0;
  if (code === 'HOST_KEY_UNKNOWN' || code === 'HOST_KEY_CHANGED') return 1;
  if (code === 'AUTH_FAILED' || code === 'CREDENTIALS_UNAVAILABLE') return 2;
  return null;
}

function toHopStep(hop: ConnectStory, error: OperationError | null): TestStep {
  const { target, times, wasOpen } = hop;
  const name = 'Jump host';
  const [network, key, login] = [toNetworkStep(hop), toKeyStep(hop), toLoginStep(hop)];
  const seen = (step: TestStep): readonly string[] => step.notes ?? [];
  if (error !== null) return { name, ok: false, detail: error.message, notes: [network, key, login].flatMap(seen) };
  const id = toWhose(target.id).replace(/^the jump host /, '');
  if (wasOpen) return { name, ok: true, detail: `${id} (${target.address}), connected already` };
  const ms = (times.connected ?? 0) + (times.lookedUp ?? 0) + (times.agreed ?? 0) + (times.loggedIn ?? 0);
  const notes = [
    network.detail,
    ...seen(network),
    key.detail,
    ...seen(key),
    `logged in as ${login.detail}`,
    ...seen(login),
  ];
  return { name, ok: true, detail: `${id} (${target.address})`, ms, notes };
}

function toNetworkStep(story: ConnectStory): TestStep {
  const { target, software, addresses, address, algorithms, times } = story;
  const notes: string[] = [];
  if (addresses.length > 0) notes.push(`${target.host} stands for ${addresses.join(', ')}${inMs(times.lookedUp)}`);
  if (story.command !== null) notes.push(`the command is ${story.command}`);
  if (address !== null) notes.push(`connected to ${address}${inMs(times.connected)}`);
  if (algorithms) {
    const { kex, hostKey, cipher, mac, compression } = algorithms;
    notes.push(`keys exchanged with ${kex}, signed with ${hostKey}${inMs(times.agreed)}`);
    const packed = compression === 'none' ? 'not compressed' : `compressed with ${compression}`;
    notes.push(`enciphered with ${cipher}${mac === '' ? '' : ` and ${mac}`}, ${packed}`);
  }
  // Only where it is not the SSH of this program.
  const over = story.system === null ? '' : `, over the system's ssh ${story.system}`;
  const way = story.command === null ? '' : ', through a command of this machine (ProxyCommand)';
  const answer = `answers as ${software ?? 'an SSH server'}${way}${over}`;
  const ms = times.connected === undefined ? null : (times.lookedUp ?? 0) + times.connected;
  return { name: 'Network', ok: true, detail: `${toPlace(target.host, target.port)} ${answer}`, ms, notes };
}

function toKeyStep({ key }: ConnectStory): TestStep {
  if (key === null) return { name: 'Host key', ok: true, detail: 'the host key is trusted' };
  const notes = key.knownFrom === null ? [] : [`known from ${key.knownFrom}`];
  const how = key.knownFrom?.startsWith('a certificate') ? ', certified' : '';
  return { name: 'Host key', ok: true, detail: `${key.type} ${key.fingerprint}${how}`, notes };
}

function toLoginStep({ target, attempts, times, banner }: ConnectStory): TestStep {
  const taken = attempts.filter(({ outcome }) => outcome?.startsWith('taken')).map(({ words }) => toShort(words));
  // With the exchange of keys before it, so that the steps add up to the time it took to connect.
  const ms = times.loggedIn === undefined ? null : (times.agreed ?? 0) + times.loggedIn;
  const detail = `${target.username}${taken.length === 0 ? '' : `, with ${taken.join(' and ')}`}`;
  const said = banner === null ? [] : [`it says: ${banner}`];
  return { name: 'Login', ok: true, detail, ms, notes: [...said, ...attempts.map(toAttemptWords)] };
}

function toAttemptWords({ words, outcome, refusals, note }: LoginAttempt): string {
  const times = refusals > 1 ? ` ${refusals} times` : '';
  const what = outcome ?? 'no answer';
  // Of an agent that was taken, the keys before the one that was.
  const after =
    outcome?.startsWith('taken') && refusals > 0
      ? `, after ${refusals} that ${refusals === 1 ? 'was' : 'were'} refused`
      : '';
  return `${toShort(words)}: ${what}${outcome === 'refused' ? times : after}${note === null ? '' : ` (${note})`}`;
}

/** Paths below the home folder as one writes them. */
function toShort(words: string): string {
  return words.split(' ').map(toTilde).join(' ');
}

function inMs(ms: number | undefined): string {
  return ms === undefined ? '' : `, ${toMs(ms)}`;
}
