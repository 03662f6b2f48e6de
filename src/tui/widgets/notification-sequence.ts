/** The sequences that make a terminal show a desktop notification, each terminal its own. Knows no streams and no views. */

/** OSC 9 (iTerm2, WezTerm, Windows Terminal), OSC 777 (rxvt, foot, Ghostty, VTE), OSC 99 (kitty). */
export type NotificationForm = '9' | '777' | '99';

/** Terminals cut longer texts, some of them badly. */
const charactersMax = 200;

/**
 * Inside of tmux the sequence is wrapped for the terminal outside (DCS passthrough; tmux wants `allow-passthrough on`). A terminal that
 * does not know a sequence shows nothing.
 */
export function notificationSequence(
  form: NotificationForm,
  notification: { readonly title: string; readonly text: string },
  multiplexer: 'tmux' | 'none',
): string {
  const sequence = toSequence(form, toPlain(notification.title), toPlain(notification.text));
  return multiplexer === 'tmux' ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : sequence;
}

/** The form that the terminal understands, as its variables name it; OSC 9 is the one that most of the others know. */
export function detectNotificationForm(env: NodeJS.ProcessEnv): NotificationForm {
  if (env.KITTY_WINDOW_ID !== undefined || /kitty/.test(env.TERM ?? '')) return '99';
  if (/^(?:foot|rxvt|xterm-ghostty)/.test(env.TERM ?? '')) return '777';
  if (env.TERM_PROGRAM === 'ghostty' || env.GHOSTTY_RESOURCES_DIR !== undefined || env.VTE_VERSION !== undefined)
    return '777';
  return '9';
}

function toSequence(form: NotificationForm, title: string, text: string): string {
  switch (form) {
    case '9':
      // A text that begins with a digit and a semicolon is another command to some terminals; the title keeps it from that.
      return `\x1b]9;${title}: ${text}\x07`;
    case '777':
      return `\x1b]777;notify;${title.replaceAll(';', ',')};${text.replaceAll(';', ',')}\x07`;
    case '99':
      return `\x1b]99;i=signalbox:d=0;${title}\x1b\\\x1b]99;i=signalbox:d=1:p=body;${text}\x1b\\`;
  }
}

/** Nothing but printable ASCII can be in a sequence: anything else could end it, or begin another. */
function toPlain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, charactersMax);
}
