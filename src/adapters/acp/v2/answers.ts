/** Answers and requests of version 2 of the protocol in the shape of version 1, so that one mapping serves both. Nothing here throws. */
import type { RequestPermissionRequest } from '@agentclientprotocol/sdk';
import { type Fields, fieldsOf, textOf } from '../fields.ts';

/** The answer to `initialize`. Continuing, listing and closing sessions is not optional in version 2. */
export function toV1Initialized(answer: Fields): Fields {
  const capabilities = fieldsOf(answer.capabilities);
  const session = fieldsOf(capabilities.session);
  const prompt = fieldsOf(session.prompt);
  const methods: readonly unknown[] = Array.isArray(answer.authMethods) ? answer.authMethods : [];
  const isSession = isOffered(capabilities.session);
  return {
    agentInfo: answer.info,
    authMethods: methods.map(toV1Method),
    agentCapabilities: {
      promptCapabilities: { image: isOffered(prompt.image), embeddedContext: isOffered(prompt.embeddedContext) },
      sessionCapabilities: {
        ...(isSession ? { resume: {}, list: {}, close: {} } : {}),
        ...(isOffered(session.delete) ? { delete: {} } : {}),
      },
      // "Those methods are advertised by a non-empty authMethods list."
      auth: methods.length > 0 ? { logout: {} } : {},
    },
  };
}

/** How the agent takes servers of tools. */
export function toV2Transports(answer: Fields): {
  readonly stdio: boolean;
  readonly http: boolean;
  readonly acp: boolean;
} {
  const mcp = fieldsOf(fieldsOf(fieldsOf(answer.capabilities).session).mcp);
  return { stdio: isOffered(mcp.stdio), http: isOffered(mcp.http), acp: isOffered(mcp.acp) };
}

/** `configOptions`; what is no list stays what it is. */
export function toV1Options(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((one) => {
    const { configId, ...option } = fieldsOf(one);
    return { ...option, id: configId };
  });
}

/**
 * A permission request, whose subject is a tool call, a command of the agent's own, or nothing that could be named. Its title is a sentence
 * for a person, so it replaces the one of the tool call, and proves no more than that did.
 */
export function toV1Permission(params: Fields, unnamed: string): RequestPermissionRequest {
  const { sessionId, title, description, options } = params;
  const subject = fieldsOf(params.subject);
  const { command, cwd } = subject;
  const call = subject.type === 'tool_call' ? fieldsOf(subject.toolCall) : {};
  const input =
    subject.type === 'command' ? { command, cwd } : (call.rawInput ?? (description ? { description } : undefined));
  const toolCall = {
    ...call,
    toolCallId: textOf(call.toolCallId) ?? textOf(subject.toolCallId) ?? unnamed,
    title: textOf(title) ?? textOf(call.title),
    ...(input === undefined ? {} : { rawInput: input }),
  };
  return { sessionId, toolCall, options } as RequestPermissionRequest;
}

function toV1Method(value: unknown): Fields {
  const { methodId, env, ...method } = fieldsOf(value);
  const variables: readonly unknown[] = Array.isArray(env) ? env : [];
  const entries = variables.map(fieldsOf).map((one): [string, unknown] => [textOf(one.name) ?? '', one.value]);
  return { ...method, id: methodId, env: Object.fromEntries(entries.filter(([name]) => name !== '')) };
}

/** A capability is an object, empty for "yes"; null or absent for "no". */
function isOffered(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
