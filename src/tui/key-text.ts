/**
 * Keys as people write them. Pure; knows no action.
 */
import type { Binding, KeyName } from './keymap.ts';

const keyLabels: Readonly<Record<string, string>> = {
  space: 'Space',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  prefix: 'the prefix again',
};

/** The first key of a binding as people write it; with the prefix in front where it needs one. */
export function toKeyLabel(binding: Binding, prefix: KeyName): string {
  if (binding.keys.length === 0) return '';
  const label = toKeyText(binding.keys[0] === 'prefix' ? prefix : (binding.keys[0] ?? ''));
  return binding.scope === 'prefix' ? `${toKeyText(prefix)} ${label}` : label;
}

export function toKeyText(key: KeyName): string {
  const control = /^ctrl-(.)$/.exec(key);
  if (control?.[1]) return `^${control[1].toUpperCase()}`;
  const shifted = /^(alt|shift)-(.+)$/.exec(key);
  if (shifted?.[1] && shifted[2]) return `${shifted[1] === 'alt' ? 'Alt' : 'Shift'}-${toKeyText(shifted[2])}`;
  return keyLabels[key] ?? (/^f\d+$/.test(key) ? key.toUpperCase() : key);
}
