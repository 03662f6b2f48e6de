/** A permit: the proof that the gate decided. A connection acts only on one, and only the orchestrator makes them (the tidy test says so). */
import { assert } from '../base/assert.ts';
import type { Action } from './action.ts';
import type { Target } from './server.ts';

const issued = new WeakSet<Permit>();

/** Allows exactly one action on exactly one server, once. */
export class Permit {
  readonly id: string;
  readonly target: Target;
  readonly action: Action;
  /** SHA256:… fingerprint the approval was given for; another key on the line makes the permit void. Null before the first connection. */
  readonly hostKey: string | null;
  #used = false;

  constructor(id: string, target: Target, action: Action, hostKey: string | null) {
    this.id = id;
    this.target = target;
    this.action = Object.freeze(action);
    this.hostKey = hostKey;
    issued.add(this);
  }

  /** Takes the action out, once. Runtime calls it right before it acts. */
  redeem(): Action {
    assert(issued.has(this), 'A permit was forged.');
    assert(!this.#used, 'A permit was used twice.');
    this.#used = true;
    return this.action;
  }
}
