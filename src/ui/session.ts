import { useSyncExternalStore } from "react";
import type { SessionReply } from "./replies.ts";

/** What the page knows of who uses it. */
export interface SessionState {
  /** Null until the gateway was asked. */
  readonly session: SessionReply | null;
  /** Calls wait for the user to sign in once more. */
  readonly hasExpired: boolean;
}

let state: SessionState = { session: null, hasExpired: false };
let waiting: ((isSignedIn: boolean) => void)[] = [];
const listeners = new Set<() => void>();

function change(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The state, live. */
export function useSessionState(): SessionState {
  return useSyncExternalStore(subscribe, () => state);
}

/** Who is signed in; null while nobody is. */
export function useSession(): SessionReply | null {
  const { session } = useSessionState();
  return session?.signed_in === true ? session : null;
}

/** Takes what the gateway says of the session; calls that waited for a sign-in go on. */
export function sessionIs(session: SessionReply): void {
  change({ session, hasExpired: state.hasExpired && !session.signed_in });
  if (session.signed_in) resume(true);
}

/** For a call that was refused with 401: true once the user has signed in again, false if they will not. */
export function signedInAgain(): Promise<boolean> {
  if (state.session?.signed_in !== true) return Promise.resolve(false);
  if (!state.hasExpired) change({ ...state, hasExpired: true });
  return new Promise((resolve) => void waiting.push(resolve));
}

/** The user leaves, or does not sign in again. */
export function signedOut(): void {
  const { session } = state;
  const next = session === null ? null : { ...session, signed_in: false, actor: null };
  change({ session: next, hasExpired: false });
  resume(false);
}

function resume(isSignedIn: boolean): void {
  const calls = waiting;
  waiting = [];
  for (const call of calls) call(isSignedIn);
}
