/**
 * The table of keys: every key of the program with its place, its label and its sentence. Data only; decides nothing.
 */
import type { Action, Binding, KeyName, Scope } from './keymap.ts';

type Row = readonly [keys: string, action: Action, label: string, help: string, rank?: number];

function table(scope: Scope, rows: readonly Row[]): readonly Binding[] {
  return rows.map(([keys, action, label, help, rank]) => ({
    scope,
    keys: keys.split(' ') as readonly KeyName[],
    action,
    label,
    help,
    rank: rank ?? 0,
  }));
}

const scrolling: readonly Row[] = [
  ['j down', 'scrollDown', 'down', 'One line down.'],
  ['k up', 'scrollUp', 'up', 'One line up.'],
  ['pagedown ctrl-f', 'pageDown', 'page down', 'One page down.'],
  ['pageup', 'pageUp', 'page up', 'One page up.'],
  ['g home', 'toStart', 'start', 'To the beginning.'],
  ['G end', 'toEnd', 'end', 'To the end; new text is followed from there.'],
];

const list: readonly Row[] = [
  ['j down', 'scrollDown', 'next', 'The next row.'],
  ['k up', 'scrollUp', 'previous', 'The row before.'],
  ['pagedown ctrl-f', 'pageDown', 'page down', 'One page down.'],
  ['pageup', 'pageUp', 'page up', 'One page up.'],
  ['g home', 'toStart', 'first', 'The first row.'],
  ['G end', 'toEnd', 'last', 'The last row.'],
];

export const bindings: readonly Binding[] = [
  ...table('always', [
    ['ctrl-c', 'cancelTurn', 'cancel', "Cancels the agent's turn; a second one offers to detach.", 80],
  ]),
  ...table('prefix', [
    ['d', 'detach', 'detach', 'Leaves the screen; agents and commands run on.', 90],
    ['z', 'zoom', 'zoom', 'The focused part takes the whole screen, or gives it back.', 91],
    ['n', 'nextPane', 'next pane', 'To the next server pane.', 92],
    ['p', 'previousPane', 'previous pane', 'To the server pane before.'],
    ['up', 'focusUp', 'up', 'To the part above.'],
    ['down', 'focusDown', 'down', 'To the part below.'],
    ['left', 'focusLeft', 'left', 'To the part on the left.'],
    ['right', 'focusRight', 'right', 'To the part on the right.'],
    ['space', 'arrange', 'layout', 'Switches the panes between grid and stack.', 93],
    ['a', 'goToCard', 'to the card', 'To the request that waits for your answer.', 2],
    ['c', 'newSession', 'new session', 'Opens a new session.'],
    [':', 'palette', 'command', 'Opens the command line.'],
    ['?', 'help', 'help', 'Shows every key that works here.', 95],
    ['o', 'openItems', 'open items', 'What nobody has acknowledged yet.'],
    ['R', 'restartHost', 'start a host', 'Starts a host when none runs any more.', 3],
  ]),
  ...table('global', [
    ['?', 'help', 'help', 'Shows every key that works here.', 95],
    ['/', 'search', 'search', 'Searches what has the focus; in lists it filters.', 60],
    [':', 'palette', 'command', 'Opens the command line.', 96],
    ['tab', 'focusNext', 'next part', 'To the next part of the screen.', 50],
    ['shift-tab', 'focusPrevious', 'previous part', 'To the part before.'],
    ['1', 'viewWorkspace', 'workspace', 'Shows the conversation and the panes.', 70],
    ['2', 'viewApprovals', 'approvals', 'Shows what waits, one request over the whole width.', 71],
    ['3', 'viewAudit', 'audit', 'Shows the audit log.', 72],
    ['4', 'viewServers', 'servers', 'Shows the registered servers.', 73],
    ['5', 'viewAgents', 'agents', 'Shows the agents of the catalogue.', 74],
    ['6', 'viewSessions', 'sessions', 'Shows the sessions.', 75],
    ['i', 'editPrompt', 'write', 'Back to the prompt.', 20],
    ['o', 'openItems', 'open items', 'What nobody has acknowledged yet.', 40],
    ['R', 'restartHost', 'start a host', 'Starts a host when none runs any more.', 3],
    ['q', 'close', 'close', 'Closes this view.', 85],
  ]),
  ...table('prompt', [
    ['enter', 'send', 'send', 'Sends the prompt; a working agent gets it when it is free.', 1],
    ['alt-enter shift-enter ctrl-j', 'newLine', 'new line', 'A new line in the prompt.', 4],
    ['escape', 'leaveEditor', 'leave the prompt', 'Leaves the prompt; letters are keys again.', 3],
  ]),
  ...table('conversation', [
    ...scrolling,
    ['t', 'foldThoughts', 'thoughts', "Shows or hides the agent's thoughts.", 30],
    ['n', 'searchNext', 'next match', 'The next place that was searched for.'],
    ['N', 'searchPrevious', 'previous match', 'The place before that was searched for.'],
    [']', 'nextSession', 'next session', 'Shows the next session.'],
    ['[', 'previousSession', 'previous session', 'Shows the session before.'],
    ['c', 'newSession', 'new session', 'Opens a new session.', 31],
    ['C', 'showChanges', 'changes', 'Shows every file that this session changed.', 32],
  ]),
  ...table('pane', [
    ...scrolling,
    ['enter', 'zoom', 'zoom', 'The pane takes the whole screen, or gives it back.', 30],
    ['n', 'searchNext', 'next match', 'The next place that was searched for.'],
    ['N', 'searchPrevious', 'previous match', 'The place before that was searched for.'],
  ]),
  ...table('card', [
    ['a', 'approve', 'approve', 'Approves this request, once.', 1],
    ['d', 'deny', 'deny', 'Denies this request.', 2],
    ['r', 'denyWithReason', 'with reason', 'Denies it with a reason that the agent reads.', 3],
    ['e', 'edit', 'edit', 'Changes the command or the file; what you wrote is judged anew.', 4],
    ['s', 'approveForSession', 'session', 'Approves exactly this command on this server for this session.', 5],
    ['v', 'toggleDiff', 'diff', 'Shows the difference alone, or the whole card again.', 6],
    ['x', 'explain', 'explain', 'Says which rule stopped it and why.', 7],
    ['space', 'mark', 'mark', 'Marks the card; only a card read to its end can be marked.', 8],
    ['A', 'approveMarked', 'marked', 'Approves every marked card after the count is confirmed.', 9],
    [
      '+',
      'makeRule',
      'make a rule',
      'Offers rules for this command, narrow ones first, and what each would have done so far.',
      10,
    ],
    ['n ]', 'nextCard', 'next', 'The next card.', 11],
    ['p [', 'previousCard', 'previous', 'The card before.'],
    ...scrolling,
  ]),
  ...table('audit', [
    ...list,
    ['enter', 'open', 'details', 'Shows all records of the operation, and its diff.', 1],
    [
      'R',
      'rollBack',
      'roll back',
      'Shows what rolling this change back would do; nothing happens before you approve it.',
      3,
    ],
    ['V', 'verifyChain', 'verify', 'Checks that no record was changed, removed or added.', 2],
  ]),
  ...table('auditDetail', [
    ['escape', 'close', 'back', 'Back to the list.', 1],
    ['v', 'toggleDiff', 'diff', 'Shows the difference alone, or the records too.', 2],
    ['enter', 'open', 'play', 'Plays the recording of what the command printed.', 4],
    [
      'R',
      'rollBack',
      'roll back',
      'Shows what rolling this change back would do; nothing happens before you approve it.',
      3,
    ],
    ...scrolling,
  ]),
  ...table('servers', [
    ...list,
    ['enter', 'open', 'show', 'Shows the pane of this server in the workspace.', 4],
    ['t', 'testServer', 'test', 'Connects and says what it found, step by step.', 1],
    ['T', 'trustKey', 'trust its key', "Asks whether the server's host key is the right one.", 2],
    ['u', 'reloadServers', 'reload', 'Reads the server files again.', 3],
  ]),
  ...table('agents', [
    ...list,
    ['t', 'probeAgent', 'probe', 'Starts the agent once and says what it found.', 1],
    ['c', 'newSession', 'new session', 'Opens a session with this agent.', 2],
  ]),
  ...table('sessions', [
    ...list,
    ['enter', 'open', 'show', 'Shows this session in the workspace.', 1],
    ['c', 'newSession', 'new', 'Opens a new session.', 2],
    ['C', 'showChanges', 'changes', 'Shows every file that the session changed.', 5],
    ['r', 'renameSession', 'rename', 'Gives the session another title.', 3],
    ['K', 'killSession', 'kill', 'Ends the session and its agent, after a question.', 4],
  ]),
  ...table('firstRun', [['u', 'reloadServers', 'reload', 'Reads the server files again.', 1]]),
  ...table('help', [...scrolling, ['escape q ? ctrl-c', 'close', 'close', 'Closes the help.', 1]]),
  ...table('document', [...scrolling, ['escape q ctrl-c', 'close', 'close', 'Closes this text.', 1]]),
  // It may come while somebody types: only keys that no word has close it, and everything else does nothing.
  ...table('news', [['enter escape ctrl-c', 'close', 'close', 'Closes this text.', 1]]),
  ...table('openItems', [
    ...list,
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
  ...table('rollback', [
    ['enter', 'submit', 'ask the gate', 'Puts it before the gate; you approve or deny the card that follows.', 1],
    ['escape q ctrl-c', 'close', 'cancel', 'Closes it; nothing is done.', 2],
    ...scrolling,
  ]),
  ...table('recording', [
    ['space', 'togglePlay', 'play or pause', 'Plays, or pauses; at the end it begins anew.', 1],
    ['right l', 'seekForward', 'forward', 'Five seconds forward.', 2],
    ['left h', 'seekBack', 'back', 'Five seconds back.', 3],
    ['+ =', 'faster', 'faster', 'Twice as fast.', 4],
    ['-', 'slower', 'slower', 'Half as fast.', 5],
    ['g home', 'toStart', 'start', 'To the beginning.'],
    ['G end', 'toEnd', 'end', 'To the end.', 6],
    ['pageup', 'pageUp', 'page up', 'Looks back at what has scrolled away.'],
    ['pagedown ctrl-f', 'pageDown', 'page down', 'Back towards the newest line.'],
    ['escape q ctrl-c', 'close', 'close', 'Closes the recording.', 7],
  ]),
  ...table('changes', [
    ['j down', 'scrollDown', 'next file', 'The next file.'],
    ['k up', 'scrollUp', 'file before', 'The file before.'],
    ['pagedown ctrl-f', 'pageDown', 'page down', 'One page of the difference down.'],
    ['pageup', 'pageUp', 'page up', 'One page of the difference up.'],
    ['R', 'rollBack', 'roll back', 'Shows what rolling this file back to before the session would do.', 1],
    ['A', 'rollBackAll', 'all files', 'Shows what rolling back everything the session changed would do.', 2],
    ['escape q ctrl-c', 'close', 'close', 'Closes the list.', 3],
  ]),
  ...table('form', [
    ['enter', 'submit', 'confirm', 'Does it.', 1],
    ['tab', 'nextField', 'next field', 'To the next field.', 2],
    ['shift-tab', 'previousField', 'previous field', 'To the field before.'],
    ['down', 'nextChoice', 'next choice', 'To the next choice or field.', 5],
    ['up', 'previousChoice', 'previous choice', 'To the choice or field before.'],
    ['space', 'toggleChoice', 'choose', 'Chooses or unchooses the row.', 3],
    ['escape ctrl-c', 'close', 'cancel', 'Closes it; nothing is done.', 4],
  ]),
  ...table('editor', [
    ['ctrl-s', 'saveEdit', 'send for judging', 'What you wrote is judged anew, and runs as yours when it may.', 1],
    ['escape ctrl-c', 'close', 'cancel', 'Leaves it as it was asked.', 2],
  ]),
  ...table('palette', [
    ['enter', 'submit', 'run', 'Runs the command.', 1],
    ['tab', 'complete', 'complete', 'Completes the word.', 2],
    ['escape ctrl-c', 'close', 'cancel', 'Closes the command line.', 3],
  ]),
  ...table('search', [
    ['enter', 'submit', 'keep', 'Goes back to the text; n and N jump from match to match.', 1],
    ['escape ctrl-c', 'close', 'clear', 'Forgets the search.', 2],
  ]),
];
