import { type ReactNode, useEffect } from "react";
import { BrandMark } from "../parts/brand-mark.tsx";
import { Button } from "../parts/button.tsx";
import { CodeBlock } from "../parts/code-block.tsx";
import type { SessionReply } from "../replies.ts";
import { SignInForm } from "../sign-in-form.tsx";
import { ThemeSelect } from "../theme-select.tsx";

/** The first page: asks for the key, or says how to set one. */
export function SignInPage({ session }: { readonly session: SessionReply }) {
  useEffect(() => {
    document.title = "Sign in · Tollgate";
  }, []);
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <p className="brand">
          <BrandMark />
          Tollgate
        </p>
        {session.has_master_key ? (
          <WithKey />
        ) : (
          <WithoutKey isHere={session.first_run?.loopback === true} />
        )}
      </div>
      <footer className="sign-in-foot">
        <ThemeSelect />
        <span className="muted">Version {session.version}</span>
      </footer>
    </main>
  );
}

function WithKey() {
  return (
    <>
      <h1>Sign in</h1>
      <SignInForm />
    </>
  );
}

const shellCommand = `export LITELLM_MASTER_KEY="sk-$(openssl rand -hex 24)"
echo "$LITELLM_MASTER_KEY"`;

const configLines = `general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY`;

function WithoutKey({ isHere }: { readonly isHere: boolean }) {
  return (
    <>
      <h1>Set a master key first</h1>
      <p>
        This gateway has no master key yet. Until it has one, nobody can sign in and nothing can be
        changed here.
      </p>
      {isHere ? <FirstSteps /> : <p>It tells how to set one to a browser on its own machine.</p>}
    </>
  );
}

function FirstSteps() {
  return (
    <ol className="steps">
      <Step title="Make a key and start with it">
        <CodeBlock label="Commands for a shell" text={shellCommand} wrap />
        <p>Then start tollgate again the way you did before, in the same shell.</p>
        <p className="muted">The second line shows the key: keep it, you sign in with it.</p>
        <details>
          <summary>Or name it in config.yaml</summary>
          <CodeBlock label="Lines for config.yaml" text={configLines} wrap />
          <p className="muted">
            Then set the variable where the gateway is started, and restart it.
          </p>
        </details>
      </Step>
      <Step title="Reload this page">
        <Button kind="primary" onClick={() => location.reload()}>
          Reload
        </Button>
      </Step>
    </ol>
  );
}

function Step({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <li>
      <h2>{title}</h2>
      {children}
    </li>
  );
}
