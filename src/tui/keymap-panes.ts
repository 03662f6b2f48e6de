/**
 * The keys for where panes are: layout, borders, order, what is hidden. After the prefix, with tmux's letters where it has some. Data only.
 */
import type { Binding } from './keymap.ts';
import { table } from './keymap-rows.ts';

export const paneBindings: readonly Binding[] = table('prefix', [
  ['space', 'arrange', 'layout', 'The next layout: grid, stack, one large pane, or as you divide it.', 93],
  ['ctrl-up', 'borderUp', 'border up', 'Moves the border of this part up; repeats without the prefix.'],
  ['ctrl-down', 'borderDown', 'border down', 'Moves the border of this part down.'],
  ['ctrl-left', 'borderLeft', 'border left', 'Moves the border of this part to the left.'],
  ['ctrl-right', 'borderRight', 'border right', 'Moves the border of this part to the right.'],
  ['alt-up', 'borderFarUp', 'border far up', 'Moves the border five rows up.'],
  ['alt-down', 'borderFarDown', 'border far down', 'Moves the border five rows down.'],
  ['alt-left', 'borderFarLeft', 'border far left', 'Moves the border five columns to the left.'],
  ['alt-right', 'borderFarRight', 'border far right', 'Moves the border five columns to the right.'],
  ['=', 'evenBorders', 'even', 'Puts every border back where it is best.'],
  ['{', 'swapPrevious', 'swap back', 'Changes places with the pane before.'],
  ['}', 'swapNext', 'swap', 'Changes places with the next pane.'],
  ['%', 'splitBeside', 'split', 'Divides the place of this pane, and puts the next pane beside it.'],
  ['"', 'splitBelow', 'split below', 'Divides the place of this pane, and puts the next pane below it.'],
  ['h', 'hidePane', 'hide', 'Hides this pane.'],
  ['H', 'showPanes', 'panes', 'Lists all panes; choosing one shows it, also a hidden one.'],
  ['P', 'pinPane', 'pin', 'Keeps this pane in sight when there are more than fit, or no longer.'],
  ['A', 'allServers', 'all servers', 'Shows the panes of all servers, or of this session alone.'],
]);
