/** What the policy commands share: the rules of this machine and folder, and its servers. Decides nothing. */
import { systemClock } from '../../base/clock.ts';
import type { Paths } from '../../core/paths.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { PolicyRules } from '../../core/policy/policy-source.ts';
import type { Registry } from '../../core/ports.ts';
import { reachableFor } from '../../core/reachable.ts';
import type { Target } from '../../core/server.ts';
import { toPaths } from '../../runtime/paths.ts';
import { createPolicySource } from '../../runtime/policy/create-policy-source.ts';
import { findWorkspace } from '../../runtime/registry/find-workspace.ts';
import type { CliIo } from '../output.ts';

export interface PolicyDesk {
  readonly paths: Paths;
  readonly workspace: string | null;
  readonly rules: PolicyRules;
  /** Throws CONFIG_INVALID while a rule file is bad, as the gate would. */
  policy(): Promise<Policy>;
  /** The registry is loaded when the first server is asked for, and each is asked once. */
  target(id: string): Promise<Target>;
}

export function openPolicyDesk(io: CliIo): PolicyDesk {
  const paths = toPaths(io.env);
  const workspace = findWorkspace(io.cwd);
  const rules = createPolicySource({ paths, clock: systemClock });
  const known = new Map<string, Promise<Target>>();
  let registry: Promise<Registry> | null = null;
  return {
    ...{ paths, workspace, rules },
    policy: () => rules.current(workspace),
    target(id) {
      registry ??= loadRegistry(paths, io);
      const found = known.get(id) ?? registry.then((loaded) => resolveAsAll(loaded, id, workspace));
      known.set(id, found);
      return found;
    },
  };
}

/** As an operator's own command is judged, with every server in scope; a session may have fewer. */
async function resolveAsAll(registry: Registry, id: string, workspace: string | null): Promise<Target> {
  const target = await registry.resolve(id, workspace);
  return { ...target, reachable: await reachableFor(registry, { servers: 'all', workspace }) };
}

async function loadRegistry(paths: Paths, io: CliIo): Promise<Registry> {
  const { createRegistry } = await import('../../runtime/registry/create-registry.ts');
  return createRegistry({ paths, env: io.env });
}
