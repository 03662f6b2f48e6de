/** Asks a person, once, whether a command of this machine may run; remembers a yes. Who is asked sits at a screen or a terminal, never an agent. */
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/event.ts';
import { OperationError } from '../../core/codes.ts';
import { isLibrary, type LocalCommand, type LocalCommands } from '../../core/login/local-command.ts';
import type { LoginQuestion, LoginQuestions } from '../../core/login/login-desk.ts';
import type { AllowedCommands } from './allowed-commands.ts';

export interface LeaveOptions {
  readonly allowed: AllowedCommands;
  /** Null: nobody can be asked here, so what was not allowed before is refused. */
  readonly questions: LoginQuestions | null;
  readonly clock: Clock;
}

export function createLocalCommands({ allowed, questions, clock }: LeaveOptions): LocalCommands {
  const onAllowed = new Emitter<void>();
  return {
    onAllowed: onAllowed.event,
    isAllowed: (command) => allowed.isAllowed(command),
    async demand(command, asker, signal) {
      if (await allowed.isAllowed(command)) return;
      if (questions === null) throw toLeaveRefusal(command, asker);
      try {
        await questions.ask(toQuestion(command, asker), signal);
      } catch (error) {
        if (!(error instanceof OperationError) || error.code === 'CANCELLED') throw error;
        throw toLeaveRefusal(command, asker, error);
      }
      await allowed.allow([command], clock.nowMs());
      onAllowed.fire();
    },
  };
}

function toQuestion(command: LocalCommand, asker: string): LoginQuestion {
  return {
    key: `local-command:${JSON.stringify([command.server, command.text])}`,
    server: asker,
    what: toNeed(command),
    note: null,
    command: command.text,
    prompts: [{ label: 'Type "yes" to let it run, now and from now on', echo: 'shown' }],
    check: ([answer = '']) =>
      answer.trim().toLowerCase() === 'yes' ? null : 'Only "yes" lets it run; to refuse, leave the question.',
  };
}

function toNeed(command: LocalCommand): string {
  if (isLibrary(command)) return 'your leave to load a library on this machine, which uses the keys of your token';
  return command.server === null
    ? 'your leave to run a command on this machine, which decides what your ssh configuration says (Match exec)'
    : 'your leave to run a command on this machine, which makes the connection (ProxyCommand)';
}

/** Names the command that allows it, and not the text. */
export function toLeaveRefusal(command: LocalCommand, asker: string, cause?: OperationError): OperationError {
  const { server } = command;
  const isHop = asker.startsWith('ssh:');
  const why = server === null ? 'To find out where it leads' : 'To be reached';
  const who = isHop ? `the jump host "${asker.slice('ssh:'.length)}"` : `"${asker}"`;
  return new OperationError(
    'CONFIG_INVALID',
    `${why}, ${who} needs ${isLibrary(command) ? 'a library to be loaded' : 'a command to run'} on this machine that you have not allowed; look at it with \`signalbox server trust-command ${isHop ? serverBehind : asker}\`.`,
    cause === undefined ? {} : { cause },
  );
}

/** A jump host is asked about by the server behind it. */
const serverBehind = 'SERVER';

/** The refusal of a jump host, as it reads for the server behind it. */
export function toLeaveRefusalBehind(sentence: string, server: string): string {
  // A jump host of the configuration is no server either: whoever asked for the one behind it says its own name.
  if (server.startsWith('ssh:')) return sentence;
  return sentence.replace(`trust-command ${serverBehind}\``, () => `trust-command ${server}\``);
}
