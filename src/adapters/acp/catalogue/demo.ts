/** The bundled demo agent: a script of ours that says so. It runs from our own program and has no tool but the ones it is given. */
import { type AgentProfile, profile } from './profile.ts';

/** @param command absolute program and arguments of the demo agent. */
export function demo(command: readonly string[]): AgentProfile {
  return profile({
    id: 'demo',
    label: 'Demo agent (scripted)',
    command,
    installHint: 'It comes with signalbox.',
    localToolsOff: true,
    offers: { readFiles: true, writeFiles: true, terminals: true },
    tried: true,
  });
}
