/** The content of the host's lock file: which process holds it. Written by the host; a client reads the pid from it. */
export { type ProcessIdentity as HostLock, parseProcessIdentity as parseHostLock } from '../base/process-identity.ts';
