/** The engine as a library: a program or a test embeds the gate with no host and no screen. */
export { assembleEngine, type Engine, type EngineOptions } from './assemble.ts';
export type { Approval, ApprovalAnswer, ApprovalEnd, Approvals } from './core/approval/approval.ts';
export type { AuditRecord, AuditRow } from './core/audit/record.ts';
export type { Caller } from './core/caller.ts';
export { type Code, codes, OperationError } from './core/codes.ts';
export type { Envelope } from './core/envelope.ts';
export type { Activity, Gate, GateProgress, GateRequest } from './core/gate.ts';
export { type OperationData, type OperationInput, type OperationName, operations } from './core/operations/table.ts';
export type { Paths } from './core/paths.ts';
export { createPolicy } from './core/policy/create-policy.ts';
export type { Decision } from './core/policy/decision.ts';
export type { Target } from './core/server.ts';
export { toPaths } from './runtime/paths.ts';
