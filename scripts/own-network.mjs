/**
 * The command line around `npm run agents -- --own-network`: a network namespace of its own, in which the scripted model has an address
 * that is neither loopback nor of the outside. So agents with a network of their own reach it as they would reach a real model, and
 * nobody else does. It needs root on Linux with unshare and ip; nothing of the machine's own network is changed.
 */

/** Of the ranges for documentation (RFC 5737): they are nobody's. */
export const modelAddress = '198.51.100.7';

/** The tap device leads nowhere. pasta copies its address, and needs a way to other machines to do so. */
const script = `set -e
ip link set lo up
ip tuntap add dev outside mode tap
ip address add 192.0.2.2/24 dev outside
ip link set outside up
ip route add default via 192.0.2.1 dev outside
ip address add ${modelAddress}/32 dev lo
exec "$@"`;

/** Null where that is not to be had. */
export function inOwnNetwork(command) {
  if (process.platform !== 'linux' || process.getuid() !== 0) return null;
  return ['unshare', '--net', '--', 'sh', '-c', script, 'sh', ...command];
}
