/**
 * Every action of the table of keys as an entry of the palette: with its keys, and the reason when it cannot be done now. Pure but for running.
 */
import { type CommandPorts, commands, tryAction } from '../actions/commands.ts';
import { keyWord } from '../key-words.ts';
import { type Action, type Binding, type Scope, toByUse, toKeyLabel } from '../keymap.ts';
import { keysInForce } from '../keys-in-force.ts';
import { scopeTitles } from '../present/scope-titles.ts';
import type { ScreenModel } from '../screen-model.ts';
import { type Situation, whyNot } from '../situation.ts';
import type { PaletteEntry } from './palette-entry.ts';

/** Where the views and the parts of the workspace have their keys, and what leads there. What lies above a view is not among them. */
const placeActions: Partial<Record<Scope, Action>> = {
  prompt: 'editPrompt',
  conversation: 'viewWorkspace',
  pane: 'focusNext',
  card: 'viewApprovals',
  formCard: 'viewApprovals',
  audit: 'viewAudit',
  auditDetail: 'viewAudit',
  servers: 'viewServers',
  agents: 'viewAgents',
  sessions: 'viewSessions',
  firstRun: 'viewWorkspace',
};

/** Opening the palette from the palette is nothing to offer. */
const left: readonly Action[] = ['palette'];

export function toActionEntries({ stage }: CommandPorts): readonly PaletteEntry[] {
  const { model } = stage;
  const base = model.baseScopes;
  const situation = model.toSituation(base);
  const seen = new Set<Action>(left);
  const entries: PaletteEntry[] = [];
  const add = (binding: Binding, key: string | null, disabled: string | null, run: () => void): void => {
    if (seen.has(binding.action)) return;
    seen.add(binding.action);
    const { action, label, help, scope } = binding;
    const command = commands.find((entry) => entry.action === action)?.name ?? null;
    entries.push({
      ...{ id: `action ${action}`, group: scopeTitles[scope], title: label, detail: help },
      ...{ key, command, disabled, run },
    });
  };
  for (const { scope, way, focus } of toReachable(model)) {
    for (const binding of toByUse(keysInForce().filter((entry) => entry.scope === scope))) {
      const reason = whyNot(binding.action, situation);
      const key = way === null ? null : `${way}${toKeyLabel(binding, model.words.prefix)}`;
      add(binding, key, reason, () => {
        focus?.();
        tryAction(stage, binding.action);
      });
    }
  }
  for (const binding of keysInForce()) {
    const leading = placeActions[binding.scope];
    if (leading === undefined || base.includes(binding.scope)) continue;
    const reason = toPlaceReason(binding.scope, keyWord('global', leading), situation);
    add(binding, toKeyLabel(binding, model.words.prefix), reason, () => undefined);
  }
  return entries;
}

interface Reachable {
  readonly scope: Scope;
  /** What is pressed before its keys; null where no key leads there, since all of them go into a shell. */
  readonly way: string | null;
  /** Goes where the action is done. */
  readonly focus?: () => void;
}

/** The scopes of here, then those a key away: from a text field everything behind Esc, from a shell without a key, in the workspace the conversation and the prompt. */
function toReachable(model: ScreenModel): readonly Reachable[] {
  const base = model.baseScopes;
  const isText = !base.includes('global');
  const isShell = base[0] === 'shell';
  const way = isShell ? null : isText ? `${keyWord('prompt', 'leaveEditor')} ` : '';
  const isWorkspace = model.viewName === 'workspace' && !model.hasFirstRun;
  const near: readonly Reachable[] = [
    { scope: 'prefix', way: '' },
    { scope: 'global', way },
    ...(isWorkspace ? ([{ scope: 'conversation', way, focus: toFocus(model, 'conversation') }] as const) : []),
    ...(isWorkspace && model.hasPrompt
      ? ([
          {
            scope: 'prompt',
            way: isShell ? null : `${keyWord('global', 'editPrompt')} `,
            focus: toFocus(model, 'prompt'),
          },
        ] as const)
      : []),
  ];
  return [
    ...base.map((scope): Reachable => ({ scope, way: '' })),
    ...near.filter(({ scope }) => !base.includes(scope)),
  ];
}

function toFocus(model: ScreenModel, part: 'conversation' | 'prompt'): () => void {
  return () => {
    model.focus = part;
  };
}

function toPlaceReason(scope: Scope, way: string, { waiting }: Situation): string {
  if ((scope === 'card' || scope === 'formCard') && waiting === 0) return 'nothing waits';
  return `only in: ${scopeTitles[scope]}; ${way} leads there`;
}
