/**
 * The client side of version 2 of the protocol: permissions and forms. Files and terminals of the client are no part of it, so that an agent
 * reaches a server through the tools of our MCP server alone. Other methods are answered with -32601 by the SDK.
 */
import type { ClientApp, CreateElicitationResponse } from '@agentclientprotocol/sdk/experimental/v2';
import type { McpMessageParams } from '@agentclientprotocol/sdk/unstable';
import { fieldsOf } from '../fields.ts';
import type { Questions } from '../questions.ts';
import { refusal } from '../refusal.ts';
import { mcpMessageMethod } from '../tool-messages.ts';
import { toV1Permission } from './answers.ts';
import type { SdkV2 } from './connect-v2.ts';

export function toClientAppV2({ client, methods }: SdkV2, { desk, forms, messages, sessionId }: Questions): ClientApp {
  const { elicitation, session } = methods.client;
  const check = (id: unknown): void => {
    const known = sessionId();
    if (known !== null && known !== id) throw refusal('INVALID_ARGUMENT', `There is no session "${id}".`);
  };
  let unnamed = 0;
  const app = client({ name: 'signalbox' });
  if (desk)
    app.onRequest(session.requestPermission, async ({ params, signal }) => {
      check(params.sessionId);
      unnamed += 1;
      const request = toV1Permission(fieldsOf(params), `a question without a tool call, number ${unnamed}`);
      return await desk.handleRequest(request, signal);
    });
  if (forms)
    app
      .onRequest(elicitation.create, async ({ params, signal }) => {
        // A question that belongs to a request has no session to compare.
        if ('sessionId' in params) check(params.sessionId);
        return (await forms.handleRequest(params, signal)) as CreateElicitationResponse;
      })
      .onNotification(elicitation.complete, ({ params }) => forms.handleCompleted(params));
  if (messages)
    app.onRequest(
      mcpMessageMethod,
      (params: unknown) => params as McpMessageParams,
      (context) => messages.handleRequest(context),
    );
  return app;
}
