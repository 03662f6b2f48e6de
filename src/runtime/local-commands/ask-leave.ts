/** Asks a person, once, whether a command of this machine may run; remembers a yes. Who is asked sits at a screen or a terminal, never an agent. */
import type { Clock } from '../../base/clock.ts';
import { OperationError } from '../../core/codes.ts';
import type { LocalCommand, LocalCommands } from '../../core/login/local-command.ts';
import type { LoginQuestions } from '../../core/login/login-desk.ts';
import type { AllowedCommands } from './allowed-commands.ts';

export interface LeaveOptions {
  readonly allowed: AllowedCommands;
  /** Null: nobody can be asked here, so what was not allowed before is refused. */
  readonly questions: LoginQuestions | null;
  readonly clock: Clock;
}

export function createLocalCommands({ allowed, questions, clock }: LeaveOptions): LocalCommands {
  return {
    isAllowed: (command) => allowed.isAllowed(command),
    async demand(command, asker) {
      if (await allowed.isAllowed(command)) return;
      if (questions === null) throw toLeaveRefusal(command, asker);
      try {
        await questions.ask({
          key: `local-command:${JSON.stringify([command.server, command.text])}`,
          server: asker,
          what: toNeed(command),
          note: null,
          command: command.text,
          prompts: [{ label: 'Type "yes" to let it run, now and from now on', echo: 'shown' }],
          check: ([answer = '']) =>
            answer.trim().toLowerCase() === 'yes' ? null : 'Only "yes" lets it run; leave the question to refuse.',
        });
      } catch (error) {
        throw error instanceof OperationError ? toLeaveRefusal(command, asker, error) : error;
      }
      await allowed.allow([command], clock.nowMs());
    },
  };
}

function toNeed({ server }: LocalCommand): string {
  return server === null
    ? 'your leave to run a command on this machine, which decides what your ssh configuration says (Match exec)'
    : 'your leave to run a command on this machine, which makes the connection (ProxyCommand)';
}

/** Names the command that allows it, and not the text. */
export function toLeaveRefusal({ server }: LocalCommand, asker: string, cause?: OperationError): OperationError {
  const why = server === null ? 'To find out where it leads' : 'To reach it';
  const name = asker.startsWith('ssh:') ? 'NAME' : asker;
  return new OperationError(
    'CONFIG_INVALID',
    `${why}, "${asker}" needs a command to run on this machine that you have not allowed; look at it with \`signalbox server trust-command ${name}\`.`,
    cause === undefined ? {} : { cause },
  );
}
