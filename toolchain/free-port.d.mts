/**
 * A port on loopback that nothing listens on at this moment. Another process may take it before the
 * caller does, so a caller must be ready to fail with "address in use" and try again.
 */
export function freePort(): Promise<number>

/** Whether this process could listen on the port now, on loopback. */
export function isPortFree(port: number): Promise<boolean>
