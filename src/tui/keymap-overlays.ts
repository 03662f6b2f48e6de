/**
 * The keys of what lies above the views: dialogs, lists, texts and lines of input. Data only.
 */
import type { Binding } from './keymap.ts';
import { copyBindings, lookingRows } from './keymap-copy.ts';
import { choosing, detailedList, dialog, scrolling, table } from './keymap-rows.ts';

export const overlayBindings: readonly Binding[] = [
  ...table('help', [
    ['enter', 'submit', 'do it', 'Does what the chosen key does.', 2],
    ...choosing,
    ['escape ? ctrl-c', 'close', 'close', 'Closes the help.', 1],
  ]),
  ...table('document', [...scrolling, ...lookingRows, ['escape q ctrl-c', 'close', 'close', 'Closes this text.', 1]]),
  // It may come while somebody types: only keys that no word has close it, and everything else does nothing.
  ...table('news', [['enter escape ctrl-c', 'close', 'close', 'Closes this text.', 1]]),
  // Every other key is kept for what is opening.
  ...table('opening', [
    ['escape ctrl-c', 'close', 'cancel', 'Gives up what is opening; what you typed for it goes nowhere.', 1],
  ]),
  ...table('openItems', [
    ...detailedList,
    ['enter', 'acknowledge', 'acknowledge', 'You have seen it; it leaves this list and stays in the audit log.', 1],
    [
      's',
      'storeImage',
      'store image',
      'Reads its file from the server now, keeps it as the after-image, and acknowledges it.',
      2,
    ],
    ['escape q ctrl-c', 'close', 'close', 'Closes the list.', 3],
  ]),
  ...table('durables', [
    ...detailedList,
    ['enter f', 'followDurable', 'follow', 'Shows the rest of its output in the pane of its server, until it ends.', 1],
    ['t', 'lookDurable', 'look', 'Looks on its server whether it runs, or how it has ended.', 2],
    ['x', 'stopDurable', 'stop', 'Ends it with all it has started, after a question.', 3],
    ['D', 'removeDurable', 'take out', 'Forgets it, and removes what it printed from its server.', 4],
    ['escape q ctrl-c', 'close', 'close', 'Closes the list; the commands go on.', 5],
  ]),
  ...table('rollback', [
    ['enter', 'submit', 'ask the gate', 'Puts it before the gate; you approve or deny the card that follows.', 1],
    ['escape q ctrl-c', 'close', 'cancel', 'Closes it; nothing is done.', 2],
    ...scrolling,
  ]),
  ...table('recording', [
    ...lookingRows,
    ['space', 'togglePlay', 'play or pause', 'Plays, or pauses; at the end it begins anew.', 1],
    ['right l', 'seekForward', 'forward', 'Five seconds forward.', 3],
    ['left h', 'seekBack', 'back', 'Five seconds back.', 4],
    ['+ =', 'faster', 'faster', 'Twice as fast.', 5],
    ['-', 'slower', 'slower', 'Half as fast.', 6],
    ['g home', 'toStart', 'start', 'To the beginning.'],
    ['G end', 'toEnd', 'end', 'To the end.', 7],
    ['pageup', 'pageUp', 'page up', 'Looks back at what has scrolled away.'],
    ['pagedown ctrl-f', 'pageDown', 'page down', 'Back towards the newest line.'],
    ['escape q ctrl-c', 'close', 'close', 'Closes the recording.', 2],
  ]),
  ...table('changes', [
    ...lookingRows,
    ['j down', 'scrollDown', 'next file', 'The next file.'],
    ['k up', 'scrollUp', 'file before', 'The file before.'],
    ['pagedown ctrl-f', 'pageDown', 'page down', 'One page of the difference down.'],
    ['pageup', 'pageUp', 'page up', 'One page of the difference up.'],
    ['enter', 'open', 'whole difference', 'Gives the room of the list to the difference, or takes it back.', 4],
    ['R', 'rollBack', 'roll back', 'Shows what rolling this file back to before the session would do.', 1],
    ['A', 'rollBackAll', 'all files', 'Shows what rolling back everything the session changed would do.', 2],
    ['escape q ctrl-c', 'close', 'close', 'Closes the list, or goes back to it.', 3],
  ]),
  ...table('fileHistory', [
    ['j down', 'scrollDown', 'older', 'The change before.'],
    ['k up', 'scrollUp', 'newer', 'The change after.'],
    ['pagedown ctrl-f', 'pageDown', 'page down', 'One page of the difference down.'],
    ['pageup', 'pageUp', 'page up', 'One page of the difference up.'],
    ['}', 'nextHunk', 'next change', 'To the next place in the difference.', 4],
    ['{', 'previousHunk', 'change before', 'To the place in the difference before.'],
    ['|', 'toggleBeside', 'side by side', 'Shows the difference in two columns or in one; two need 160 columns.', 5],
    ['R', 'rollBack', 'roll back', 'Shows what rolling this change back would do.', 1],
    ['enter', 'open', 'records', 'Shows all records of this change.', 2],
    ['escape q ctrl-c', 'close', 'close', 'Closes the list.', 3],
  ]),
  ...table('form', [
    ['enter', 'submit', 'confirm', 'Does it.', 1],
    ...dialog,
    ['escape ctrl-c', 'close', 'cancel', 'Closes it; nothing is done.', 4],
  ]),
  ...table('formCard', [
    ['a enter', 'fillIn', 'answer', 'Opens the question to fill it in.', 1],
    ['d', 'declineForm', 'decline', 'Tells who asks that you do not want to answer.', 2],
    ['X', 'cancelForm', 'dismiss', 'Takes the question away without an answer.', 3],
    ['y', 'copyLink', 'copy the address', 'Copies the address of the page; signalbox opens none.', 4],
    ['n ]', 'nextCard', 'next', 'The next card.', 11],
    ['p [', 'previousCard', 'previous', 'The card before.'],
    ...scrolling,
  ]),
  ...table('agentForm', [
    ['enter', 'submit', 'answer', 'Sends the answer to the agent.', 1],
    ...dialog,
    ['ctrl-x', 'declineForm', 'decline', 'Tells the agent that you do not want to answer.', 6],
    ['ctrl-t', 'cancelForm', 'dismiss', 'Takes the question away without an answer.', 7],
    ['ctrl-l', 'copyLink', 'copy the address', 'Copies the address of the page; signalbox opens none.', 8],
    ['escape ctrl-c', 'close', 'later', 'Closes the dialog; the question waits on.', 4],
  ]),
  ...table('picker', [
    ['enter', 'submit', 'choose', 'Takes the row.', 1],
    ...choosing,
    ['escape ctrl-c', 'close', 'cancel', 'Closes it; nothing is changed.', 3],
  ]),
  ...table('queue', [
    ['j down', 'scrollDown', 'next', 'The next prompt.'],
    ['k up', 'scrollUp', 'previous', 'The prompt before.'],
    ['e enter', 'takeBack', 'take back', 'Takes the prompt back into the editor.', 1],
    ['d delete', 'deletePrompt', 'delete', 'Deletes the prompt; the agent never sees it.', 2],
    ['escape q ctrl-c', 'close', 'close', 'Closes the list.', 3],
  ]),
  ...table('editor', [
    ['ctrl-s', 'saveEdit', 'send for judging', 'What you wrote is judged anew, and runs as yours when it may.', 1],
    ['escape ctrl-c', 'close', 'cancel', 'Leaves it as it was asked.', 2],
    ['ctrl-g', 'editOutside', 'editor', 'Opens it in the editor that VISUAL or EDITOR names, else vi.', 3],
  ]),
  ...table('palette', [
    ['enter', 'submit', 'do it', 'Does what the row says, or the command that was typed.', 1],
    ['tab', 'complete', 'complete', 'Puts the command of the row into the line, to write what follows it.', 2],
    ...choosing,
    ['escape ctrl-c', 'close', 'cancel', 'Closes the palette.', 4],
  ]),
  ...table('history', [
    ['enter', 'submit', 'take', 'Puts the prompt into the editor.', 1],
    ['ctrl-r down ctrl-n', 'nextChoice', 'older', 'The one before that.', 2],
    ['ctrl-s up ctrl-p', 'previousChoice', 'newer', 'The one after that.', 3],
    ['pagedown', 'pageDown', 'page down', 'One page of older ones.'],
    ['pageup', 'pageUp', 'page up', 'One page of newer ones.'],
    ['escape ctrl-c ctrl-g', 'close', 'cancel', 'Closes the search; the prompt stays as it was.', 4],
  ]),
  ...table('export', [
    ['enter', 'submit', 'write', 'Writes the conversation there; a file that exists is left alone.', 1],
    ['tab', 'complete', 'complete', 'Completes the path.', 2],
    ['escape ctrl-c', 'close', 'cancel', 'Writes nothing.', 3],
  ]),
  ...table('attach', [
    ['enter', 'submit', 'attach', 'Attaches this file.', 1],
    ['tab', 'complete', 'complete', 'Completes the path.', 2],
    ['escape ctrl-c', 'close', 'cancel', 'Attaches nothing.', 3],
  ]),
  ...table('filter', [
    ['enter', 'submit', 'keep', 'Goes back to the pane; only the lines that have the pattern are shown.', 1],
    ['escape ctrl-c', 'close', 'clear', 'Shows all lines again.', 2],
  ]),
  ...copyBindings,
  ...table('auditSearch', [
    ['enter', 'submit', 'keep', 'Goes back to the list, which shows only what was searched for.', 1],
    ['tab', 'complete', 'complete', 'Completes a word of the filter: outcome:, server:, since: and so on.', 2],
    ['escape ctrl-c', 'close', 'clear', 'Forgets the search.', 3],
  ]),
  ...table('search', [
    ['enter', 'submit', 'keep', 'Goes back to the text; n and N jump from match to match.', 1],
    ['escape ctrl-c', 'close', 'clear', 'Forgets the search.', 2],
  ]),
];
