import { connect } from "node:net";

const underWay = new Map<string, Promise<boolean>>();

/**
 * Whether `origin` takes a TCP connection within `ms`. No event of `fetch` tells that it has connected, so a call
 * that hears nothing asks this. One attempt per origin at a time, shared by all who wait for it.
 */
export function canConnect(origin: string, ms: number): Promise<boolean> {
  const known = underWay.get(origin);
  if (known !== undefined) return known;
  const attempt = tryConnect(origin, ms).finally(() => underWay.delete(origin));
  underWay.set(origin, attempt);
  return attempt;
}

function tryConnect(origin: string, ms: number): Promise<boolean> {
  const { hostname, port, protocol } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port === "" ? (protocol === "https:" ? 443 : 80) : port),
    });
    const end = (connected: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(connected);
    };
    const timer = setTimeout(() => end(false), ms);
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
