/**
 * Whether nobody listens on this address. Asked without SO_REUSEPORT, because with it a second gateway would start
 * unseen and take half of the calls.
 */
export function isFree(hostname: string, port: number): boolean {
  if (port === 0) return true;
  try {
    Bun.listen({ hostname, port, exclusive: true, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    return false;
  }
}
