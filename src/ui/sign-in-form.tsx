import { type FormEvent, useEffect, useState } from "react";
import { ApiError, api } from "./api.ts";
import { Button } from "./parts/button.tsx";
import { Field, SecretInput } from "./parts/field.tsx";
import type { SessionReply } from "./replies.ts";
import { sessionIs } from "./session.ts";

/** One field for the key; tells what went wrong, and how long to wait. */
export function SignInForm() {
  const [key, setKey] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [wait, setWait] = useCountdown();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || wait > 0) return;
    if (key.trim() === "") return setError("Paste the key first.");
    setBusy(true);
    setError(null);
    try {
      sessionIs(await signIn(key.trim()));
    } catch (thrown) {
      setError(thrown);
      setWait(thrown instanceof ApiError ? (thrown.retryAfter ?? 0) : 0);
      setBusy(false);
    }
  };
  return (
    <form className="sign-in-form" onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label="Key"
        hint="The master key, or a key that was made for an admin."
        error={error === null ? null : <span role="alert">{messageOf(error, wait)}</span>}
      >
        <SecretInput
          name="key"
          autoComplete="current-password"
          autoFocus
          value={key}
          onChange={setKey}
        />
      </Field>
      <Button kind="primary" type="submit" busy={isBusy} disabled={wait > 0}>
        {wait > 0 ? `Wait ${wait} s` : "Sign in"}
      </Button>
    </form>
  );
}

async function signIn(key: string): Promise<SessionReply> {
  await api.raw("/ui/session", { method: "POST", body: { key }, asksNobody: true });
  return api.get<SessionReply>("/ui/session");
}

/** Seconds that are left; they count themselves down. */
function useCountdown(): readonly [seconds: number, start: (seconds: number) => void] {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (seconds <= 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return [seconds, setSeconds];
}

function messageOf(error: unknown, wait: number): string {
  if (typeof error === "string") return error;
  if (!(error instanceof ApiError)) return "Signing in did not work.";
  if (error.status === 401) return "The gateway does not know this key. Check that it is whole.";
  if (error.status === 403 && error.code === "admin_only") {
    return "This key may call routes, but it is not an admin's.";
  }
  if (error.status === 429) {
    return wait > 0
      ? "Too many wrong keys from this address."
      : "Too many wrong keys from this address. You can try again now.";
  }
  return error.message;
}
