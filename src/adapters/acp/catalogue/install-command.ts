/** The command that brings an agent's program to a folder of ours, for agents that are packages of npm. It runs nothing. */
import type { AgentProfile } from './profile.ts';

/** Null for an agent whose hint names no package of npm. */
export function toInstallCommand({ installHint }: AgentProfile, folder: string): readonly string[] | null {
  const [, name] = /^npm install --global ((?:@[\w.-]+\/)?[\w.-]+)$/.exec(installHint) ?? [];
  return name === undefined ? null : ['npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', name];
}
