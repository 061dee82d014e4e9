import { Dialog } from "./parts/dialog.tsx";
import { signedOut, useSessionState } from "./session.ts";
import { SignInForm } from "./sign-in-form.tsx";

/** Over the page when the session has ended: what was typed stays, and what was asked for goes on. */
export function SignInAgain() {
  const { hasExpired } = useSessionState();
  return (
    <Dialog open={hasExpired} onClose={signedOut} title="Your session has ended">
      <p>Sign in to go on. What you typed is still there; closing this leaves the page.</p>
      <SignInForm />
    </Dialog>
  );
}
