/** Version of the words between host and clients. Both sides must have the same; the one that is older is told to restart. */
export const protocolVersion = 4;
