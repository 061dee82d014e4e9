/** Says on stderr which port was taken, the way Tollgate does. */
export function announce(port: number | undefined): void {
  process.stderr.write(`${JSON.stringify({ event: "listening", port })}\n`);
}
