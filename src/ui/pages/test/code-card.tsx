import { useMemo } from "react";
import { Card } from "../../parts/card.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { Tabs } from "../../parts/tabs.tsx";
import type { TestForm } from "./form.ts";
import { type SnippetCall, snippetCallOf } from "./snippet-call.ts";
import { snippetLanguages } from "./snippets.ts";

/** The same call in other people's hands. */
export function CodeCard({ form }: { readonly form: TestForm }) {
  const call = useMemo(() => snippetCallOf(form, location.origin), [form]);
  const variables = variablesOf(call);
  const tabs = snippetLanguages.map(({ id, label, write }) => ({
    id,
    label,
    content: () => <CodeBlock text={write(call)} label={`The call in ${label}`} />,
  }));
  return (
    <Card title="The same call as code">
      <Tabs label="Languages" tabs={tabs} param="code" />
      {variables.length > 0 && (
        <p className="muted break">
          Put secrets into the environment first:{" "}
          {variables.map((name, index) => (
            <span key={name}>
              {index > 0 && ", "}
              <code>{name}</code>
            </span>
          ))}
          .
        </p>
      )}
    </Card>
  );
}

function variablesOf({ headers }: SnippetCall): string[] {
  const names = headers.flatMap(([, value]) => (value.kind === "variable" ? [value.name] : []));
  return [...new Set(names)];
}
