/** What the same checks need to know of one agent: how its model is replaced by a scripted one, and how it names tools. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentProfile } from '../../../src/adapters/acp/catalogue/profile.ts';
import type { ModelReply, ModelServer } from '../../fixtures/model-server.ts';

export interface AgentDriver {
  readonly profile: AgentProfile;
  /** On npm. */
  readonly packageName: string;
  /** Leads it to the scripted model, with a key that is none. */
  env(model: ModelServer): Readonly<Record<string, string>>;
  /** In front of the names of our operations, as its model sees them. */
  readonly toolPrefix: string;
  /** Calls that have to come first, for agents that hide tools until they are looked for. */
  readonly opening: readonly ModelReply[];
  /** Tools of its own that its model is offered all the same. What each can do is written beside it. */
  readonly ownTools: readonly string[];
  /** Its own tools, as a model would call them when it knew them from elsewhere: run a program, read a file of this machine. */
  readonly localCalls: readonly ModelReply[];
}

/** Where agents are installed: one folder each, named like the agent in the catalogue. */
const agentsFolder = process.env.SIGNALBOX_AGENTS_FOLDER ?? '';

export function versionOf({ profile, packageName }: AgentDriver): string {
  const file = join(agentsFolder, profile.id, 'node_modules', packageName, 'package.json');
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
