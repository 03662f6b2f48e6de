/** The facts of servers as MCP resources: `server://ID` for each one in scope. What they are, and whether they may be looked up, is decided behind the port. */
import { ProtocolError, ProtocolErrorCode, type Resource, type Server } from '@modelcontextprotocol/server';
import type { Caller } from '../../core/caller.ts';
import { OperationError } from '../../core/codes.ts';
import { toFactsText } from '../../core/facts/facts-text.ts';
import { type FactsReader, type FactsSource, type ServerFacts, toFactsUri } from '../../core/facts/server-facts.ts';
import type { Calls } from './calls.ts';

export interface ResourceOptions {
  readonly facts: FactsSource;
  readonly calls: Calls;
  nowMs(): number;
}

/** `?refresh` asks for them anew. */
const uriPattern = /^server:\/\/([A-Za-z0-9_.-]{1,128})(\?refresh)?$/;

/** The server must have been created with `resources: {listChanged: true}`. */
export function serveResources(server: Server, options: ResourceOptions, caller: Caller): void {
  const scope = caller.servers === 'all' ? [] : caller.servers;
  server.setRequestHandler('resources/list', async () => ({
    resources: await Promise.all(scope.map((id) => toResource(id, options, caller))),
  }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [
      {
        uriTemplate: 'server://{id}?refresh',
        name: 'server-refreshed',
        title: 'Server, looked at anew',
        description: 'As server://{id}, gathered now instead of within the last hour.',
        mimeType: 'text/plain',
      },
    ],
  }));
  server.setRequestHandler('resources/read', async (request, context) => {
    const { uri } = request.params;
    const [, id = '', refresh] = uriPattern.exec(uri) ?? [];
    // One that is out of scope is as unknown as one that there is not.
    if (!scope.includes(id)) throw new ProtocolError(ProtocolErrorCode.ResourceNotFound, toUnknown(uri, scope));
    const facts = await options.calls.run(caller.session, [context.mcpReq.signal], (signal) =>
      readFacts(options.facts, {
        ...toReader(id, caller),
        refresh: refresh === undefined ? 'when old' : 'now',
        signal,
      }),
    );
    return {
      contents: [
        { uri, mimeType: 'text/plain', text: toFactsText(facts, options.nowMs()) },
        { uri, mimeType: 'application/json', text: JSON.stringify(facts) },
      ],
    };
  });
  const changed = options.facts.onChanged((id) => {
    // A client that does not listen, or not yet, or not any more, reads them when it wants to.
    if (scope.includes(id)) server.sendResourceListChanged().catch(() => undefined);
  });
  const { onclose } = server;
  server.onclose = () => {
    changed.dispose();
    onclose?.();
  };
}

function toReader(server: string, { workspace, session, agent, origin }: Caller): FactsReader {
  return { server, workspace, session, agent, origin };
}

async function toResource(id: string, { facts, nowMs }: ResourceOptions, caller: Caller): Promise<Resource> {
  // A server that is not registered any more is still in scope; reading it says what is wrong. What cannot be recorded is not said.
  const known = await facts.known(toReader(id, caller)).catch(() => null);
  const age = known
    ? ` ${toSummary(known)}, seen ${Math.round((nowMs() - Date.parse(known.gatheredAt)) / 60_000)} min ago.`
    : '';
  return {
    uri: toFactsUri(id),
    name: id,
    title: `Server ${id}`,
    description: `System, package manager, services, disks and memory of ${id}.${age}`,
    mimeType: 'text/plain',
  };
}

function toSummary({ os, kernel, architecture }: ServerFacts): string {
  return [os, kernel, architecture].filter((fact) => fact !== null).join(', ') || 'Nothing is known';
}

async function readFacts(facts: FactsSource, request: Parameters<FactsSource['read']>[0]): Promise<ServerFacts> {
  try {
    return await facts.read(request);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw new ProtocolError(ProtocolErrorCode.InternalError, `${error.code}: ${error.message}`);
  }
}

function toUnknown(uri: string, scope: readonly string[]): string {
  return `There is no resource ${uri}; there are ${scope.map(toFactsUri).join(', ')}.`;
}
