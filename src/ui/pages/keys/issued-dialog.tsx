import { useEffect, useRef, useState } from "react";
import { rootPath } from "../../api.ts";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Field, Select } from "../../parts/field.tsx";
import type { EndpointReply, KeyReply } from "../../replies.ts";
import { curlToCall, keyPlaceholder } from "../../curl.ts";
import { callable } from "./callable.ts";
import { useRoutes } from "../../payers/use-routes.ts";

/** The reply that holds a key: the only time that it can be seen. */
export interface IssuedKey extends KeyReply {
  readonly key: string;
}

export interface IssuedDialogProps {
  readonly issued: IssuedKey;
  /** The key was there before, under another secret. */
  readonly isAnew?: boolean;
  /** Has to let go of the key. */
  readonly onClose: () => void;
}

/** Shows a new key this once, and a call that can be made with it. */
export function IssuedDialog({ issued, isAnew = false, onClose }: IssuedDialogProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector("button")?.focus(), []);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={isAnew ? "The key was regenerated" : "The key is made"}
      footer={
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="note note-warn">
        <p className="note-title">Copy the key now: it is shown this once.</p>
        <p>
          The gateway keeps a digest of it and nothing more, so that nobody can look it up later.
          {isAnew && " The former key stopped working when this one was made."}
        </p>
      </div>
      <div ref={place}>
        <CodeBlock text={issued.key} label="The new key" wrap />
      </div>
      <FirstCall issued={issued} />
    </Dialog>
  );
}

function FirstCall({ issued }: { readonly issued: IssuedKey }) {
  const all = useRoutes();
  const routes = all.filter((route) => callable(route.path, issued));
  const [chosen, setChosen] = useState("");
  const route = routes.find(({ id }) => id === chosen) ?? routes[0];
  if (route === undefined) {
    const words =
      all.length === 0
        ? "There is no route yet to call with it: add one under Routes."
        : "Callers send it as “Authorization: Bearer” and the key, to the paths that it may call.";
    return <p className="muted">{words}</p>;
  }
  return (
    <>
      {routes.length > 1 && (
        <Field label="Try it with">
          <Select
            value={route.id}
            onChange={setChosen}
            options={routes.map(({ id, path }) => ({ value: id, label: path }))}
          />
        </Field>
      )}
      <CodeBlock
        text={curlWith(route, issued.key)}
        label="curl command that calls a route with the new key"
        wrap
      />
    </>
  );
}

function curlWith(route: EndpointReply, key: string): string {
  const called = { ...route, auth: true }; // where none is needed, the key is still whose call it is
  return curlToCall(called, location.origin + rootPath).replaceAll(keyPlaceholder, key);
}
